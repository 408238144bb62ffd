"""Review: rounds, second opinions, disputes, what must be judged, the order of the queue."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.judge.review.model import (
    BREACHES,
    CaseInQueue,
    CaseState,
    Decision,
    Mark,
    MarkKey,
    MarkSource,
    Outcome,
    Round,
    Verdict,
)
from invigil.judge.review.rules.cases import (
    check_may_judge,
    check_verdict,
    compute_case,
    compute_confirmed,
    compute_outcome,
    sort_queue,
)
from invigil.judge.review.rules.refusals import AnotherReviewerNeeded, BreachMissing, CaseSettled, MarksUnjudged
from invigil.kernel.ids import AttemptId, CandidateId, SittingId, StaffId
from invigil.watch.proctoring.api import ReasonCategory

AT = datetime(2026, 11, 28, 10, tzinfo=UTC)
ATTEMPT, SITTING = AttemptId("att_1"), SittingId("sit_1")
CLEAN, VIOLATION = Outcome.CLEAN, Outcome.VIOLATION


def _rounds(*outcomes: Outcome, confirmed: tuple[str, ...] = ("a", "a", "a")) -> list[Round]:
    """confirmed: per round the names of the marks that a round with a violation confirmed, a letter each."""
    marks = [frozenset(MarkKey(MarkSource.SIGNAL, name) for name in names) for names in confirmed]
    return [
        Round(
            ATTEMPT,
            SITTING,
            number,
            StaffId(f"staff_{number}"),
            outcome,
            AT,
            seen if outcome is VIOLATION else frozenset(),
        )
        for number, (outcome, seen) in enumerate(zip(outcomes, marks, strict=False), 1)
    ]


@pytest.mark.parametrize(
    ("outcomes", "confirmed", "needs_second", "state", "counts"),
    [
        ((VIOLATION,), ("ab",), False, CaseState.SETTLED, "ab"),
        ((VIOLATION,), ("ab",), True, CaseState.SECOND, ""),
        ((VIOLATION, VIOLATION), ("ab", "bc"), True, CaseState.SETTLED, "b"),
        ((VIOLATION, VIOLATION), ("a", "b"), True, CaseState.DISPUTED, ""),
        ((VIOLATION, CLEAN), ("a", ""), True, CaseState.DISPUTED, ""),
        ((CLEAN, CLEAN), ("", ""), True, CaseState.SETTLED, ""),
        ((VIOLATION, VIOLATION, VIOLATION), ("a", "b", "bc"), True, CaseState.SETTLED, "bc"),
        ((VIOLATION, CLEAN, VIOLATION), ("a", "", "a"), True, CaseState.SETTLED, "a"),
        ((VIOLATION, CLEAN, CLEAN), ("a", "", ""), True, CaseState.SETTLED, ""),
    ],
)
def test_what_counts_as_confirmed(
    outcomes: tuple[Outcome, ...], confirmed: tuple[str, ...], needs_second: bool, state: CaseState, counts: str
) -> None:
    case = compute_case(_rounds(*outcomes, confirmed=confirmed), needs_second=needs_second)
    assert case.state is state
    assert {mark.id for mark in compute_confirmed(case)} == set(counts)


def _verdict(mark: str, decision: Decision, breach: ReasonCategory | None = None) -> Verdict:
    key = MarkKey(MarkSource.SIGNAL, mark)
    return Verdict(ATTEMPT, SITTING, key, 1, decision, breach, "看过录像", StaffId("staff_1"), AT)


def _mark(name: str, *, must_judge: bool = True) -> Mark:
    return Mark(MarkKey(MarkSource.SIGNAL, name), 4, must_judge)


@pytest.mark.parametrize(
    ("outcomes", "needs_second", "state", "next_round", "outcome"),
    [
        ((), False, CaseState.WAITING, 1, None),
        ((), True, CaseState.WAITING, 1, None),
        ((CLEAN,), False, CaseState.SETTLED, None, CLEAN),
        ((VIOLATION,), False, CaseState.SETTLED, None, VIOLATION),
        ((CLEAN,), True, CaseState.SECOND, 2, None),
        ((VIOLATION,), True, CaseState.SECOND, 2, None),
        ((CLEAN, CLEAN), True, CaseState.SETTLED, None, CLEAN),
        ((VIOLATION, VIOLATION), True, CaseState.SETTLED, None, VIOLATION),
        ((CLEAN, VIOLATION), True, CaseState.DISPUTED, 3, None),
        ((VIOLATION, CLEAN), True, CaseState.DISPUTED, 3, None),
        ((VIOLATION, CLEAN, CLEAN), True, CaseState.SETTLED, None, CLEAN),
        ((CLEAN, VIOLATION, VIOLATION), True, CaseState.SETTLED, None, VIOLATION),
    ],
)
def test_where_a_case_stands(
    outcomes: tuple[Outcome, ...],
    needs_second: bool,
    state: CaseState,
    next_round: int | None,
    outcome: Outcome | None,
) -> None:
    case = compute_case(_rounds(*outcomes), needs_second=needs_second)
    assert (case.state, case.next_round, case.outcome) == (state, next_round, outcome)


def test_the_majority_of_three_is_the_outcome() -> None:
    for outcomes in product((CLEAN, VIOLATION), repeat=3):
        if outcomes[0] is outcomes[1]:
            continue
        case = compute_case(_rounds(*outcomes), needs_second=True)
        assert case.outcome is (VIOLATION if outcomes.count(VIOLATION) >= 2 else CLEAN)


def test_every_round_is_another_persons() -> None:
    case = compute_case(_rounds(CLEAN), needs_second=True)
    assert check_may_judge(case, "staff_2") == 2
    with pytest.raises(AnotherReviewerNeeded):
        check_may_judge(case, "staff_1")
    with pytest.raises(CaseSettled):
        check_may_judge(compute_case(_rounds(CLEAN), needs_second=False), "staff_9")


def test_a_confirmed_breach_has_a_kind() -> None:
    check_verdict(_verdict("a", Decision.DISMISS))
    check_verdict(_verdict("a", Decision.CONFIRM, ReasonCategory.MATERIALS))
    with pytest.raises(BreachMissing):
        check_verdict(_verdict("a", Decision.CONFIRM))
    assert set(BREACHES) == set(ReasonCategory) - {ReasonCategory.TECHNICAL}


def test_what_must_be_judged_holds_the_round_back() -> None:
    marks = [_mark("a"), _mark("b"), _mark("c", must_judge=False)]
    with pytest.raises(MarksUnjudged) as refused:
        compute_outcome(marks, [_verdict("a", Decision.DISMISS)])
    assert refused.value.details == {"count": 1}
    both = [_verdict("a", Decision.DISMISS), _verdict("b", Decision.DISMISS)]
    assert compute_outcome(marks, both) is CLEAN
    assert compute_outcome(marks, [*both, _verdict("c", Decision.CONFIRM, ReasonCategory.OTHER_PERSON)]) is VIOLATION


def test_a_flag_is_never_a_verdict() -> None:
    assert compute_outcome([_mark("a", must_judge=False)], []) is CLEAN


@given(st.lists(st.tuples(st.sampled_from(list(CaseState)), st.integers(0, 50)), max_size=30))
def test_the_queue_begins_with_what_is_most_urgent(drawn: list[tuple[CaseState, int]]) -> None:
    outcomes = {
        CaseState.WAITING: (),
        CaseState.SECOND: (CLEAN,),
        CaseState.DISPUTED: (CLEAN, VIOLATION),
        CaseState.SETTLED: (CLEAN, CLEAN),
    }
    cases = [
        CaseInQueue(
            AttemptId(f"att_{number}"), CandidateId(f"cand_{number}"), 1, number, "C1", risk, 1,
            compute_case(_rounds(*outcomes[state]), needs_second=True),
        )
        for number, (state, risk) in enumerate(drawn)
    ]  # fmt: skip
    queue = sort_queue(cases)
    order = [CaseState.DISPUTED, CaseState.SECOND, CaseState.WAITING, CaseState.SETTLED]
    ranks = [(order.index(one.case.state), -one.risk) for one in queue]
    assert ranks == sorted(ranks)
    assert len(queue) == len(cases)
