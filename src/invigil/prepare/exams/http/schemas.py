"""What the console sends and receives about examinations."""

from datetime import date, datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field

from invigil.prepare.exams.http.recording import RecordingForm
from invigil.prepare.exams.model import (
    Agreement,
    Mover,
    Orientation,
    Path,
    Sitting,
    SittingKind,
    SittingRules,
    SittingState,
    Subject,
    Track,
    Transition,
)
from invigil.prepare.exams.rules.sitting_rules import order_tracks
from invigil.prepare.exams.rules.states import compute_sitting_state, list_paths_from
from invigil.prepare.exams.service.sittings import SittingPlan

CODE_PATTERN = r"^[A-Za-z0-9._-]{1,20}$"
MOST_MINUTES = 24 * 60


class NewExamForm(BaseModel):
    """A new examination."""

    title: str = Field(min_length=1, max_length=200)
    profile: str = Field(default="beijing", max_length=40)


class ExamForm(BaseModel):
    """What can be changed on an examination; `version` as it was read."""

    title: str = Field(min_length=1, max_length=200)
    is_mock_required: bool
    version: int


class TypedForm(BaseModel):
    """A destructive act on a whole examination: its title typed out, and why."""

    typed_title: str = Field(max_length=200)
    reason: str = Field(default="", max_length=500)


class NewSubjectForm(BaseModel):
    """A new subject."""

    code: str = Field(pattern=CODE_PATTERN)
    title: str = Field(min_length=1, max_length=100)


class SubjectForm(BaseModel):
    """What can be changed on a subject."""

    title: str = Field(min_length=1, max_length=100)
    paper_set_id: str | None = Field(default=None, max_length=40)
    mock_paper_set_id: str | None = Field(default=None, max_length=40)


class RulesForm(BaseModel):
    """The rules of a sitting. Times count from T0."""

    duration_minutes: int = Field(ge=0, le=MOST_MINUTES)
    early_hand_in_after_minutes: int = Field(ge=0, le=MOST_MINUTES)
    late_entry_within_minutes: int = Field(ge=0, le=MOST_MINUTES)
    late_entry_keeps_duration: bool
    screen_left_warnings: int
    has_calculator: bool
    may_review_after: bool
    shows_result: bool
    orientation: Orientation
    tracks_required: list[Track]
    consent_version: str
    consent_text: str
    allows_several_screens: bool
    allows_extra_time: bool
    save_grace_seconds: int = Field(ge=0, le=MOST_MINUTES)
    recording: RecordingForm = Field(default_factory=RecordingForm.default)

    @classmethod
    def of(cls, rules: SittingRules) -> "RulesForm":
        """Return the rules as the console shows them."""
        return cls(
            duration_minutes=_minutes(rules.duration),
            early_hand_in_after_minutes=_minutes(rules.early_hand_in_after),
            late_entry_within_minutes=_minutes(rules.late_entry_within),
            late_entry_keeps_duration=rules.late_entry_keeps_duration,
            screen_left_warnings=rules.screen_left_warnings,
            has_calculator=rules.has_calculator,
            may_review_after=rules.may_review_after,
            shows_result=rules.shows_result,
            orientation=rules.orientation,
            tracks_required=list(rules.tracks_required),
            consent_version=rules.consent_version,
            consent_text=rules.consent_text,
            allows_several_screens=rules.allows_several_screens,
            allows_extra_time=rules.allows_extra_time,
            save_grace_seconds=int(rules.save_grace.total_seconds()),
            recording=RecordingForm.of(rules.recording),
        )

    def to_rules(self) -> SittingRules:
        """Return the rules that were sent, unchecked."""
        return SittingRules(
            duration=timedelta(minutes=self.duration_minutes),
            early_hand_in_after=timedelta(minutes=self.early_hand_in_after_minutes),
            late_entry_within=timedelta(minutes=self.late_entry_within_minutes),
            late_entry_keeps_duration=self.late_entry_keeps_duration,
            screen_left_warnings=self.screen_left_warnings,
            has_calculator=self.has_calculator,
            may_review_after=self.may_review_after,
            shows_result=self.shows_result,
            orientation=self.orientation,
            tracks_required=order_tracks(tuple(self.tracks_required)),
            consent_version=self.consent_version,
            consent_text=self.consent_text,
            allows_several_screens=self.allows_several_screens,
            allows_extra_time=self.allows_extra_time,
            save_grace=timedelta(seconds=self.save_grace_seconds),
            recording=self.recording.to_rules(),
        )


class NewSittingForm(BaseModel):
    """A new sitting. rules: those of the examination's profile when left out. capacity: places of a mock slot."""

    kind: SittingKind
    title: str = Field(min_length=1, max_length=100)
    subject_codes: list[str] = Field(default_factory=list, max_length=100)
    starts_at: AwareDatetime
    rules: RulesForm | None = None
    capacity: int | None = Field(default=None, ge=1, le=1_000_000)


class SittingForm(NewSittingForm):
    """What can be changed on a draft; `version` as it was read."""

    version: int


class VersionForm(BaseModel):
    """Which version is meant."""

    version: int


