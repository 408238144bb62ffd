"""Stills on their way to walls: pages are told what is watched, walls get what they asked for, nothing is kept (S1.7)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from invigil.platform.bus import Subscription
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import Track
from invigil.sit.answering.api import TRACKS, Still, StillCame, StillsMessage, TrackName, read_stills, want_stills
from invigil.watch.board.live.boards import LiveBoards
from invigil.watch.board.protocol import SeatView, StillSource, WantStillsMessage

VERSION = 1
SHORTEST_MS, LONGEST_MS = 1_000, 60_000
# Each source of a rotating tile is shown for so long.
TURN_S = 10
# A still that comes a little before its time is shown, else every second one would be passed over.
EARLY = timedelta(milliseconds=150)


@dataclass
class Wall:
    """What one socket wants of one room. sent: when each seat's track last went out."""

    reader: Subscription
    room_id: str
    seats: frozenset[int]
    source: StillSource
    interval: timedelta
    tracks: tuple[TrackName, ...]
    sent: dict[tuple[int, TrackName], datetime] = field(default_factory=dict)

    def wanted(self, required: tuple[TrackName, ...], now: datetime) -> tuple[TrackName, ...]:
        """Return the tracks to show now."""
        if self.tracks:
            return self.tracks
        if self.source != "rotate":
            return (self.source,)
        turning = required or TRACKS
        return (turning[int(now.timestamp()) // TURN_S % len(turning)],)


def still_frame(seat_number: int, still: Still) -> bytes:
    """Return a still as the wall reads it: version, track, seat (2 bytes), time in ms (8 bytes), JPEG."""
    head = bytes((VERSION, TRACKS.index(still.track))) + seat_number.to_bytes(2) + still.at_ms.to_bytes(8)
    return head + still.jpeg


class StillsDesk:
    """Who watches what in this process, and what pages have been told of it."""

    def __init__(self, ports: Ports, boards: LiveBoards) -> None:
        self._ports = ports
        self._boards = boards
        self._walls: dict[int, Wall] = {}
        self._told: dict[str, tuple[tuple[TrackName, ...], int]] = {}

    async def want(self, reader: Subscription, message: WantStillsMessage) -> None:
        """Replace what this reader wants; the newest stills that are here and that it has not just got go out at once."""
        if not message.seats:
            await self.leave(reader)
            return
        interval_ms = min(max(message.interval_ms, SHORTEST_MS), LONGEST_MS)
        before = self._walls.get(id(reader))
        wall = Wall(
            reader,
            message.room_id,
            frozenset(message.seats),
            message.source,
            timedelta(milliseconds=interval_ms),
            tuple(message.tracks),
            # A wall sorted by risk asks anew whenever a tile moves: what it has just got does not go out again.
            before.sent if before is not None and before.room_id == message.room_id else {},
        )
        self._walls[id(reader)] = wall
        await self.turn()
        now = self._ports.clock.now()
        for seat in self._seats(wall):
            stills = read_stills(self._ports.presence, seat.attempt_id or "")
            for track in wall.wanted(self._required(wall.room_id), now):
                if track in stills:
                    self._send(wall, seat.seat_number, stills[track], now)

    async def leave(self, reader: Subscription) -> None:
        """This reader wants nothing any more."""
        if self._walls.pop(id(reader), None) is not None:
            await self.turn()

    async def pass_on(self, news: StillCame) -> None:
        """Give a still to whoever wants it now, at most one per seat, track and interval."""
        now = self._ports.clock.now()
        track = cast("TrackName", news.track)
        for wall in self._walls.values():
            if wall.room_id != news.room_id or news.seat_number not in wall.seats:
                continue
            if track in wall.wanted(self._required(wall.room_id), now):
                self._send(wall, news.seat_number, Still(track, news.at_ms, news.jpeg), now)

    async def turn(self) -> None:
        """Tell pages what is wanted of them now, where that has changed (a wall came or went, or its source turned)."""
        now = self._ports.clock.now()
        wanted: dict[str, tuple[set[TrackName], int]] = {}
        for wall in self._walls.values():
            tracks, interval_ms = (
                wall.wanted(self._required(wall.room_id), now),
                int(wall.interval.total_seconds() * 1000),
            )
            for seat in self._seats(wall):
                known, shortest = wanted.get(seat.attempt_id or "", (set(), LONGEST_MS))
                wanted[seat.attempt_id or ""] = (known | set(tracks), min(shortest, interval_ms))
        asked = {key: (tuple(one for one in TRACKS if one in some), ms) for key, (some, ms) in wanted.items()}
        for attempt_id in [*asked, *(self._told.keys() - asked.keys())]:
            told = asked.get(attempt_id)
            if self._told.get(attempt_id) != told:
                message = None if told is None else StillsMessage(list(told[0]), told[1])
                await want_stills(self._ports, attempt_id, message)
        self._told = asked

    def _send(self, wall: Wall, seat_number: int, still: Still, now: datetime) -> None:
        before = wall.sent.get((seat_number, still.track))
        if before is not None and now - before < wall.interval - EARLY:
            return
        if wall.reader.offer_droppable(still_frame(seat_number, still)):
            wall.sent[seat_number, still.track] = now

    def _seats(self, wall: Wall) -> list[SeatView]:
        room = self._boards.rooms.get(wall.room_id)
        seats = room.state.seats if room is not None else []
        return [seat for seat in seats if seat.attempt_id is not None and seat.seat_number in wall.seats]

    def _required(self, room_id: str) -> tuple[TrackName, ...]:
        room = self._boards.rooms.get(room_id)
        required: tuple[Track, ...] = () if room is None else room.facts.sitting.rules.tracks_required
        return tuple(one.value for one in required)
