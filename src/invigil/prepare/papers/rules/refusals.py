"""What papers turn down."""

from invigil.kernel.refusals import Refusal


class BlueprintNotFound(Refusal):
    """There is no such blueprint."""

    code = "papers.blueprint.not_found"
    status = 404
    zh = "没有这个组卷方案，或者它已归档。"
    en = "There is no such blueprint, or it is archived."


class BlueprintChanged(Refusal):
    """Somebody else has edited it in between."""

    code = "papers.blueprint.changed"
    status = 409
    zh = "组卷方案已被他人修改，请刷新后再改。"
    en = "Somebody else has edited the blueprint; reload it and edit again."


class BlueprintInfeasible(Refusal):
    """The pool cannot fill it."""

    code = "papers.blueprint.infeasible"
    zh = "题库无法满足组卷方案：{reasons_zh}。"
    en = "The question bank cannot fill the blueprint: {reasons_en}."


class PoolTooLarge(Refusal):
    """More questions than a compact paper can name."""

    code = "papers.pool.too_large"
    zh = "本科目题库有 {count} 题，超过一套试卷最多可用的 {most} 题。"
    en = "The subject has {count} questions; a paper set takes at most {most}."


class PaperSetNotFound(Refusal):
    """There is no such paper set."""

    code = "papers.set.not_found"
    status = 404
    zh = "没有这个试卷集。"
    en = "There is no such paper set."


class PaperSetNotGenerated(Refusal):
    """There is nothing to show yet."""

    code = "papers.set.not_generated"
    status = 409
    zh = "试卷集尚未组卷。"
    en = "The paper set has not been generated yet."


class PaperSetNotLocked(Refusal):
    """Candidates get papers only from a locked set."""

    code = "papers.set.not_locked"
    status = 409
    zh = "试卷集尚未由两人锁定，不能为考生生成试卷。"
    en = "Two persons have not locked the paper set; no papers can be dealt."


class SampleNotFound(Refusal):
    """There is no such sample."""

    code = "papers.sample.not_found"
    status = 404
    zh = "没有这份样卷，样卷编号为 1 至 {samples}。"
    en = "There is no such sample; samples are numbered 1 to {samples}."


class PaperMissing(Refusal):
    """The candidate has no paper in this set."""

    code = "papers.paper.missing"
    status = 404
    zh = "尚未为该考生生成试卷。"
    en = "No paper has been made for this candidate."


class PaperNotOpenYet(Refusal):
    """The sitting has not started."""

    code = "papers.paper.not_open_yet"
    status = 403
    zh = "考核尚未开始，试卷不能打开。"
    en = "The sitting has not started; the paper cannot be opened."


class MediaNotOnPaper(Refusal):
    """No question of the paper shows it."""

    code = "papers.media.not_on_paper"
    status = 404
    zh = "您的试卷中没有这个图片、音频或视频。"
    en = "No question of your paper shows this medium."
