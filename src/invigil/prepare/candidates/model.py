"""What a candidate is, what an import finds, and the refusals of this feature."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words


class CandidateState(StrEnum):
    """registered → withdrawn (by staff, with a reason) → registered again."""

    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person registered for one subject of one examination, in clear; never logged, never stored so.

    photo_key: blob key of the identity photo, "" when there is none. phone, employer: "" when not given.
    """

    id: CandidateId
    exam_id: ExamId
    subject_code: str
    ticket_number: str
    name: str
    identity_number: str
    phone: str
    employer: str
    photo_key: str
    state: CandidateState
    created_at: datetime


class Field(StrEnum):
    """What a column of the board's workbook can be."""

    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    EMPLOYER = "employer"
    PHONE = "phone"
    SUBJECT = "subject"
    TICKET = "ticket_number"
    PASSWORD = "password"  # noqa: S105 - the name of a column


FIELD_NAMES = {
    Field.NAME: Words("姓名", "Name"),
    Field.IDENTITY_NUMBER: Words("身份证号", "Identity number"),
    Field.EMPLOYER: Words("单位", "Employer"),
    Field.PHONE: Words("手机", "Mobile"),
    Field.SUBJECT: Words("报考类别", "Subject"),
    Field.TICKET: Words("准考证号", "Ticket number"),
    Field.PASSWORD: Words("初始密码", "Initial password"),
}


class Severity(StrEnum):
    """An error keeps the row out; a warning lets it in."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong with one cell (or, with an empty cell address, with the whole row).

    row: number of the sheet's row as Excel counts, from 1. cell: address such as "C5". zh, en: never repeat the value.
    en: empty for what an earlier release found.
    """

    sheet: str
    row: int
    cell: str
    field: str
    severity: Severity
    code: str
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """One row that passed: every field in its normal form.

    ticket_number, password: "" when the file gives none.
    """

    sheet: str
    row: int
    name: str
    identity_number: str
    subject_code: str
    employer: str
    phone: str
    ticket_number: str
    password: str


class ImportState(StrEnum):
    """reading → ready (preview) → writing → written; reading → refused; ready → discarded."""

    READING = "reading"
    READY = "ready"
    WRITING = "writing"
    WRITTEN = "written"
    REFUSED = "refused"
    DISCARDED = "discarded"


class ImportKind(StrEnum):
    """What was uploaded."""

    WORKBOOK = "workbook"
    PHOTOS = "photos"


class CandidateNotFound(Refusal):
    """There is no such candidate."""

    code = "candidates.not_found"
    status: ClassVar[int] = 404
    zh = "没有这名考生。"
    en = "There is no such candidate."


class ImportNotFound(Refusal):
    """There is no such import."""

    code = "candidates.import_not_found"
    status: ClassVar[int] = 404
    zh = "没有这次导入。"
    en = "There is no such import."


class ImportNotInState(Refusal):
    """The import is past, or not yet at, the point where this can be done."""

    code = "candidates.import_not_in_state"
    status: ClassVar[int] = 409
    zh = "这次导入当前处于“{state_zh}”状态，不能执行此操作。"
    en = "The import is {state}; this cannot be done now."


class ImportFilesDeleted(Refusal):
    """The uploaded file and its preview were deleted when their time had come."""

    code = "candidates.import_files_deleted"
    status: ClassVar[int] = 410
    zh = "这次导入的上传文件和明细已按保存期限删除；已写入的考生不受影响。"
    en = "The uploaded file and its preview were deleted at the end of their retention; what was written stays."


IMPORT_STATES_ZH = {
    ImportState.READING: "正在读取",
    ImportState.READY: "等待确认",
    ImportState.WRITING: "正在写入",
    ImportState.WRITTEN: "已写入",
    ImportState.REFUSED: "文件被拒绝",
    ImportState.DISCARDED: "已放弃",
}


class NothingToImport(Refusal):
    """Not one row of the file can be written."""

    code = "candidates.nothing_to_import"
    zh = "文件中没有可以导入的考生，请按错误说明修改后重新上传。"
    en = "Not one row of the file can be imported."


class HeaderNotFound(Refusal):
    """No row of any sheet names the columns that are needed."""

    code = "candidates.header_not_found"
    zh = "没有找到表头：前 {rows} 行里至少要有一行同时写明“姓名”和“身份证号”。已查看的工作表：{sheets}。"
    en = "No header row with both 姓名 and 身份证号 was found in the first {rows} rows of: {sheets}."


class WorkbookTooLong(Refusal):
    """More rows than one import takes."""

    code = "candidates.workbook_too_long"
    status: ClassVar[int] = 413
    zh = "文件超过 {limit} 行，请拆分后分批导入。"
    en = "The file has more than {limit} rows; split it."


class FileKindUnknown(Refusal):
    """Neither an Excel workbook nor CSV."""

    code = "candidates.file_kind_unknown"
    zh = "无法识别的文件类型。请上传 Excel（.xlsx、.xls）或 CSV 文件。"
    en = "Unknown kind of file; upload .xlsx, .xls or .csv."


class UploadTooLarge(Refusal):
    """The uploaded file is larger than allowed."""

    code = "candidates.upload_too_large"
    status: ClassVar[int] = 413
    zh = "上传的文件超过 {limit_mb} MB，请拆分后分批上传。"
    en = "The file is larger than {limit_mb} MB; split it."


class FieldInvalid(Refusal):
    """An edited field is not acceptable; the reason is the same sentence an import gives."""

    code = "candidates.field_invalid"
    zh = "{reason}"
    en = "{reason_en}"


class RegistrationTaken(Refusal):
    """The same person is registered for this subject already."""

    code = "candidates.registration_taken"
    status: ClassVar[int] = 409
    zh = "该身份证号在本次考试的此科目中已有考生。"
    en = "This identity number is already registered for this subject of the examination."


class TicketTaken(Refusal):
    """Another candidate of the examination has this admission ticket number."""

    code = "candidates.ticket_taken"
    status: ClassVar[int] = 409
    zh = "准考证号与本次考试的另一名考生重复。"
    en = "Another candidate of this examination has this ticket number."


class PhotoMissing(Refusal):
    """The candidate has no identity photo."""

    code = "candidates.photo_missing"
    status: ClassVar[int] = 404
    zh = "该考生还没有照片。"
    en = "This candidate has no photo."


class TooManyTickets(Refusal):
    """More admission tickets than one document takes."""

    code = "candidates.too_many_tickets"
    zh = "一次最多生成 {limit} 张准考证，当前条件下有 {count} 名考生，请按单位或科目缩小范围。"
    en = "At most {limit} tickets at once, {count} candidates match; narrow the choice."
