"""How a seat stands at an instant, and how seats add up. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from invigil.kernel.ids import CandidateId
from invigil.prepare.exams.api import Sitting, SittingState, compute_sitting_state
from invigil.prepare.rooms.api import Room, Seat
from invigil.sit.answering.api import AttemptState, Glance
from invigil.watch.board.model import Board, RoomBoard, SeatCounts, SeatState

# A page sends a heartbeat every ten seconds: one and a half may be missed before the seat shows 断线 (S3.6).
SILENT_FOR = timedelta(seconds=15)
# The page said goodbye or its line broke: a reload comes back sooner than this.
GONE_FOR = timedelta(seconds=5)

_OVER = (SittingState.CLOSED, SittingState.GRADED, SittingState.RELEASED)
_ENDED = {
    AttemptState.HANDED_IN: SeatState.HANDED_IN,
    AttemptState.AUTO_HANDED_IN: SeatState.HANDED_IN,
    AttemptState.TERMINATED: SeatState.TERMINATED,
    AttemptState.PAUSED: SeatState.PAUSED,
    AttemptState.LOCKED: SeatState.PAUSED,
}


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What is known of a seat. last_seen: of the page's heartbeats, None when none is known. gone_at: its socket ended then."""

    glance: Glance | None
    is_logged_in: bool
    last_seen: datetime | None
    gone_at: datetime | None = None


def compute_seat_state(sitting: Sitting, facts: SeatFacts, now: datetime) -> SeatState:
    """Return how a seat stands.

    Nobody is absent while entering is possible: at `late_entry_until` itself it still is. A page just entered counts as
    connected until its first heartbeat is overdue.
    Source: S3.16.
    """
    if facts.glance is None:
        return _compute_without_attempt(sitting, facts, now)
    ended = _ENDED.get(facts.glance.state)
    if ended is not None:
        return ended
    heard = max(facts.glance.entered_at, facts.last_seen or facts.glance.entered_at)
    if now - heard >= SILENT_FOR or (facts.gone_at is not None and now - facts.gone_at >= GONE_FOR):
        return SeatState.OFFLINE
    return SeatState.IN_EXAM if now >= sitting.starts_at else SeatState.WAITING


def _compute_without_attempt(sitting: Sitting, facts: SeatFacts, now: datetime) -> SeatState:
    state = compute_sitting_state(sitting, now)
    if state in _OVER or (state == SittingState.RUNNING and now > sitting.late_entry_until):
        return SeatState.ABSENT
    return SeatState.LOGGED_IN if facts.is_logged_in else SeatState.NOT_STARTED


def count_states(states: Iterable[SeatState]) -> SeatCounts:
    """Return how many there are of each state, zeros included."""
    counted = Counter(states)
    return SeatCounts({state: counted[state] for state in SeatState})


def build_board(
    rooms: Iterable[Room], seats: Iterable[Seat], states: Mapping[CandidateId, SeatState], taken_at: datetime
) -> Board:
    """Return the board of a sitting.

    states: of every seated candidate. Rooms without seats are left out.
    """
    by_room: dict[str, list[SeatState]] = {}
    by_subject: dict[str, list[SeatState]] = {}
    for seat in seats:
        state = states[seat.candidate_id]
        by_room.setdefault(seat.room_id, []).append(state)
        by_subject.setdefault(seat.subject_code, []).append(state)
    return Board(
        taken_at=taken_at,
        counts=count_states(state for room in by_room.values() for state in room),
        by_subject={code: count_states(by_subject[code]) for code in sorted(by_subject)},
        rooms=tuple(
            RoomBoard(room.id, room.number, room.subject_code, count_states(by_room[room.id]))
            for room in rooms
            if room.id in by_room
        ),
    )
