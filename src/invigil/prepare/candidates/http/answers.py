"""What the routes of candidates answer and take; protected fields only ever masked."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from invigil.prepare.candidates.model import Candidate, CandidateState, ImportKind, ImportState, Severity
from invigil.prepare.candidates.rules.fields import mask_phone
from invigil.prepare.candidates.rules.identity import mask_identity_number
from invigil.prepare.candidates.service.imports import Import

ExamIdQuery = Annotated[str, Query(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_]+$", description="examination")]


class CandidateAnswer(BaseModel):
    """A candidate as staff see one: 110101********1234, 138****5678."""

    id: str
    exam_id: str
    subject_code: str
    ticket_number: str
    name: str
    identity_masked: str
    phone_masked: str
    employer: str
    has_photo: bool
    state: CandidateState
    created_at: datetime

    @classmethod
    def of(cls, one: Candidate) -> "CandidateAnswer":
        """Mask a candidate."""
        return cls(
            id=one.id,
            exam_id=one.exam_id,
            subject_code=one.subject_code,
            ticket_number=one.ticket_number,
            name=one.name,
            identity_masked=mask_identity_number(one.identity_number),
            phone_masked=mask_phone(one.phone),
            employer=one.employer,
            has_photo=bool(one.photo_key),
            state=one.state,
            created_at=one.created_at,
        )


class CandidateForm(BaseModel):
    """What can be changed on a candidate; what is left out stays."""

    name: str | None = Field(default=None, max_length=100)
    identity_number: str | None = Field(default=None, max_length=40)
    phone: str | None = Field(default=None, max_length=40)
    employer: str | None = Field(default=None, max_length=200)
    subject_code: str | None = Field(default=None, min_length=1, max_length=32)
    ticket_number: str | None = Field(default=None, max_length=40)


class ReasonForm(BaseModel):
    """Why this is done; it goes into the audit record, so no personal data."""

    reason: str = Field(min_length=2, max_length=200)


class UnmaskForm(ReasonForm):
    """Which field to show, and why."""

    field: str = Field(pattern="^(identity_number|phone)$")


class UnmaskedAnswer(BaseModel):
    """A protected field in clear."""

    field: str
    value: str


class SubjectCount(BaseModel):
    """How many registered candidates a subject has."""

    subject_code: str
    candidates: int


class SummaryAnswer(BaseModel):
    """An examination's candidates in figures."""

    total: int
    withdrawn: int
    without_photo: int
    subjects: list[SubjectCount]


class EmployerAnswer(BaseModel):
    """An employer and its number of candidates."""

    employer: str
    candidates: int


class ImportAnswer(BaseModel):
    """An import as it stands; `counts` by name, issues as `issue.<code>`; `job_id` shows progress."""

    id: str
    exam_id: str
    kind: ImportKind
    state: ImportState
    file_name: str
    file_bytes: int
    counts: dict[str, int]
    refusal: str
    refusal_en: str
    job_id: str
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, one: Import) -> "ImportAnswer":
        """Return the answer."""
        return cls(
            id=one.id,
            exam_id=one.exam_id,
            kind=one.kind,
            state=one.state,
            file_name=one.file_name,
            file_bytes=one.file_bytes,
            counts=one.counts,
            refusal=one.refusal_zh,
            refusal_en=one.refusal_en,
            job_id=one.job_id,
            created_by=one.created_by,
            created_at=one.created_at,
        )


class ColumnAnswer(BaseModel):
    """What a column was understood as: `field` "" when it is not used, `field_zh`, `field_en` for the page."""

    letters: str
    title: str
    field: str
    field_zh: str
    field_en: str
    is_repeated: bool


class SheetAnswer(BaseModel):
    """One sheet as it was understood; the first rows with identity and telephone numbers masked."""

    name: str
    is_used: bool
    reason: str
    reason_en: str
    header_row: int
    rows: int
    columns: list[ColumnAnswer]
    first_rows: list[list[str]]


class SkippedAnswer(BaseModel):
    """A row that was taken for no candidate, and why."""

    sheet: str
    row: int
    reason: str
    reason_en: str


class PreviewAnswer(BaseModel):
    """What was understood of a workbook."""

    sheets: list[SheetAnswer]
    skipped: list[SkippedAnswer]


class IssueAnswer(BaseModel):
    """What is wrong with one cell; `cell` is "" when the sheet has no such column."""

    sheet: str
    row: int
    cell: str
    field: str
    field_zh: str
    field_en: str
    severity: Severity
    code: str
    message: str
    message_en: str


class PhotoFindingAnswer(BaseModel):
    """One thing to say of a photo."""

    severity: Severity
    code: str
    message: str
    message_en: str


class PhotoItemAnswer(BaseModel):
    """One file of a photo archive, its identity number masked.

    number: its place in the archive, from 1; masked names may be alike. names: of the candidates it belongs to. width, height: pixels
    as kept, as sent when it is refused; 0 when it cannot be opened or belongs to nobody.
    """

    number: int
    file_name: str
    identity_masked: str
    names: list[str]
    candidates: int
    is_accepted: bool
    width: int
    height: int
    findings: list[PhotoFindingAnswer]


class JobAnswer(BaseModel):
    """A job that was left: poll GET /api/jobs/{job_id}."""

    job_id: str


class PrintedSittingForm(BaseModel):
    """A sitting as it stands on the ticket."""

    title: str = Field(max_length=100)
    time: str = Field(max_length=100)
    subject_codes: list[str] = Field(default_factory=list, max_length=50)


class TicketSheetForm(BaseModel):
    """What the examination gives to every ticket."""

    exam_title: str = Field(min_length=1, max_length=100)
    rules: list[Annotated[str, Field(max_length=500)]] = Field(default_factory=list, max_length=20)
    sittings: list[PrintedSittingForm] = Field(default_factory=list, max_length=50)
    subject_names: dict[str, str] = Field(default_factory=dict)


class TicketsForm(TicketSheetForm):
    """Whose tickets to make; what is left empty does not narrow."""

    exam_id: str = Field(min_length=1, max_length=40)
    q: str = Field(default="", max_length=100)
    subject_code: str = Field(default="", max_length=32)
    employer: str = Field(default="", max_length=100)


class TicketsAnswer(JobAnswer):
    """The job, and how many tickets it makes."""

    tickets: int
