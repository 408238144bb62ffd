"""Where a case stands, who may do the next round, and in which order cases are looked at."""

from collections.abc import Iterable, Sequence

from invigil.judge.review.model import (
    Case,
    CaseInQueue,
    CaseState,
    Decision,
    Mark,
    MarkKey,
    Outcome,
    Round,
    Verdict,
)
from invigil.judge.review.rules.refusals import AnotherReviewerNeeded, BreachMissing, CaseSettled, MarksUnjudged

_ORDER = {CaseState.DISPUTED: 0, CaseState.SECOND: 1, CaseState.WAITING: 2, CaseState.SETTLED: 3}


def compute_case(rounds: Sequence[Round], *, needs_second: bool) -> Case:
    """Return where the case stands.

    rounds: finished ones in order of number, at most three.
    Source: S3.19; "second review where the sitting asks".
    """
    match len(rounds):
        case 0:
            return Case(CaseState.WAITING, 1, None, rounds)
        case 1 if needs_second:
            return Case(CaseState.SECOND, 2, None, rounds)
        case 2 if not _agree(rounds[0], rounds[1]):
            return Case(CaseState.DISPUTED, 3, None, rounds)
        case _:
            return Case(CaseState.SETTLED, None, rounds[-1].outcome, rounds)


def compute_confirmed(case: Case) -> frozenset[MarkKey]:
    """Return the marks that count as breaches: none before the case is settled.

    One round or a third decides alone; of two that agree only what both confirmed counts.
    Source: C5.2; S3.19.
    """
    if case.outcome is not Outcome.VIOLATION:
        return frozenset()
    last = case.rounds[-1].confirmed
    return last & case.rounds[0].confirmed if len(case.rounds) == 2 else last


def _agree(first: Round, second: Round) -> bool:
    """Two who both saw breaches, and no single one in common, do not agree."""
    if first.outcome is not second.outcome:
        return False
    return first.outcome is Outcome.CLEAN or bool(first.confirmed & second.confirmed)


def check_may_judge(case: Case, reviewer: str) -> int:
    """Return the round in which this person judges.

    Raises: CaseSettled; AnotherReviewerNeeded.
    """
    if case.next_round is None:
        raise CaseSettled
    if any(finished.reviewer == reviewer for finished in case.rounds):
        raise AnotherReviewerNeeded
    return case.next_round


def check_verdict(verdict: Verdict) -> None:
    """Pass when a verdict says all it must.

    Raises: BreachMissing.
    """
    if verdict.decision is Decision.CONFIRM and verdict.breach is None:
        raise BreachMissing


def compute_outcome(marks: Iterable[Mark], verdicts: Sequence[Verdict]) -> Outcome:
    """Return what a reviewer's round comes to.

    verdicts: of this round by this reviewer. A flag is never a verdict: only what a person confirmed is a violation.
    Raises: MarksUnjudged - a mark that must be judged has no verdict.
    Source: C5.2.
    """
    judged = {verdict.mark for verdict in verdicts}
    missing = sum(mark.must_judge and mark.key not in judged for mark in marks)
    if missing:
        raise MarksUnjudged(count=missing)
    confirmed = any(verdict.decision is Decision.CONFIRM for verdict in verdicts)
    return Outcome.VIOLATION if confirmed else Outcome.CLEAN


def sort_queue(cases: Iterable[CaseInQueue]) -> list[CaseInQueue]:
    """Return the cases in the order in which they should be looked at: disputed, half done, the riskiest, by seat."""
    return sorted(cases, key=lambda one: (_ORDER[one.case.state], -one.risk, one.room_number, one.seat_number))
