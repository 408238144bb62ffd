"""What is reviewed, what a verdict is, and where a case stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import AttemptId, CandidateId, SittingId, StaffId
from invigil.kernel.words import Words
from invigil.watch.proctoring.api import REASON_CATEGORIES, ReasonCategory


class MarkSource(StrEnum):
    """Where a mark on the timeline comes from."""

    SIGNAL = "signal"  # noticed by a page, a phone or the server
    NOTE = "note"  # written by a proctor
    FINDING = "finding"  # made by a reviewer while watching


class Decision(StrEnum):
    """What a reviewer says about one mark."""

    CONFIRM = "confirm"  # it is a breach of the rules
    DISMISS = "dismiss"  # it is none


# Kinds of breach that can be confirmed: the words by which proctors stop people, less what is nobody's fault.
BREACHES: Mapping[ReasonCategory, Words] = {
    one: words for one, words in REASON_CATEGORIES.items() if one is not ReasonCategory.TECHNICAL
}


class Outcome(StrEnum):
    """What a round of review comes to."""

    CLEAN = "clean"
    VIOLATION = "violation"


@dataclass(frozen=True, slots=True)
class MarkKey:
    """Which mark. id: of the signal, note or finding."""

    source: MarkSource
    id: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the timeline that a person has to judge. weight: > 0, how serious it looks. must_judge: a round cannot end before."""

    key: MarkKey
    weight: int
    must_judge: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reviewer decided about one mark in one round; deciding again in the same round replaces it.

    round: 1, 2 or 3. breach: set when confirmed. reason: in the reviewer's words, never empty.
    """

    attempt_id: AttemptId
    sitting_id: SittingId
    mark: MarkKey
    round: int
    decision: Decision
    breach: ReasonCategory | None
    reason: str
    reviewer: StaffId
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer marked on the timeline. from_ms < to_ms, server's clock, milliseconds since 1970. text: never empty."""

    id: str
    attempt_id: AttemptId
    sitting_id: SittingId
    from_ms: int
    to_ms: int
    text: str
    reviewer: StaffId
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """A finished look at an attempt by one reviewer. number: 1, 2 or 3. confirmed: the marks this reviewer took for breaches."""

    attempt_id: AttemptId
    sitting_id: SittingId
    number: int
    reviewer: StaffId
    outcome: Outcome
    finished_at: datetime
    confirmed: frozenset[MarkKey] = frozenset()


class CaseState(StrEnum):
    """WAITING (first look) -> SECOND (another person must look, where the sitting asks) -> SETTLED;

    SECOND -> DISPUTED (the two differ, or agree on no single breach: a third person decides) -> SETTLED.
    A settled case is opened again only with a reason.
    """

    WAITING = "waiting"
    SECOND = "second"
    DISPUTED = "disputed"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Case:
    """Where the review of an attempt stands. next_round: None when settled. outcome: set when settled."""

    state: CaseState
    next_round: int | None
    outcome: Outcome | None
    rounds: Sequence[Round]


@dataclass(frozen=True, slots=True)
class CaseInQueue:
    """An attempt in the queue. risk: sum of the weights of its marks."""

    attempt_id: AttemptId
    candidate_id: CandidateId
    room_number: int
    seat_number: int
    subject_code: str
    risk: int
    marks: int
    case: Case


@dataclass(frozen=True, slots=True)
class ConfirmedBreach:
    """A mark that the settled review of an attempt takes for a breach.

    seen: what the mark says in Chinese. from_at, to_at: when it was, equal for an instant. reason: of the last reviewer who confirmed
    it. reviewers: everybody who did, in order of rounds.
    """

    attempt_id: AttemptId
    mark: MarkKey
    seen: str
    from_at: datetime
    to_at: datetime
    breach: ReasonCategory
    reason: str
    reviewers: Sequence[StaffId]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SettledReview:
    """What the settled reviews of a sitting come to. judged: every mark they decided about, whichever way."""

    breaches: Sequence[ConfirmedBreach]
    judged: frozenset[MarkKey]
