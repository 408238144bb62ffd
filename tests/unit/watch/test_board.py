"""How a seat stands, instant by instant, and that figures add up (S3.16)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.kernel.ids import AttemptId, CandidateId, RoomId, SittingId
from invigil.prepare.exams.model import SittingState
from invigil.prepare.rooms.model import Room, Seat
from invigil.sit.answering.api import AttemptState, Glance
from invigil.watch.board.model import SEAT_STATES_ZH, SeatState
from invigil.watch.board.rules import GONE_FOR, SILENT_FOR, SeatFacts, build_board, compute_seat_state, count_states
from tests.unit.prepare.exams.sittings import T0, sitting_at

TICK = timedelta(microseconds=1)
LATE = T0 + timedelta(minutes=30)
CLOSES = T0 + timedelta(minutes=91)


def glance(state: AttemptState, entered_at: datetime = T0 - timedelta(hours=1)) -> Glance:
    return Glance(AttemptId("a"), CandidateId("c"), RoomId("r"), state, entered_at, None)


@pytest.mark.parametrize(
    ("stored", "is_logged_in", "now", "expected"),
    [
        (SittingState.OPEN, False, T0 - TICK, SeatState.NOT_STARTED),
        (SittingState.OPEN, True, T0 - TICK, SeatState.LOGGED_IN),
        (SittingState.OPEN, False, LATE, SeatState.NOT_STARTED),
        (SittingState.OPEN, False, LATE + TICK, SeatState.ABSENT),
        (SittingState.OPEN, True, LATE, SeatState.LOGGED_IN),
        (SittingState.OPEN, True, LATE + TICK, SeatState.ABSENT),
        (SittingState.RUNNING, True, CLOSES, SeatState.ABSENT),
        (SittingState.GRADED, True, CLOSES, SeatState.ABSENT),
        # Never opened: nobody is absent from what did not take place.
        (SittingState.LOCKED, False, CLOSES, SeatState.NOT_STARTED),
        (SittingState.DRAFT, True, T0, SeatState.LOGGED_IN),
    ],
)
def test_without_attempt(stored: SittingState, is_logged_in: bool, now: datetime, expected: SeatState) -> None:
    facts = SeatFacts(None, is_logged_in, None)
    assert compute_seat_state(sitting_at(stored), facts, now) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (AttemptState.PAUSED, SeatState.PAUSED),
        (AttemptState.LOCKED, SeatState.PAUSED),
        (AttemptState.HANDED_IN, SeatState.HANDED_IN),
        (AttemptState.AUTO_HANDED_IN, SeatState.HANDED_IN),
        (AttemptState.TERMINATED, SeatState.TERMINATED),
    ],
)
def test_attempts_that_do_not_run_need_no_heartbeat(state: AttemptState, expected: SeatState) -> None:
    facts = SeatFacts(glance(state), True, None)  # noqa: FBT003 - as declared
    assert compute_seat_state(sitting_at(SittingState.RUNNING), facts, T0) == expected


@pytest.mark.parametrize(
    ("silence", "now", "expected"),
    [
        (timedelta(0), T0 - TICK, SeatState.WAITING),
        (timedelta(0), T0, SeatState.IN_EXAM),
        (SILENT_FOR - TICK, T0, SeatState.IN_EXAM),
        (SILENT_FOR, T0, SeatState.OFFLINE),
        (SILENT_FOR - TICK, T0 - TICK, SeatState.WAITING),
        (SILENT_FOR, T0 - TICK, SeatState.OFFLINE),
    ],
)
def test_silence(silence: timedelta, now: datetime, expected: SeatState) -> None:
    heard = SeatFacts(glance(AttemptState.OPEN), True, now - silence)  # noqa: FBT003 - as declared
    assert compute_seat_state(sitting_at(SittingState.OPEN), heard, now) == expected
    # A page that has just entered is not offline before its first heartbeat is due.
    entered = SeatFacts(glance(AttemptState.OPEN, now - silence), True, None)  # noqa: FBT003 - as declared
    assert compute_seat_state(sitting_at(SittingState.OPEN), entered, now) == expected


@given(st.lists(st.sampled_from(SeatState)))
def test_figures_add_up(states: list[SeatState]) -> None:
    counts = count_states(states)
    assert counts.seated == len(states)
    assert set(counts.by_state) == set(SeatState)
    assert counts.seated >= counts.opened >= counts.entered >= 0


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(SeatState)), max_size=60))
def test_rooms_and_subjects_add_up_to_the_sitting(rows: list[tuple[int, SeatState]]) -> None:
    rooms = [Room(RoomId(f"room_{number}"), SittingId("s"), number, "AB"[number % 2], 0, ()) for number in range(1, 5)]
    seats = [
        Seat(RoomId(f"room_{number}"), number, at, SittingId("s"), CandidateId(f"c{at}"), "AB"[number % 2])
        for at, (number, _) in enumerate(rows)
    ]
    states = {CandidateId(f"c{at}"): state for at, (_, state) in enumerate(rows)}
    board = build_board(rooms, seats, states, T0)
    for state in SeatState:
        total = board.counts.by_state[state]
        assert total == sum(room.counts.by_state[state] for room in board.rooms)
        assert total == sum(counts.by_state[state] for counts in board.by_subject.values())
    assert {room.number for room in board.rooms} == {number for number, _ in rows}


def test_every_state_has_its_chinese_name() -> None:
    assert list(SEAT_STATES_ZH.values()) == [
        "未开始", "已登录", "待考", "考核中", "断线", "暂停", "已交卷", "缺考", "违纪终止",
    ]  # fmt: skip
    assert set(SEAT_STATES_ZH) == set(SeatState)


@pytest.mark.parametrize(
    ("gone_for", "expected"),
    [(timedelta(0), SeatState.IN_EXAM), (GONE_FOR - TICK, SeatState.IN_EXAM), (GONE_FOR, SeatState.OFFLINE)],
)
def test_a_page_whose_socket_ended_may_come_back(gone_for: timedelta, expected: SeatState) -> None:
    facts = SeatFacts(glance(AttemptState.OPEN), True, T0 - gone_for, T0 - gone_for)  # noqa: FBT003 - as declared
    assert compute_seat_state(sitting_at(SittingState.OPEN), facts, T0) == expected
