"""What a blueprint, a pool and a paper set are. Pure values; a blueprint is data, never code.

The same definitions are what the HTTP interface takes and what the database keeps, so there is one truth about them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from invigil.kernel.ids import PaperSetId
from invigil.kernel.points import ZERO, Points
from invigil.kernel.words import Words

MAX_QUESTIONS = 500
MAX_SECTIONS = 30
DIFFICULTIES = (1, 2, 3, 4, 5)


class QuestionType(StrEnum):
    """How a question is answered; the words of the question bank."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    FILL_IN = "fill_in"
    CASE = "case"


TYPE_NAMES = {
    QuestionType.SINGLE: Words("单选题", "Single choice"),
    QuestionType.MULTIPLE: Words("多选题", "Multiple choice"),
    QuestionType.TRUE_FALSE: Words("判断题", "True/false"),
    QuestionType.FILL_IN: Words("填空题", "Fill-in"),
    QuestionType.CASE: Words("案例题", "Case"),
}


class CreditRule(StrEnum):
    """What an incomplete answer earns. A wrong choice always earns nothing; every amount is rounded down to a half point.

    none: the whole answer or nothing.
    half_if_subset: multiple choice: some right options and no wrong one earn half.
    per_option: multiple choice: each right option earns `option_points` while none is wrong, always less than the whole.
    proportion: multiple choice: right options over all right ones, while none is wrong; fill-in: right blanks over all.
    """

    NONE = "none"
    HALF_IF_SUBSET = "half_if_subset"
    PER_OPTION = "per_option"
    PROPORTION = "proportion"


class PaperSetState(StrEnum):
    """draft -> generated (generate) -> proofed (proof) -> locked (lock, another person) -> sealed (seal).

    generated and proofed go back to draft (discard); sealed is the end: its papers are used and never change.
    """

    DRAFT = "draft"
    GENERATED = "generated"
    PROOFED = "proofed"
    LOCKED = "locked"
    SEALED = "sealed"


def _read_points(written: object) -> Points:
    if isinstance(written, Points):
        return written
    if not isinstance(written, str):
        raise ValueError('分值请写成文字，例如 "2" 或 "0.5"')  # noqa: TRY004 - pydantic turns ValueError into bad input
    return Points.parse(written)


PointsText = Annotated[
    Points,
    PlainValidator(_read_points),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,6}(\.[05])?$", "examples": ["2", "0.5"]}),
]
Difficulty = Annotated[int, Field(ge=1, le=5)]
Count = Annotated[int, Field(ge=0, le=MAX_QUESTIONS)]
AreaName = Annotated[str, Field(min_length=1, max_length=100)]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CellQuota(_Document):
    """Exactly `count` questions of this knowledge area and this difficulty."""

    knowledge_area: AreaName
    difficulty: Difficulty
    count: Count


class Section(_Document):
    """One part of the paper: questions of one type, all items worth the same.

    count: questions; a case counts once and has exactly `items_per_case` items.
    points_each: per item, > 0.
    by_area, by_difficulty: how many questions of each; what they leave open is filled from the areas or difficulties not
    named, in proportion to the pool.
    by_cell: exact numbers for an area and difficulty together; they count towards the two above.
    compulsory: question ids that stand in every paper; they count towards every quota.
    """

    title: Annotated[str, Field(min_length=1, max_length=60)]
    type: QuestionType
    count: Annotated[int, Field(ge=1, le=MAX_QUESTIONS)]
    points_each: PointsText
    items_per_case: Annotated[int, Field(ge=1, le=20)] = 1
    credit: CreditRule = CreditRule.NONE
    option_points: PointsText = Points(1)
    by_area: dict[AreaName, Count] = Field(default_factory=dict)
    by_difficulty: dict[Difficulty, Count] = Field(default_factory=dict)
    by_cell: tuple[CellQuota, ...] = ()
    compulsory: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = ()

    @model_validator(mode="after")
    def _check(self) -> "Section":
        if self.points_each <= ZERO:
            raise ValueError("每题分值必须大于 0")
        if self.type is not QuestionType.CASE and self.items_per_case != 1:
            raise ValueError("只有案例题可以有多个小题")
        if len(set(self.compulsory)) < len(self.compulsory):
            raise ValueError("必考题重复")
        return self

    @property
    def item_count(self) -> int:
        """Answerable items in the section."""
        return self.count * self.items_per_case

    @property
    def points(self) -> Points:
        """Points of the whole section."""
        return self.points_each * self.item_count


