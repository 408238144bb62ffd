"""Who may not watch whom, and giving every room a proctor who may (C5.2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from invigil.kernel.ids import CandidateId, RoomId, StaffId
from invigil.prepare.rooms.model import Proctor


class Conflict(StrEnum):
    """Why a proctor steps back from a room."""

    RELATIVE = "relative"
    COLLEAGUE = "colleague"


CONFLICTS_ZH = {Conflict.RELATIVE: "有近亲属关系", Conflict.COLLEAGUE: "同属一个单位"}
CONFLICTS_EN = {
    Conflict.RELATIVE: "is related to a candidate",
    Conflict.COLLEAGUE: "has a colleague among the candidates",
}


@dataclass(frozen=True, slots=True)
class Occupants:
    """Who sits in a room, as far as recusal asks: ids, and normalised employers without the empty one."""

    room_id: RoomId
    candidate_ids: frozenset[CandidateId]
    employers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One proctor for each room as far as they go.

    by_room: different proctors. unwatched: the rooms left over, in order; no assignment leaves fewer.
    """

    by_room: Mapping[RoomId, StaffId]
    unwatched: tuple[RoomId, ...]


def find_conflict(proctor: Proctor, room: Occupants) -> Conflict | None:
    """Return why this proctor may not watch this room; None when they may.

    Source: C5.2.
    """
    if not proctor.relative_ids.isdisjoint(room.candidate_ids):
        return Conflict.RELATIVE
    return Conflict.COLLEAGUE if proctor.employer and proctor.employer in room.employers else None


def assign_proctors(rooms: Sequence[Occupants], proctors: Sequence[Proctor], *, seed: str) -> Assignment:
    """Give every room a proctor of its own, as many rooms as possible.

    rooms: any order; proctors: no duplicates. The same seed gives the same assignment.
    A largest matching of rooms and proctors: first whoever is free, then by moving earlier choices (augmenting paths), so that
    a room is left over only if no assignment at all could serve more rooms.
    """
    draw = Random(seed)  # noqa: S311 - a fair shuffle that can be repeated, not a secret
    order = sorted(proctors, key=lambda one: one.id)
    draw.shuffle(order)
    return _Matching(rooms, order).solve()


class _Matching:
    def __init__(self, rooms: Sequence[Occupants], proctors: Sequence[Proctor]) -> None:
        self._rooms = rooms
        self._proctors = proctors
        self._free = dict.fromkeys(range(len(proctors)))
        self._room_of: dict[int, int] = {}  # proctor -> room
        # Proctors from whom no path to a free one leads: stays true after a failed search, so each is visited once.
        self._exhausted: set[int] = set()

    def solve(self) -> Assignment:
        unwatched = [index for index in range(len(self._rooms)) if not self._take_free(index)]
        left = [index for index in unwatched if not self._augment(index)]
        by_room = {self._rooms[room].room_id: self._proctors[proctor].id for proctor, room in self._room_of.items()}
        return Assignment(by_room, tuple(self._rooms[index].room_id for index in left))

    def _may(self, proctor: int, room: int) -> bool:
        return find_conflict(self._proctors[proctor], self._rooms[room]) is None

    def _take_free(self, room: int) -> bool:
        for proctor in self._free:
            if self._may(proctor, room):
                del self._free[proctor]
                self._room_of[proctor] = room
                return True
        return False

    def _augment(self, start: int) -> bool:
        """Search breadth first for a chain of moves that ends at a free proctor, and make the moves."""
        came_from: dict[int, int] = {}  # proctor -> the room that reached it
        waiting = [start]
        for room in waiting:
            for proctor in range(len(self._proctors)):
                if proctor in came_from or proctor in self._exhausted or not self._may(proctor, room):
                    continue
                came_from[proctor] = room
                if proctor in self._free:
                    self._shift(proctor, came_from, start)
                    return True
                waiting.append(self._room_of[proctor])
        self._exhausted |= came_from.keys()
        return False

    def _shift(self, proctor: int, came_from: Mapping[int, int], start: int) -> None:
        held = {room: holder for holder, room in self._room_of.items()}
        del self._free[proctor]
        while True:
            room = came_from[proctor]
            self._room_of[proctor] = room
            if room == start:
                return
            proctor = held[room]


def count_blocked(rooms: Sequence[Occupants], proctors: Collection[Proctor]) -> int:
    """Return how many of the proctors may watch none of these rooms."""
    return sum(all(find_conflict(one, room) is not None for room in rooms) for one in proctors)
