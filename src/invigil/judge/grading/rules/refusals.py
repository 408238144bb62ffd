"""What grading turns down."""

from invigil.kernel.refusals import Refusal


class RunNotFound(Refusal):
    """There is no such grading run."""

    code = "grading.run.not_found"
    status = 404
    zh = "没有这一轮评分。"
    en = "There is no such grading run."


class RunInProgress(Refusal):
    """Another run of the sitting is being graded."""

    code = "grading.run.in_progress"
    status = 409
    zh = "本场第 {number} 轮评分正在进行，请等待完成，或先放弃该轮。"
    en = "Run {number} of this sitting is being graded; wait for it or abandon it."


class SittingNotClosed(Refusal):
    """Marking begins when nobody can answer any more."""

    code = "grading.sitting.not_closed"
    status = 409
    zh = "场次尚未结束，不能评分。"
    en = "The sitting has not closed; it cannot be graded yet."


class SheetsStillOpen(Refusal):
    """Some attempts have no receipt yet."""

    code = "grading.sheets.still_open"
    status = 409
    zh = "还有 {count} 名考生的答卷未收齐，请稍后再评分。"
    en = "{count} attempts are not handed in yet; grade again in a moment."


class NothingToGrade(Refusal):
    """Nobody sat."""

    code = "grading.sitting.nobody_sat"
    status = 409
    zh = "本场没有人参加考核，没有可评分的答卷。"
    en = "Nobody sat this sitting; there is nothing to grade."


class SheetDiffersFromReceipt(Refusal):
    """A stored sheet is not the one its receipt speaks of."""

    code = "grading.sheet.differs_from_receipt"
    status = 409
    zh = "{count} 份答卷与回执的哈希不一致（例如 {attempt_id}），已停止评分，请立即核查。"
    en = "{count} sheets differ from their receipts (e.g. {attempt_id}); grading has stopped. Investigate at once."


class PapersMissing(Refusal):
    """A candidate who sat has no paper on record."""

    code = "grading.papers.missing"
    status = 409
    zh = "{count} 名考生找不到试卷记录，已停止评分。"
    en = "{count} candidates have no paper on record; grading has stopped."


class CorrectionUnknown(Refusal):
    """The corrected item is in no paper of the sitting."""

    code = "grading.correction.unknown_item"
    zh = "更正的题目 {version_id} 第 {part} 小题不在本场试卷中。"
    en = "The corrected item {version_id}, part {part}, is in no paper of this sitting."


class CorrectionUnsuitable(Refusal):
    """The corrected answer does not suit the item's type."""

    code = "grading.correction.unsuitable"
    zh = "题目 {version_id} 第 {part} 小题的更正答案与题型或选项不符。"
    en = "The corrected answer of {version_id}, part {part}, does not suit its type or options."


class ResultNotFound(Refusal):
    """The candidate has no result in this run."""

    code = "grading.result.not_found"
    status = 404
    zh = "该考生在本轮评分中没有成绩。"
    en = "The candidate has no result in this run."


class StatisticsMissing(Refusal):
    """The run is not graded yet."""

    code = "grading.statistics.missing"
    status = 409
    zh = "本轮评分尚未完成，没有统计数据。"
    en = "The run is not graded yet; there are no figures."
