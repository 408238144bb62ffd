"""What is graded, how keys are corrected, and the states of a grading run. Pure values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from invigil.kernel.ids import CandidateId, SittingId
from invigil.kernel.points import Points
from invigil.prepare.papers.api import QuestionType

Grid = NDArray[np.int64]


class Treatment(StrEnum):
    """What happens to an item of a paper.

    mark: it is marked by its key. award_all: everybody whose paper has it gets its points, answered or not.
    remove: it counts for nobody; the pass mark shrinks in proportion for those whose paper has it.
    """

    MARK = "mark"
    AWARD_ALL = "award_all"
    REMOVE = "remove"


class MarkingKey(NamedTuple):
    """How one item of one question version is marked, in written letters.

    option_count: 0 for items without options.
    accepted: choice items: sets of options as bits (1 = "A", 2 = "B", …); true_false: 1 = right, 2 = wrong. The first is the
    key proper, the others are also accepted in full. Empty for fill-in.
    blanks: fill-in: per blank the accepted texts, as written. order_free: the texts may stand in any blank.
    """

    type: QuestionType
    option_count: int = 0
    accepted: tuple[int, ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    order_free: bool = False
    treatment: Treatment = Treatment.MARK


class RunState(StrEnum):
    """grading -> graded (the job) -> proposed (propose) -> released (approve, another person;
    one of the two is a board official).

    proposed -> graded (take the proposal back); released -> graded (withdraw, with a reason); grading -> superseded (abandon).
    A newer run makes older ones superseded that were not released; releasing it supersedes the one released before, so that
    candidates always see at most one result. Nothing leads out of superseded.
    """

    GRADING = "grading"
    GRADED = "graded"
    PROPOSED = "proposed"
    RELEASED = "released"
    SUPERSEDED = "superseded"


class Change(StrEnum):
    """What a key correction does to an item.

    rekey: another answer is the right one. also_accept: another answer is right as well. award_all, remove: see `Treatment`.
    """

    REKEY = "rekey"
    ALSO_ACCEPT = "also_accept"
    AWARD_ALL = "award_all"
    REMOVE = "remove"


class CorrectedAnswer(BaseModel):
    """An answer in written letters; exactly one field, as the item's type has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    choices: (
        Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Z]$")], ...], Field(min_length=1, max_length=26)] | None
    ) = None
    correct: bool | None = None
    blanks: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] | None = None


class Correction(BaseModel):
    """A correction of one item's key. part: item of the question, from 0. answer: for rekey and also_accept only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version_id: Annotated[str, Field(min_length=1, max_length=60)]
    part: Annotated[int, Field(ge=0, le=50)] = 0
    change: Change
    answer: CorrectedAnswer | None = None

    @model_validator(mode="after")
    def _check(self) -> "Correction":
        if (self.answer is not None) != (self.change in (Change.REKEY, Change.ALSO_ACCEPT)):
            raise ValueError("只有改答案和增加答案需要写出答案")
        return self


@dataclass(frozen=True, slots=True)
class Run:
    """One grading of one sitting; once graded its results never change.

    number: 1, 2, 3 … inside the sitting. reason: why it was made. corrections: all in force, those of earlier runs first.
    people, passed: how many results it has. proposed_by, approved_by: two different persons, at least one a board official.
    """

    id: str
    sitting_id: SittingId
    number: int
    state: RunState
    reason: str
    corrections: tuple[Correction, ...]
    people: int
    passed: int
    begun_by: str
    begun_at: datetime
    graded_at: datetime | None
    proposed_by: str
    proposed_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    withdrawn_reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one candidate got in one run.

    outcome: how the attempt ended. earned, possible: of the candidate's own paper; possible < full where items were removed.
    sheet_sha256: of the sheet that was marked, the receipt's; "" when nothing was ever saved.
    """

    candidate_id: CandidateId
    attempt_id: str
    paper_set_id: str
    subject_code: str
    outcome: str
    earned: Points
    possible: Points
    full: Points
    is_passed: bool
    sheet_sha256: str
