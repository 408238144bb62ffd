"""Who may book which slot, instant by instant."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from invigil.kernel.ids import SittingId
from invigil.kernel.refusals import Refusal
from invigil.prepare.exams.model import MockSlot, Sitting, SittingKind, SittingState
from invigil.prepare.exams.model.refusals import NotAMockSlot, SlotBegun, SlotFull, SlotOfOtherSubject
from invigil.prepare.exams.rules.booking import check_booking, is_offered
from tests.unit.prepare.exams.sittings import T0, sitting_at

TICK = timedelta(microseconds=1)


def slot(state: SittingState = SittingState.OPEN, booked: int = 0, **changes: Any) -> MockSlot:
    return MockSlot(sitting_at(state, **({"kind": SittingKind.MOCK, "capacity": 2} | changes)), booked)


def outcome(
    one: MockSlot, *, current: Sitting | None = None, subject: str = "A", now: datetime = T0 - TICK
) -> type[Refusal] | None:
    try:
        check_booking(one, subject, current, now)
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(("now", "expected"), [(T0 - TICK, None), (T0, SlotBegun), (T0 + TICK, SlotBegun)])
def test_until_it_begins(now: datetime, expected: type[Refusal] | None) -> None:
    assert outcome(slot(), now=now) == expected
    assert is_offered(slot().sitting, "A", now) == (expected is None)


@pytest.mark.parametrize(("booked", "expected"), [(0, None), (1, None), (2, SlotFull), (3, SlotFull)])
def test_capacity(booked: int, expected: type[Refusal] | None) -> None:
    assert outcome(slot(booked=booked)) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SittingState.DRAFT, NotAMockSlot),
        (SittingState.LOCKED, None),
        (SittingState.OPEN, None),
        (SittingState.RUNNING, SlotBegun),
        (SittingState.CLOSED, SlotBegun),
    ],
)
def test_states(state: SittingState, expected: type[Refusal] | None) -> None:
    assert outcome(slot(state)) == expected


def test_a_real_sitting_is_no_slot() -> None:
    assert outcome(slot(kind=SittingKind.REAL)) == NotAMockSlot
    assert not is_offered(slot(kind=SittingKind.REAL).sitting, "A", T0 - TICK)


def test_other_subject() -> None:
    assert outcome(slot(), subject="B") == SlotOfOtherSubject
    assert not is_offered(slot().sitting, "B", T0 - TICK)


@pytest.mark.parametrize(("begins_in", "expected"), [(TICK, None), (timedelta(0), SlotBegun), (-TICK, SlotBegun)])
def test_a_booking_is_given_up_only_before_it_begins(begins_in: timedelta, expected: type[Refusal] | None) -> None:
    now = T0 - timedelta(days=1)
    current = sitting_at(SittingState.OPEN, id=SittingId("sitting_0"), starts_at=now + begins_in)
    assert outcome(slot(), current=current, now=now) == expected


def test_booking_a_full_slot_again_by_its_holder_passes() -> None:
    full = slot(booked=2)
    assert outcome(full, current=full.sitting) is None
