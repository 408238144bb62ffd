"""Taking the board of a sitting or of a room."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from invigil.base.accounts.api import list_logged_in_candidates
from invigil.kernel.ids import CandidateId, SittingId
from invigil.platform.db import Transaction
from invigil.platform.presence import Presence
from invigil.prepare.exams.api import Sitting, access_sitting
from invigil.prepare.rooms.api import Room, Seat, list_rooms, list_seats, list_seats_of_room, read_arrangement
from invigil.sit.answering.api import Glance, list_attempts_of_room, list_glances, read_device
from invigil.watch.board.model import Board, SeatState, SeatStatus
from invigil.watch.board.rules import SeatFacts, build_board, compute_seat_state

# Taking a board of 50,000 seats costs the process about half a second: many onlookers share one for a while.
SHARED_FROM = 2_000
SHARED_FOR = timedelta(seconds=10)


class Seating(NamedTuple):
    """Who sits where, as of one version of the arrangement."""

    version: int
    rooms: list[Room]
    seats: list[Seat]


class Boards:
    """Boards of sittings, shared by the onlookers of one process while they are fresh."""

    def __init__(self) -> None:
        self._latest: dict[SittingId, Board] = {}
        self._seating: dict[SittingId, Seating] = {}

    async def take(self, tx: Transaction, presence: Presence, sitting: Sitting) -> Board:
        """Return the board of a sitting, at most `SHARED_FOR` old for a large one and always fresh for a small one."""
        known = self._latest.get(sitting.id)
        if known is not None and timedelta(0) <= tx.now - known.taken_at < SHARED_FOR:
            return known
        seating = await self._find_seating(tx, sitting)
        board = await take_board(tx, presence, sitting, seating)
        if board.counts.seated >= SHARED_FROM:
            self._latest[sitting.id] = board
            self._seating[sitting.id] = seating
        return board

    async def _find_seating(self, tx: Transaction, sitting: Sitting) -> Seating:
        """Return who sits where; read again only when the arrangement has another version."""
        arrangement = await read_arrangement(tx, sitting.id)
        version = 0 if arrangement is None else arrangement.version
        known = self._seating.get(sitting.id)
        if known is not None and known.version == version:
            return known
        return Seating(version, await list_rooms(tx, sitting.id), await list_seats(tx, sitting.id))


async def take_board(tx: Transaction, presence: Presence, sitting: Sitting, seating: Seating) -> Board:
    """Return the board of a sitting as it is now; empty when it has no rooms."""
    glances = {one.candidate_id: one for one in await list_glances(tx, sitting.id)}
    logged_in = await list_logged_in_candidates(tx, sitting.exam_id)
    states: dict[CandidateId, SeatState] = {}
    for seat in seating.seats:
        facts = _facts(glances.get(seat.candidate_id), seat.candidate_id in logged_in, presence)
        states[seat.candidate_id] = compute_seat_state(sitting, facts, tx.now)
    return build_board(seating.rooms, seating.seats, states, tx.now)


async def take_room(tx: Transaction, presence: Presence, room: Room) -> tuple[Sitting, list[SeatStatus]]:
    """Return the sitting of a room and how its seats stand, by seat number; never older than now."""
    sitting = await access_sitting(tx, room.sitting_id)
    attempts = {one.candidate_id: one for one in await list_attempts_of_room(tx, room.id)}
    logged_in = await list_logged_in_candidates(tx, sitting.exam_id)
    statuses = []
    for seat in await list_seats_of_room(tx, room.id):
        attempt = attempts.get(seat.candidate_id)
        glance = (
            None
            if attempt is None
            else Glance(attempt.id, attempt.candidate_id, room.id, attempt.state, attempt.entered_at, attempt.ended_at)
        )
        facts = _facts(glance, seat.candidate_id in logged_in, presence)
        statuses.append(_status(sitting, seat.seat_number, seat.candidate_id, facts, tx.now))
    return sitting, statuses


def sort_rooms(board: Board, sort: str) -> Sequence[int]:
    """Return the places of the board's rooms in the order asked for.

    sort: "number" or a state, "-" in front for descending; anything else: by number.
    """
    places = range(len(board.rooms))
    name, is_descending = sort.removeprefix("-"), sort.startswith("-")
    if name in set(SeatState):
        return sorted(places, key=lambda at: board.rooms[at].counts.by_state[SeatState(name)], reverse=is_descending)
    return list(reversed(places)) if name == "number" and is_descending else places


def _facts(glance: Glance | None, is_logged_in: bool, presence: Presence) -> SeatFacts:  # noqa: FBT001 - one fact of three
    if glance is None:
        return SeatFacts(None, is_logged_in, None)
    page = read_device(presence, glance.attempt_id, "pc")
    gone_at = None if page is None else page.gone_at
    return SeatFacts(glance, is_logged_in, presence.last_seen(glance.attempt_id), gone_at)


def _status(
    sitting: Sitting, seat_number: int, candidate_id: CandidateId, facts: SeatFacts, now: datetime
) -> SeatStatus:
    return SeatStatus(
        seat_number=seat_number,
        candidate_id=candidate_id,
        state=compute_seat_state(sitting, facts, now),
        entered_at=None if facts.glance is None else facts.glance.entered_at,
        ended_at=None if facts.glance is None else facts.glance.ended_at,
        last_seen=facts.last_seen,
    )
