"""What an export is, what stands in it, and the refusals of this feature."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from invigil.kernel.ids import CandidateId, ExamId, JobId, SittingId
from invigil.kernel.points import Points
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words


class ExportKind(StrEnum):
    """What is exported."""

    SCORES = "scores"
    ABSENCES = "absences"
    HAND_IN_TIMES = "hand_in_times"
    VIOLATIONS = "violations"
    NOTES = "notes"
    ANSWER_SHEETS = "answer_sheets"


KIND_NAMES = {
    ExportKind.SCORES: Words("成绩", "scores"),
    ExportKind.ABSENCES: Words("缺考名单", "absences"),
    ExportKind.HAND_IN_TIMES: Words("交卷时间", "hand-in times"),
    ExportKind.VIOLATIONS: Words("违纪名单", "breaches"),
    ExportKind.NOTES: Words("监考记录", "proctors' notes"),
    ExportKind.ANSWER_SHEETS: Words("答题卡", "answer sheets"),
}


class Grouping(StrEnum):
    """By what the rows are put together and summed up."""

    SITTING = "sitting"
    SUBJECT = "subject"
    EMPLOYER = "employer"
    ROOM = "room"


GROUPING_NAMES_ZH = {
    Grouping.SITTING: "场次",
    Grouping.SUBJECT: "科目",
    Grouping.EMPLOYER: "单位",
    Grouping.ROOM: "考场",
}


class FileFormat(StrEnum):
    """In what form it leaves."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


MEDIA_TYPES = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.PDF: "application/pdf",
}


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What somebody wants.

    sitting_ids: which sittings; empty: every real sitting of the examination. subject_code, employer, room_name: only these
    when not empty. purpose: why, in the person's own words, no personal data. shows_identity: identity numbers in full;
    otherwise masked.
    """

    exam_id: ExamId
    kind: ExportKind
    grouping: Grouping
    format: FileFormat
    purpose: str
    sitting_ids: tuple[SittingId, ...] = ()
    subject_code: str = ""
    employer: str = ""
    room_name: str = ""
    shows_identity: bool = False


class ExportState(StrEnum):
    """ordered → ready → destroyed (by its date or by hand); ordered → failed when its job was refused or broke down."""

    ORDERED = "ordered"
    READY = "ready"
    FAILED = "failed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Export:
    """One entry of the register of exports; it stays when the file is gone (C5.5, N).

    ordered_by: the actor's kind and id, e.g. "staff/staff_01…". sha256: hexadecimal, of the file as given out; "" until made.
    is_released: False marks a file of scores that were not released when it was made. downloads: how often it was given out.
    """

    id: str
    order: ExportOrder
    job_id: JobId
    ordered_by: str
    ordered_by_name: str
    ordered_at: datetime
    made_at: datetime | None
    expires_at: datetime | None
    destroyed_at: datetime | None
    file_name: str
    sha256: str
    file_bytes: int
    row_count: int
    is_released: bool
    downloads: int

    @property
    def blob_key(self) -> str:
        """Where the sealed file lies."""
        return f"exports/{self.id}"


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """One candidate of one sitting, as every kind of export needs it; in clear, only in memory.

    outcome: as answering says: "handed_in", "auto_handed_in", "terminated", "open" or "absent". room_name: "" without a room.
    score, full_score, is_passed: None without a result. answers: what stands on the final sheet, in the paper's order.
    """

    candidate_id: CandidateId
    sitting_id: SittingId
    sitting_title: str
    starts_at: datetime
    subject_code: str
    subject_title: str
    room_name: str
    seat_number: int
    ticket_number: str
    name: str
    identity_number: str
    employer: str
    outcome: str
    entered_at: datetime | None = None
    ended_at: datetime | None = None
    receipt_number: str = ""
    sheet_sha256: str = ""
    score: Points | None = None
    full_score: Points | None = None
    is_passed: bool | None = None
    answers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ViolationEntry:
    """One breach, with its seat.

    at: when it happened; of a termination, when it took effect. kind: of breach, in Chinese. reason: in the words of whoever decided.
    evidence: what it rests on, with the numbers under which it is kept. sanction: what followed. decided_by: everybody who did.
    """

    seat: SeatEntry
    at: datetime
    kind: str
    reason: str
    evidence: str
    sanction: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A proctor's note, with its seat. item: number of the question that was open, "" when none was. last_step: of the operation log."""

    seat: SeatEntry
    at: datetime
    kind: str
    text: str
    item: str
    last_step: int
    pictures: int
    by_name: str
    note_id: str


Cell = str | int | Points | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and its width in characters."""

    title: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; every row has one cell per column."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Mark:
    """Who took this out, when and under which number: stands on every page and beside every row.

    is_released: False adds "未发布" wherever the mark stands.
    """

    export_id: str
    taken_by: str
    taken_at: datetime
    purpose: str
    is_released: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a writer needs: title, sums per group, details, mark."""

    title: str
    summary: Sheet
    details: Sheet
    mark: Mark
    notes: Sequence[str] = field(default_factory=tuple)


class ExportNotFound(Refusal):
    """There is no such export."""

    code = "exports.not_found"
    status: ClassVar[int] = 404
    zh = "没有这份导出文件，或者它不属于您。"
    en = "There is no such export, or it is not yours."


class ExportNotReady(Refusal):
    """The file is still being made, or its job did not end well."""

    code = "exports.not_ready"
    status: ClassVar[int] = 409
    zh = "导出文件尚未生成，请稍后再试。"
    en = "The file has not been made yet."


class ExportDestroyed(Refusal):
    """The file is gone; the register keeps its entry."""

    code = "exports.destroyed"
    status: ClassVar[int] = 410
    zh = "导出文件已销毁（到期或被人销毁），请重新导出。"
    en = "The file has been destroyed; order it again."


class ScoresNotReleased(Refusal):
    """Scores leave the system only after two persons have released them (C5.5)."""

    code = "exports.scores_not_released"
    status: ClassVar[int] = 403
    zh = "成绩尚未经两人发布，只有考务管理员可以导出（文件标注“未发布”）：{sittings}。"
    en = "These sittings' scores have not been released by two persons: {sittings}."


class AnswerSheetsRestricted(Refusal):
    """Answer sheets leave only by an administrator's hand."""

    code = "exports.answer_sheets_restricted"
    status: ClassVar[int] = 403
    zh = "答题卡只有考务管理员可以导出。"
    en = "Only administrators export answer sheets."


class NothingToExport(Refusal):
    """No sitting, or nobody in it, matches."""

    code = "exports.nothing"
    zh = "没有符合条件的考生，未生成文件。"
    en = "Nobody matches; no file was made."


class PdfTooLong(Refusal):
    """PDF is for signing and filing, not for tens of thousands of rows."""

    code = "exports.pdf_too_long"
    zh = "PDF 最多 {limit} 行，当前有 {rows} 行，请改用 Excel 或 CSV，或缩小范围。"
    en = "A PDF takes at most {limit} rows, there are {rows}; use Excel or CSV, or narrow the choice."
