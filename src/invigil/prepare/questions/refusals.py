"""What the question bank refuses."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from invigil.kernel.refusals import Refusal


class ImportState(StrEnum):
    """reading → ready or refused; ready → writing → written; ready or refused → discarded."""

    READING = "reading"
    READY = "ready"
    REFUSED = "refused"
    WRITING = "writing"
    WRITTEN = "written"
    DISCARDED = "discarded"


IMPORT_STATES_ZH: Mapping[ImportState, str] = {
    ImportState.READING: "正在读取",
    ImportState.READY: "待确认",
    ImportState.REFUSED: "无法读取",
    ImportState.WRITING: "正在写入",
    ImportState.WRITTEN: "已写入",
    ImportState.DISCARDED: "已放弃",
}


class QuestionNotFound(Refusal):
    """There is no such question or version."""

    code = "questions.not_found"
    status = 404
    zh = "没有这道题，或没有这个版本。"
    en = "There is no such question or version."


class QuestionNotAcceptable(Refusal):
    """The draft breaks rules; `problems` lists them."""

    code = "questions.not_acceptable"
    zh = "题目不能保存：{first}"
    en = "The question cannot be saved; see the problems."

    def __init__(self, *, problems: list[dict[str, object]], first: str = "") -> None:
        super().__init__(problems=problems, first=first or (str(problems[0]["sentence"]) if problems else ""))


class QuestionChanged(Refusal):
    """Somebody saved another version in between."""

    code = "questions.changed"
    status = 409
    zh = "这道题刚被修改过（现在是第 {number} 版），请重新打开后再改。"
    en = "The question has been changed meanwhile (now version {number}); open it again."


class QuestionNotInState(Refusal):
    """It is retired already, or active already."""

    code = "questions.not_in_state"
    status = 409
    zh = "这道题现在不能这样操作，请刷新后再试。"
    en = "The question is not in the state for this; reload."


class MediumNotFound(Refusal):
    """There is no such medium."""

    code = "questions.media.not_found"
    status = 404
    zh = "没有这个图片、音频或视频。"
    en = "There is no such medium."


class MediumMismatch(Refusal):
    """A block names a medium that does not exist, or is of another kind."""

    code = "questions.media.mismatch"
    zh = "题目引用的文件不存在，或类型与内容块不符：{ids}。"
    en = "The question refers to media that do not exist or are of another kind: {ids}."


class ImportNotFound(Refusal):
    """There is no such import."""

    code = "questions.import.not_found"
    status = 404
    zh = "没有这次导入。"
    en = "There is no such import."


class ImportFilesDeleted(Refusal):
    """The uploaded file and its text were deleted when their time had come."""

    code = "questions.import.files_deleted"
    status: ClassVar[int] = 410
    zh = "这次导入的上传文件和原文已按保存期限删除；已入库的试题不受影响。"
    en = "The uploaded file and its text were deleted at the end of their retention; what was written stays."


class ImportItemNotFound(Refusal):
    """The import has no such question."""

    code = "questions.import.item_not_found"
    status = 404
    zh = "这次导入里没有这道题。"
    en = "The import has no such question."


class ImportNotInState(Refusal):
    """The import is not in the state for this."""

    code = "questions.import.not_in_state"
    status = 409
    zh = "这次导入的状态是“{state_zh}”，不能这样操作。"
    en = "The import is {state}; this cannot be done."


class ImportHasProblems(Refusal):
    """Questions that are to be imported still break rules."""

    code = "questions.import.has_problems"
    zh = "还有 {count} 道要导入的题目有错误，请修改或跳过后再确认。"
    en = "{count} of the questions to be imported still have problems; adjust or skip them."


class NothingToImport(Refusal):
    """No question is left to import."""

    code = "questions.import.nothing"
    zh = "没有要导入的题目。"
    en = "There is nothing to import."


class UploadTooLarge(Refusal):
    """The file is larger than one upload may be."""

    code = "questions.upload_too_large"
    status: ClassVar[int] = 413
    zh = "文件超过 {limit_mb} MB，请分成几个文件上传。"
    en = "The file is beyond {limit_mb} MB; split it."


class NoDuplicateReport(Refusal):
    """Nobody has looked for duplicates yet."""

    code = "questions.duplicates.no_report"
    status = 404
    zh = "还没有查重报告，请先运行查重。"
    en = "There is no report of duplicates yet; run the search first."
