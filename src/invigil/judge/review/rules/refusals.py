"""What review turns down."""

from invigil.kernel.refusals import Refusal


class NotReviewable(Refusal):
    """The attempt goes on; review begins when it has ended."""

    code, status = "review.attempt.not_over", 409
    zh = "该考生的考试尚未结束，暂不能认定；可以先查看录像。"
    en = "The attempt has not ended; it can be watched but not judged yet."


class TakeNotFound(Refusal):
    """There is no such take of this attempt."""

    code, status = "review.take.not_found", 404
    zh = "没有找到该考生的这段录像，页面可能已过期，请刷新。"
    en = "There is no such recording of this attempt; reload the page."


class MarkUnknown(Refusal):
    """There is no such mark on this attempt."""

    code, status = "review.mark.unknown", 404
    zh = "没有找到这条标记，页面可能已过期，请刷新。"
    en = "There is no such mark on this attempt; reload the page."


class BreachMissing(Refusal):
    """A confirmed mark needs the kind of breach."""

    code, status = "review.verdict.breach_missing", 422
    zh = "认定为违纪时，请选择违纪类型。"
    en = "Choose the kind of breach when you confirm."


class MarksUnjudged(Refusal):
    """Serious marks have no verdict yet."""

    code, status = "review.round.marks_unjudged", 409
    zh = "还有 {count} 条需要认定的标记没有结论，请逐条认定后再完成复查。"
    en = "{count} marks still need a verdict before this review can be finished."


class AnotherReviewerNeeded(Refusal):
    """Every round is another person's."""

    code, status = "review.round.another_person", 409
    zh = "本考生的前一轮复查由您完成，下一轮须由另一人进行。"
    en = "You finished an earlier round of this attempt; another person must do the next."


class CaseSettled(Refusal):
    """The review is finished."""

    code, status = "review.case.settled", 409
    zh = "该考生的复查已经完成，不能再修改；如确需重新复查，请由考务管理员重新打开。"
    en = "This review is finished; an administrator can open it again."


class CaseNotSettled(Refusal):
    """Only a finished review can be opened again."""

    code, status = "review.case.not_settled", 409
    zh = "该考生的复查尚未完成，无需重新打开。"
    en = "This review is not finished; there is nothing to open again."


class FindingMalformed(Refusal):
    """A finding lies within the attempt and ends after it begins."""

    code, status = "review.finding.malformed", 422
    zh = "标记的起止时间不正确，应在考试时间内且结束晚于开始。"
    en = "A finding begins before it ends, within the attempt."