class StartedDealing(BaseModel):
    """Work that was left for later; see /api/jobs/{id}."""

    job_id: str


class SubjectAnswer(BaseModel):
    """A subject; the pass mark is the paper's."""

    code: str
    title: str
    paper_set_id: str | None
    mock_paper_set_id: str | None

    @classmethod
    def of(cls, one: Subject) -> "SubjectAnswer":
        """Return the subject as the console shows it."""
        return cls(
            code=one.code, title=one.title, paper_set_id=one.paper_set_id, mock_paper_set_id=one.mock_paper_set_id
        )


class AgreementAnswer(BaseModel):
    """An agreement; `superseded_at` is empty for the one in force."""

    id: str
    number: str
    commissioner: str
    operator: str
    signed_on: date
    file_name: str
    file_media_type: str
    file_bytes: int
    file_sha256: str
    registered_by: str
    registered_at: datetime
    superseded_at: datetime | None

    @classmethod
    def of(cls, one: Agreement) -> "AgreementAnswer":
        """Return the agreement as the console shows it."""
        return cls.model_validate(one, from_attributes=True)


class PathAnswer(BaseModel):
    """A way out of the present state: where to, who may, how many persons, what must hold."""

    target: SittingState
    mover: Mover
    roles: list[str]
    persons: int
    needs_title: bool
    conditions: list[str]
    conditions_en: list[str]

    @classmethod
    def of(cls, path: Path) -> "PathAnswer":
        """Return the path as the console shows it."""
        return cls(
            target=path.target,
            mover=path.mover,
            roles=sorted(path.roles),
            persons=path.persons,
            needs_title=path.needs_title,
            conditions=[one.zh for one in path.conditions],
            conditions_en=[one.en for one in path.conditions],
        )


class TransitionAnswer(BaseModel):
    """A step the sitting took; actor: a staff id, or "system" where time moved it."""

    origin: SittingState
    target: SittingState
    at: datetime
    actor: str
    reason: str

    @classmethod
    def of(cls, step: Transition) -> "TransitionAnswer":
        """Return the step as the console shows it."""
        return cls.model_validate(step, from_attributes=True)


class SittingAnswer(BaseModel):
    """A sitting. state: as of this answer. last_deadline: later than ends_at once extra time was given."""

    id: str
    exam_id: str
    kind: SittingKind
    title: str
    subject_codes: list[str]
    starts_at: datetime
    ends_at: datetime
    late_entry_until: datetime
    last_deadline: datetime
    state: SittingState
    capacity: int | None
    requires_mock: bool
    version: int
    lock_proposed_by: str
    locked_by: str

    @classmethod
    def of(cls, one: Sitting, now: datetime) -> "SittingAnswer":
        """Return the sitting as it stands now."""
        return cls(
            id=one.id,
            exam_id=one.exam_id,
            kind=one.kind,
            title=one.title,
            subject_codes=list(one.subject_codes),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            late_entry_until=one.late_entry_until,
            last_deadline=one.last_deadline,
            state=compute_sitting_state(one, now),
            capacity=one.capacity,
            requires_mock=one.requires_mock,
            version=one.version,
            lock_proposed_by=one.lock_proposed_by,
            locked_by=one.locked_by,
        )


class SittingDetail(SittingAnswer):
    """A sitting with its rules, its papers, the ways out of its state, and the steps it took."""

    rules: RulesForm
    papers: dict[str, str | None]
    paths: list[PathAnswer]
    transitions: list[TransitionAnswer]

    @classmethod
    def with_steps(cls, one: Sitting, now: datetime, steps: list[Transition]) -> "SittingDetail":
        """Return everything about the sitting."""
        brief = SittingAnswer.of(one, now)
        return cls(
            **brief.model_dump(),
            rules=RulesForm.of(one.rules),
            papers=dict(one.papers),
            paths=[PathAnswer.of(path) for path in list_paths_from(brief.state)],
            transitions=[TransitionAnswer.of(step) for step in steps],
        )


class ExamAnswer(BaseModel):
    """An examination in a list. `first_starts_at`, `last_starts_at`: T0 of its sittings, null without any."""

    id: str
    title: str
    profile: str
    is_mock_required: bool
    version: int
    created_at: datetime
    sitting_count: int
    first_starts_at: datetime | None
    last_starts_at: datetime | None


class ExamDetail(ExamAnswer):
    """An examination with its subjects, sittings and the agreement in force."""

    subjects: list[SubjectAnswer]
    sittings: list[SittingAnswer]
    agreement: AgreementAnswer | None


class ProfileAnswer(BaseModel):
    """A profile to start an examination from."""

    name: str
    title: str
    subjects: list[NewSubjectForm]
    rules: RulesForm
    is_mock_required: bool


def plan_of(form: NewSittingForm, default_rules: SittingRules) -> SittingPlan:
    """Return the plan that a form describes."""
    return SittingPlan(
        kind=form.kind,
        title=form.title,
        subject_codes=form.subject_codes,
        starts_at=form.starts_at,
        rules=default_rules if form.rules is None else form.rules.to_rules(),
        capacity=form.capacity,
    )


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
