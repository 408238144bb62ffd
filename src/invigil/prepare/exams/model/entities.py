"""Examination, subject, agreement, sitting, mock slot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from invigil.kernel.ids import AttemptId, CandidateId, ExamId, PaperSetId, SittingId, StaffId
from invigil.prepare.exams.model.sitting_rules import SittingRules
from invigil.prepare.exams.model.states import SittingState


@dataclass(frozen=True, slots=True)
class Exam:
    """An examination.

    profile: the name of the profile it was made from. is_mock_required: who has not passed the mock may not sit (Beijing plan).
    version: grows with every change to the examination or its subjects.
    """

    id: ExamId
    title: str
    profile: str
    is_mock_required: bool
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of an examination; its pass mark is the paper's.

    code: unique in the examination, e.g. "C1". paper_set_id: the papers of its real sittings, None until chosen.
    mock_paper_set_id: those of its mock sittings; never the same.
    """

    exam_id: ExamId
    code: str
    title: str
    paper_set_id: PaperSetId | None
    mock_paper_set_id: PaperSetId | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """《考核承办协议》: without it no sitting opens (C2).

    file_key: the sealed scan. file_sha256: hexadecimal, of the scan as uploaded. Registering anew supersedes, nothing is deleted.
    """

    id: str
    exam_id: ExamId
    number: str
    commissioner: str
    operator: str
    signed_on: date
    file_key: str
    file_name: str
    file_media_type: str
    file_bytes: int
    file_sha256: str
    registered_by: StaffId
    registered_at: datetime
    superseded_at: datetime | None


class SittingKind(StrEnum):
    """A real sitting counts; a mock one has the same flow and is chosen by the candidate (S3.7)."""

    REAL = "real"
    MOCK = "mock"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One scheduled run of an examination (场次).

    papers: subject code → papers, at least one subject once locked; sorted by code.
    starts_at: T0. ends_at: the last regular deadline, without extra time. late_entry_until: nobody begins after it.
    last_deadline: ≥ ends_at; later when extra time or a pause moved somebody's deadline.
    state: as stored; time may have moved it on already, see `compute_sitting_state`.
    capacity: how many candidates a mock slot takes, None for a real sitting.
    requires_mock: a candidate needs to have passed the mock (real sittings of an examination that asks for it).
    version: grows with every change to what is locked. lock_proposed_by: who asked for the lock, "" when nobody.
    """

    id: SittingId
    exam_id: ExamId
    kind: SittingKind
    title: str
    papers: Mapping[str, PaperSetId | None]
    starts_at: datetime
    ends_at: datetime
    late_entry_until: datetime
    last_deadline: datetime
    rules: SittingRules
    state: SittingState
    capacity: int | None
    requires_mock: bool
    version: int
    lock_proposed_by: str
    locked_by: str

    @property
    def subject_codes(self) -> tuple[str, ...]:
        """The subjects sat in it, sorted."""
        return tuple(self.papers)

    @property
    def closes_at(self) -> datetime:
        """The instant from which nothing of this sitting is accepted any more."""
        return self.last_deadline + self.rules.save_grace


@dataclass(frozen=True, slots=True)
class Transition:
    """One step a sitting took; actor: a staff id, or "system" where time moved it."""

    sitting_id: SittingId
    origin: SittingState
    target: SittingState
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class MockSlot:
    """A mock sitting as a candidate chooses it."""

    sitting: Sitting
    booked: int

    @property
    def free(self) -> int:
        """Places left, never negative."""
        return max(0, (self.sitting.capacity or 0) - self.booked)


class MockClearanceKind(StrEnum):
    """Why a candidate counts as having passed the mock."""

    HANDED_IN = "handed_in"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class MockClearance:
    """A candidate has passed the mock, or staff waived it with a reason."""

    candidate_id: CandidateId
    exam_id: ExamId
    kind: MockClearanceKind
    at: datetime
    attempt_id: AttemptId | None
    waived_by: StaffId | None
    reason: str


@dataclass(frozen=True, slots=True)
class SittingMoved:
    """A sitting has gone from one state to another."""

    sitting_id: SittingId
    exam_id: ExamId
    origin: SittingState
    target: SittingState


@dataclass(frozen=True, slots=True)
class MockBooked:
    """A candidate has booked a mock slot; `before` is the one given up."""

    candidate_id: CandidateId
    sitting_id: SittingId
    before: SittingId | None
