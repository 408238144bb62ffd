"""Where a sitting stands, instant by instant, and what leads out of each state."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.prepare.exams.model import PATHS, Mover, SittingState
from invigil.prepare.exams.rules.states import compute_sitting_state, find_path, list_paths_from, list_steps_due
from tests.unit.prepare.exams.sittings import T0, sitting_at

TICK = timedelta(microseconds=1)
CLOSES = T0 + timedelta(minutes=91)  # 90 minutes and the grace of 60 s
DRAFT, LOCKED, OPEN, RUNNING = SittingState.DRAFT, SittingState.LOCKED, SittingState.OPEN, SittingState.RUNNING
CLOSED, GRADED, RELEASED = SittingState.CLOSED, SittingState.GRADED, SittingState.RELEASED


@pytest.mark.parametrize(
    ("stored", "instant", "expected"),
    [
        (OPEN, T0 - TICK, OPEN),
        (OPEN, T0, RUNNING),
        (OPEN, T0 + TICK, RUNNING),
        (OPEN, CLOSES - TICK, RUNNING),
        (OPEN, CLOSES, CLOSED),
        (RUNNING, T0 - TICK, RUNNING),
        (RUNNING, T0 + timedelta(minutes=90), RUNNING),
        (RUNNING, CLOSES - TICK, RUNNING),
        (RUNNING, CLOSES, CLOSED),
        (RUNNING, CLOSES + timedelta(days=9), CLOSED),
        (DRAFT, CLOSES, DRAFT),
        (LOCKED, T0, LOCKED),
        (LOCKED, CLOSES, LOCKED),
        (CLOSED, T0, CLOSED),
        (GRADED, CLOSES, GRADED),
        (RELEASED, CLOSES, RELEASED),
    ],
)
def test_state_by_time(stored: SittingState, instant: datetime, expected: SittingState) -> None:
    assert compute_sitting_state(sitting_at(stored), instant) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(-1, RUNNING), (0, CLOSED), (1, CLOSED)])
def test_extra_time_moves_the_close_with_its_grace(seconds: int, expected: SittingState) -> None:
    sitting = sitting_at(RUNNING, last_deadline=T0 + timedelta(minutes=120))
    instant = T0 + timedelta(minutes=121, seconds=seconds)
    assert compute_sitting_state(sitting, instant) == expected


def test_a_server_that_slept_writes_both_steps() -> None:
    assert list_steps_due(sitting_at(OPEN), CLOSES) == (RUNNING, CLOSED)
    assert list_steps_due(sitting_at(OPEN), T0) == (RUNNING,)
    assert list_steps_due(sitting_at(OPEN), T0 - TICK) == ()
    assert list_steps_due(sitting_at(RUNNING), CLOSES) == (CLOSED,)


@given(st.sampled_from(list(SittingState)), st.integers(-7200, 10_000), st.integers(0, 10_000))
def test_time_never_goes_back_and_only_takes_declared_paths(stored: SittingState, seconds: int, later: int) -> None:
    instant = T0 + timedelta(seconds=seconds)
    sitting = sitting_at(stored)
    state = stored
    for target in list_steps_due(sitting, instant):
        path = find_path(state, target)
        assert path is not None
        assert path.mover == Mover.TIME
        state = target
    assert state == compute_sitting_state(sitting, instant)
    order = list(SittingState)
    after = compute_sitting_state(sitting, instant + timedelta(seconds=later))
    assert order.index(after) >= order.index(state)


def test_every_state_but_the_ends_leads_on() -> None:
    for state in SittingState:
        assert list_paths_from(state), state
    assert {path.target for path in PATHS} == set(SittingState)
    assert len({(path.origin, path.target) for path in PATHS}) == len(PATHS)


def test_what_needs_two_persons_and_the_title() -> None:
    assert find_path(DRAFT, LOCKED).persons == 2
    assert find_path(GRADED, RELEASED).persons == 2
    assert find_path(LOCKED, DRAFT).needs_title
    assert find_path(OPEN, LOCKED).needs_title
    assert find_path(DRAFT, OPEN) is None
