"""What is graded, how keys are corrected, and the states of a grading run. Pure values."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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


class Outcome(StrEnum):
    """How a candidate's sitting ended."""

    HANDED_IN = "handed_in"
    AUTO_HANDED_IN = "auto_handed_in"
    ABSENT = "absent"


class RunState(StrEnum):
    """graded -> proposed (propose) -> released (approve, another person); proposed -> graded (withdraw).

    A newer run makes older ones superseded that were not released; releasing it supersedes the one released before, so that
    candidates always see exactly one result. Nothing leads out of superseded.
    """

    GRADED = "graded"
    PROPOSED = "proposed"
    RELEASED = "released"
    SUPERSEDED = "superseded"
