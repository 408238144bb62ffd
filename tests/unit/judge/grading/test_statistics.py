"""Statistics against figures worked out by hand, and the moves of a grading run."""

from itertools import product

import numpy as np
import pytest

from invigil.judge.grading.model import RunState
from invigil.judge.grading.rules.marking import Marks
from invigil.judge.grading.rules.reading import Answers
from invigil.judge.grading.rules.release import (
    ReleaseNeedsAnotherPerson,
    ReleaseNeedsBoard,
    RunCannotMove,
    check_move,
    check_two_persons,
)
from invigil.judge.grading.rules.statistics import compute_item_statistics, compute_paper_statistics
from invigil.kernel.points import Points
from invigil.kernel.principals import Role
from invigil.prepare.papers.api import CreditRule, ItemPlace

PLACES = [ItemPlace(f"i{n + 1}", 0, n, 0, Points(2), CreditRule.NONE, Points(1)) for n in range(3)]
# Four people, three items; everybody has the same questions. Earned in half points.
EARNED = np.array([[2, 2, 2], [2, 2, 0], [2, 0, 0], [0, 0, 0]], np.int64)
CHOSEN = np.array([[1, 1, 1], [1, 1, 2], [1, 2, 4], [2, 0, 2]], np.int64)
MARKS = Marks(EARNED, np.full_like(EARNED, 2))


def test_items_are_described_by_difficulty_discrimination_and_options() -> None:
    questions = np.tile(np.arange(3), (4, 1))
    items = compute_item_statistics(Answers(CHOSEN, {}), questions, PLACES, MARKS, np.full((3, 1), 3, np.int64))
    assert [item.difficulty for item in items] == [0.75, 0.5, 0.25]
    assert [item.shown for item in items] == [4, 4, 4]
    assert [item.answered for item in items] == [4, 3, 4]
    assert items[1].option_counts == (2, 1, 0)
    assert items[2].option_counts == (1, 2, 1)
    assert items[1].upper_lower == 1.0
    rest = EARNED.sum(axis=1) - EARNED[:, 1]
    assert items[1].discrimination == pytest.approx(np.corrcoef(EARNED[:, 1], rest)[0, 1], abs=1e-4)


def test_a_question_is_followed_through_different_places_of_different_papers() -> None:
    questions = np.array([[0, 1, 2], [1, 2, 3], [2, 3, 0], [3, 0, 1]], np.int64)
    items = compute_item_statistics(Answers(CHOSEN, {}), questions, PLACES, MARKS, np.full((4, 1), 3, np.int64))
    assert [(item.question, item.shown) for item in items] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert items[0].difficulty == pytest.approx(1 / 3, abs=1e-4)


def test_what_does_not_vary_has_no_discrimination() -> None:
    earned = np.full((3, 1), 2, np.int64)
    items = compute_item_statistics(
        Answers(np.ones((3, 1), np.int64), {}),
        np.zeros((3, 1), np.int64),
        PLACES[:1],
        Marks(earned, earned),
        np.full((1, 1), 2, np.int64),
    )
    assert items[0].discrimination is None
    assert compute_paper_statistics(Marks(earned, earned), PLACES[:1], np.ones(3, bool)).reliability is None  # type: ignore[union-attr]


def test_a_sitting_is_described_by_its_scores() -> None:
    found = compute_paper_statistics(MARKS, PLACES, np.array([True, True, False, False]))
    assert found is not None
    assert (found.people, found.passed, found.highest, found.lowest, found.median) == (4, 2, 6, 0, 2)
    assert found.mean == 3.0
    assert found.histogram[0] == 1
    assert found.histogram[-1] == 1
    assert sum(found.histogram) == 4


def test_reliability_of_one_right_wrong_section_is_kr21() -> None:
    random = np.random.default_rng(5)
    ability = random.random(400)
    right = (random.random((400, 40)) < ability[:, None]).astype(np.int64)
    places = [ItemPlace(f"i{n}", 0, n, 0, Points(1), CreditRule.NONE, Points(1)) for n in range(40)]
    found = compute_paper_statistics(Marks(right, np.ones_like(right)), places, np.ones(400, bool))
    assert found is not None
    totals = right.sum(axis=1)
    # KR-21: k/(k-1) · (1 - Σ x(k-x)/(k·n·var)).
    kr21 = 40 / 39 * (1 - (totals * (40 - totals)).mean() / (40 * totals.var(ddof=1)))
    error = (40 * (totals * (40 - totals)) / (40 * 39)).mean()
    assert found.reliability == pytest.approx(1 - error / totals.var(ddof=1), abs=1e-3)
    assert found.reliability == pytest.approx(kr21, abs=0.03)


def test_nobody_gives_no_statistics() -> None:
    assert compute_paper_statistics(Marks(EARNED[:0], EARNED[:0]), PLACES, np.zeros(0, bool)) is None


ALLOWED = {
    ("grading", "graded"),
    ("grading", "superseded"),
    ("released", "graded"),
    ("graded", "proposed"),
    ("graded", "superseded"),
    ("proposed", "graded"),
    ("proposed", "released"),
    ("proposed", "superseded"),
    ("released", "superseded"),
}


@pytest.mark.parametrize(("state", "step"), list(product(RunState, RunState)))
def test_only_the_moves_of_the_table_are_allowed(state: RunState, step: RunState) -> None:
    if (state, step) in ALLOWED:
        check_move(state, step)
    else:
        with pytest.raises(RunCannotMove):
            check_move(state, step)


BOARD, STAFF = frozenset({Role.BOARD_OFFICIAL}), frozenset({Role.ADMINISTRATOR})


@pytest.mark.parametrize(
    ("proposer", "approver"), [(BOARD, STAFF), (STAFF, BOARD), (BOARD, BOARD), (BOARD | STAFF, STAFF)]
)
def test_two_persons_of_whom_one_is_of_the_board_may_release(
    proposer: frozenset[Role], approver: frozenset[Role]
) -> None:
    check_two_persons(proposed_by="staff_1", proposer_roles=proposer, approved_by="staff_2", approver_roles=approver)


def test_two_persons_without_the_board_may_not() -> None:
    with pytest.raises(ReleaseNeedsBoard):
        check_two_persons(proposed_by="staff_1", proposer_roles=STAFF, approved_by="staff_2", approver_roles=STAFF)


@pytest.mark.parametrize("roles", [BOARD, STAFF])
def test_one_person_cannot_propose_and_approve(roles: frozenset[Role]) -> None:
    with pytest.raises(ReleaseNeedsAnotherPerson):
        check_two_persons(proposed_by="staff_1", proposer_roles=roles, approved_by="staff_1", approver_roles=roles)
