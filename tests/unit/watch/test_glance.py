"""What the patrol sees of a room is told exactly when a seat changed in something that it shows."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from invigil.watch.board.composing import compose_glance, differs_at_a_glance
from invigil.watch.board.model import SeatState
from invigil.watch.board.protocol.room import RoomState, SeatView, SittingView

NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
NOBODY = SeatView(
    1, "cand_1", "", "", None, SeatState.NOT_STARTED, None, None, None, bool(0), {}, [], {}, 0, {}, None, None, None, 0, None, [],
    None, 0, "", None, 100,
)  # fmt: skip
SITTING = SittingView(
    "sit_1", "exam_1", "", "running", NOW, NOW, NOW, NOW, [], allows_extra_time=False, calls_climb_after_s=60
)

seats = st.builds(
    lambda **given: replace(NOBODY, **given),
    state=st.sampled_from(SeatState),
    attempt_id=st.sampled_from([None, "att_1", "att_2"]),
    risk=st.integers(0, 3),
    signals=st.dictionaries(st.sampled_from(["high", "low"]), st.integers(1, 2)),
    stopped_tracks=st.lists(st.sampled_from(["screen", "camera"]), max_size=2, unique=True),
    waiting_since=st.sampled_from([None, NOW, NOW - timedelta(seconds=90)]),
    answered=st.sampled_from([None, 0, 7]),
    note_count=st.integers(0, 1),
    unread_chat=st.integers(0, 1),
)


def glance(seat: SeatView) -> object:
    room = RoomState("room_1", 1, "A", SITTING, [], [replace(NOBODY, seat_number=2), seat])
    return compose_glance(room, timedelta(seconds=60), NOW)


@given(seats, seats)
def test_nothing_that_the_patrol_sees_is_missed(before: SeatView, after: SeatView) -> None:
    if glance(before) != glance(after):
        assert differs_at_a_glance(before, after)


@given(seats, st.integers(0, 100), st.integers(0, 9))
def test_what_only_the_room_sees_costs_the_patrol_nothing(seat: SeatView, answered: int, notes: int) -> None:
    assert not differs_at_a_glance(seat, replace(seat, answered=answered, note_count=notes, current_item="i7"))