class DifficultyBand(_Document):
    """Where the mean difficulty of every paper must lie, in hundredths of a level (250 = 2.50), both ends included."""

    lowest: Annotated[int, Field(ge=100, le=500)]
    highest: Annotated[int, Field(ge=100, le=500)]

    @model_validator(mode="after")
    def _check(self) -> "DifficultyBand":
        if self.lowest > self.highest:
            raise ValueError("难度下限不能高于上限")
        return self


class Blueprint(_Document):
    """How every paper of a subject is made up.

    subject_code: the pool is this subject's active questions.
    pass_mark: points needed to pass, at most the total.
    shuffle_items: the order of questions inside a section differs per candidate (a case keeps its items together).
    shuffle_options: the order of options differs per candidate, except where an option speaks of the others.
    """

    title: Annotated[str, Field(min_length=1, max_length=100)]
    subject_code: Annotated[str, Field(min_length=1, max_length=20)]
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=MAX_SECTIONS)]
    pass_mark: PointsText
    shuffle_items: bool = True
    shuffle_options: bool = True
    difficulty_band: DifficultyBand | None = None

    @model_validator(mode="after")
    def _check(self) -> "Blueprint":
        if self.question_count > MAX_QUESTIONS:
            raise ValueError(f"一份试卷最多 {MAX_QUESTIONS} 题")
        if self.pass_mark > self.points:
            raise ValueError(f"及格线 {self.pass_mark} 高于总分 {self.points}")
        fixed = [question for section in self.sections for question in section.compulsory]
        if len(set(fixed)) < len(fixed):
            raise ValueError("同一必考题出现在多个部分")
        return self

    @property
    def question_count(self) -> int:
        """Questions in a paper; a case counts once."""
        return sum(section.count for section in self.sections)

    @property
    def item_count(self) -> int:
        """Answerable items in a paper."""
        return sum(section.item_count for section in self.sections)

    @property
    def points(self) -> Points:
        """The total of every paper, the same for all."""
        return Points(sum(section.points.half_points for section in self.sections))


class PoolQuestion(NamedTuple):
    """What assembly knows of one question version.

    option_counts: per item in order, how many options may be shuffled; 0 where the order stays.
    """

    version_id: str
    question_id: str
    type: QuestionType
    knowledge_area: str
    difficulty: int
    option_counts: tuple[int, ...]


class Pool(NamedTuple):
    """A snapshot of the questions to draw from, sorted by version id; papers refer to them by place."""

    questions: tuple[PoolQuestion, ...]


class Shortage(_Document):
    """Why a blueprint cannot be filled: what is needed, what the pool has, and both said in words."""

    section: str
    type: QuestionType
    knowledge_areas: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()
    needed: int
    available: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class StoredBlueprint:
    """A blueprint as it is kept. version: grows with every edit, from 1. archived_at: not offered any more."""

    id: str
    blueprint: Blueprint
    version: int
    created_by: str
    created_at: datetime
    edited_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperSet:
    """The papers of one subject, from one blueprint frozen when the set was made.

    States and what leads out of them: see `PaperSetState`.
    pool_digest: SHA-256 of the pool snapshot, "" in a draft. expected_people: for how many the exposure is forecast.
    coverage: figures for charts, see `rules.coverage`; None in a draft. proofed_by, locked_by: two different persons.
    """

    id: PaperSetId
    blueprint_id: str
    blueprint: Blueprint
    state: PaperSetState
    expected_people: int
    algorithm: str
    pool_digest: str
    pool_count: int
    coverage: Mapping[str, Any] | None
    paper_count: int
    created_by: str
    created_at: datetime
    generated_at: datetime | None
    proofed_by: str
    proofed_at: datetime | None
    locked_by: str
    locked_at: datetime | None
    sealed_at: datetime | None

    @property
    def is_locked(self) -> bool:
        """Whether two persons have agreed on it; only then a sitting may use it."""
        return self.state in (PaperSetState.LOCKED, PaperSetState.SEALED)


@dataclass(frozen=True, slots=True, repr=False)
class Material:
    """What papers are dealt from; whoever holds it can make every paper of the set, so it is never shown or logged.

    seed: 32 bytes, of the dealing; key: 32 bytes, from which row keys and candidates' paper keys are derived.
    """

    seed: bytes
    key: bytes
    pool: Pool
    plan: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """Candidates dealt together. number: from 0 inside the set. is_complete: every paper of it is written."""

    number: int
    candidate_ids: tuple[str, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class SealedPaper:
    """What a candidate's page fetches early and opens at the start of the sitting.

    suite: 1 = AES-256-GCM. nonce: 12 bytes; ciphertext: with its tag; bound to the paper's id.
    """

    paper_id: str
    suite: int
    nonce: bytes
    ciphertext: bytes
