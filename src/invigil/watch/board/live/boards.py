"""Every board that is looked at in this process, and the news that changes it.

News says which part of a room has changed; the part is read anew and what differs is told. Presence and time change a room
without the database: heartbeats arrive by the thousand, and a silent page is found by the clock (`tick`).
"""

import asyncio
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.platform.bus import Subscription
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.api import Room, RoomNotFound, Seat, list_rooms, read_room
from invigil.sit.answering.api import AttemptNotFound, access_attempt
from invigil.watch.board.composing import (
    compose_glance,
    compose_proctors,
    compose_room,
    compose_seat,
    compose_sitting,
    compute_due,
    compute_due_of_page,
    differs_at_a_glance,
)
from invigil.watch.board.gathering import Part, RoomFacts, gather_part, gather_room, gather_rooms
from invigil.watch.board.live.followed import FollowedTopic
from invigil.watch.board.live.panels import LISTS, compose_panel, find_changes
from invigil.watch.board.protocol import (
    PanelSeatChanged,
    PanelState,
    PatrolState,
    ProctorsChanged,
    RoomGlanceChanged,
    RoomState,
    SeatChanged,
    SeatView,
    SittingChanged,
)
from invigil.watch.board.topics import TOPIC_PANEL, TOPIC_PATROL, TOPIC_ROOM

# What no news tells of (an arrangement that was changed, a login that ran out) shows after this at the latest.
RELOAD_EVERY = timedelta(seconds=60)
# A patrol needs every room of a sitting: read so many at a time, the process is not held up for longer than about 0.1 s.
ROOMS_AT_ONCE = 100
# A board nobody has looked at for so long is forgotten.
KEPT_UNREAD = timedelta(seconds=60)


class LiveRoom:
    """A room that is looked at, or that a panel or a patrol needs."""

    def __init__(self, facts: RoomFacts, followed: FollowedTopic, now: datetime) -> None:
        self.facts = facts
        self.followed = followed
        self.lock = asyncio.Lock()
        self.due: datetime | None = now
        self.reload_at = now + RELOAD_EVERY
        self.needed_until = now + KEPT_UNREAD
        self.watching: dict[str, int] = {}

    @property
    def state(self) -> RoomState:
        """The room as everybody who follows knows it."""
        return cast("RoomState", self.followed.state)


class LiveBoards:
    """Rooms, panels and patrols that are followed now."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self.climb_after = timedelta(seconds=ports.settings.watch.calls_climb_after_s)
        self.rooms: dict[str, LiveRoom] = {}
        self.panels: dict[str, FollowedTopic] = {}
        self.patrols: dict[str, FollowedTopic] = {}
        self._opening = asyncio.Lock()

    async def follow_room(self, reader: Subscription, room_id: str, since: int) -> None:
        """Let a reader follow a room. Raises: RoomNotFound."""
        (await self.open_room(room_id)).followed.let_in(reader, since)

    async def follow_panel(self, reader: Subscription, attempt_id: str, since: int) -> None:
        """Let a reader follow one candidate. Raises: AttemptNotFound, RoomNotFound."""
        if attempt_id not in self.panels:
            async with self._ports.db.reading() as tx:
                attempt = await access_attempt(tx, AttemptId(attempt_id))
            room = await self.open_room(attempt.room_id)
            async with room.lock, self._ports.db.reading() as tx:
                if attempt_id not in self.panels:
                    state = await compose_panel(tx, attempt, _seat_of(room, attempt_id))
                    topic = TOPIC_PANEL.of(attempt_id)
                    self.panels[attempt_id] = FollowedTopic(self._ports.bus, topic, state, self._ports.clock.now())
            # News that came while it was read was told to nobody.
            for name in LISTS:
                await self.refresh_panel(attempt_id, name)
        self.panels[attempt_id].let_in(reader, since)

    async def follow_patrol(self, reader: Subscription, sitting_id: str, since: int) -> None:
        """Let a reader follow every room of a sitting."""
        (await self.open_patrol(sitting_id)).let_in(reader, since)

    async def open_room(self, room_id: str) -> LiveRoom:
        """Return the room, read now if nobody has looked at it. Raises: RoomNotFound."""
        known = self.rooms.get(room_id)
        if known is not None:
            known.needed_until = self._ports.clock.now() + KEPT_UNREAD
            if not known.facts.has_cards:  # so far only a patrol has looked at it
                await self._reload(known)
            return known
        async with self._opening, self._ports.db.reading() as tx:
            if room_id not in self.rooms:
                room = await read_room(tx, RoomId(room_id))
                if room is None:
                    raise RoomNotFound
                self.adopt(await gather_room(tx, room))
        # News that came while it was read is in nobody's hands: read once more what it may have changed.
        live = self.rooms[room_id]
        await self._reload(live)
        return live

    async def open_patrol(self, sitting_id: str) -> FollowedTopic:
        """Return the patrol's view of a sitting, every room of it kept live."""
        known = self.patrols.get(sitting_id)
        if known is not None:
            return known
        async with self._ports.db.reading() as tx:
            rooms = [room for room in await list_rooms(tx, SittingId(sitting_id)) if room.seated]
        live = await self._open_rooms(rooms)
        now = self._ports.clock.now()
        glances = [compose_glance(room.state, self.climb_after, now) for room in live]
        async with self._ports.db.reading() as tx:
            sitting = compose_sitting(await access_sitting(tx, SittingId(sitting_id)), self.climb_after, now)
        state = PatrolState(sitting, sorted(glances, key=lambda one: one.number))
        made = FollowedTopic(self._ports.bus, TOPIC_PATROL.of(sitting_id), state, now)
        self.patrols.setdefault(sitting_id, made)
        for room in live:  # what changed while the last of them was read
            await self._pass_on(room, now)
        return self.patrols[sitting_id]

    async def _open_rooms(self, rooms: Sequence[Room]) -> list[LiveRoom]:
        """Return rooms of one sitting, many at a time and without names; those that are looked at already stay as they are."""
        async with self._opening:
            for part in batched([room for room in rooms if room.id not in self.rooms], ROOMS_AT_ONCE):
                async with self._ports.db.reading() as tx:
                    found = await gather_rooms(tx, part)
                for facts in found:
                    self.adopt(facts)
                # News that came while they were read is in nobody's hands: read once more what it may have changed.
                await self._reload_figures([self.rooms[room.id] for room in part])
        return [self.rooms[room.id] for room in rooms]

    async def _reload_figures(self, rooms: Sequence[LiveRoom]) -> None:
        """Read rooms of one sitting anew, but for the names, and tell what differs."""
        async with self._ports.db.reading() as tx:
            found = await gather_rooms(tx, [room.facts.room for room in rooms])
        for room, facts in zip(rooms, found, strict=True):
            async with room.lock:
                if not room.facts.has_cards:
                    room.facts = facts
                room.reload_at = self._ports.clock.now() + RELOAD_EVERY
                await self._compare(room)
            await asyncio.sleep(0)

    async def watch_begins(self, room_id: str, staff_id: str) -> None:
        """Note that somebody looks at a room; a proctor on duty is present now."""
        room = self.rooms.get(room_id)
        if room is not None:
            room.watching[staff_id] = room.watching.get(staff_id, 0) + 1
            await self._compare_staff(room)

    async def watch_ends(self, room_id: str, staff_id: str) -> None:
        """Note that they look no longer."""
        room = self.rooms.get(room_id)
        if room is not None and staff_id in room.watching:
            room.watching[staff_id] -= 1
            if room.watching[staff_id] <= 0:
                del room.watching[staff_id]
            await self._compare_staff(room)

    async def tick(self) -> None:
        """Let time pass: silent pages, T0, calls that climb; forget what nobody looks at."""
        now = self._ports.clock.now()
        glanced_at: dict[str, list[LiveRoom]] = {}
        for room_id, room in list(self.rooms.items()):
            if room.due is not None and room.due <= now:
                await self._compare(room)
            if self._is_needed(room):
                room.needed_until = now + KEPT_UNREAD
                if room.reload_at <= now and room.facts.has_cards:
                    await self._reload(room)
                elif room.reload_at <= now:
                    glanced_at.setdefault(room.state.sitting.id, []).append(room)
            elif room.needed_until <= now:
                del self.rooms[room_id]
        for rooms in glanced_at.values():
            await self._reload_figures(rooms[:ROOMS_AT_ONCE])
        for followed in (self.panels, self.patrols):
            for key in [key for key, one in followed.items() if not self._ports.bus.has_readers(one.topic)]:
                del followed[key]

    def _is_needed(self, room: LiveRoom) -> bool:
        bus, state = self._ports.bus, room.state
        return (
            bus.has_readers(room.followed.topic)
            or state.sitting.id in self.patrols
            or any(one.attempt_id in self.panels for one in state.seats)
        )

    def adopt(self, facts: RoomFacts) -> None:
        """Keep a room that has been read."""
        now = self._ports.clock.now()
        state = compose_room(facts, self._ports.presence, (), self.climb_after, now)
        followed = FollowedTopic(self._ports.bus, TOPIC_ROOM.of(facts.room.id), state, now)
        self.rooms[facts.room.id] = LiveRoom(facts, followed, now)

    async def _reload(self, room: LiveRoom) -> None:
        async with room.lock:
            async with self._ports.db.reading() as tx:
                room.facts = await gather_room(tx, room.facts.room)
            room.reload_at = self._ports.clock.now() + RELOAD_EVERY
            await self._compare(room)

    async def refresh(self, room_id: str, *parts: Part) -> None:
        """Read parts of a room anew, when somebody looks at it, and tell what differs."""
        room = self.rooms.get(room_id)
        if room is None:
            return
        async with room.lock:
            async with self._ports.db.reading() as tx:
                for part in parts:
                    await gather_part(tx, room.facts, part)
            await self._compare(room)

    async def refresh_panel(self, attempt_id: str, name: str) -> None:
        """Read a list of a panel anew, when somebody looks at it, and tell what differs."""
        panel = self.panels.get(attempt_id)
        if panel is None:
            return
        async with self._ports.db.reading() as tx:
            events = await find_changes(tx, cast("PanelState", panel.state), name)
        for event in events:
            await panel.put(event)

    async def touch(self, room_id: str, attempt_id: str) -> None:
        """A page has told something of itself: compose its seat anew; the database has no part in it."""
        room = self.rooms.get(room_id)
        if room is None:
            return
        now = self._ports.clock.now()
        seat = next((one for one in room.facts.seats if _attempt_id(room, one) == attempt_id), None)
        if seat is None:
            return
        fresh = compose_seat(room.facts, seat, self._ports.presence, now)
        before = next((one for one in room.state.seats if one.seat_number == fresh.seat_number), None)
        if fresh != before:
            await room.followed.put(SeatChanged(fresh))
            await self._tell_panel(fresh)
            # Most heartbeats change what the patrol does not see; a room of thirty is not counted anew for them.
            if before is None or differs_at_a_glance(before, fresh):
                await self._tell_patrol(room, now)
        due = compute_due_of_page(self._ports.presence, attempt_id, now)
        if due is not None and (room.due is None or due < room.due):
            room.due = due

    async def _compare(self, room: LiveRoom) -> None:
        """Tell what differs between the room as known and as it is now."""
        now = self._ports.clock.now()
        fresh = compose_room(room.facts, self._ports.presence, room.watching, self.climb_after, now)
        room.due = compute_due(room.facts, self._ports.presence, self.climb_after, now)
        known = room.state
        if {one.seat_number for one in known.seats} - {one.seat_number for one in fresh.seats}:
            await room.followed.replace(fresh)
        else:
            before = {one.seat_number: one for one in known.seats}
            for seat in fresh.seats:
                if before.get(seat.seat_number) != seat:
                    await room.followed.put(SeatChanged(seat))
            if known.proctors != fresh.proctors:
                await room.followed.put(ProctorsChanged(fresh.proctors))
            if known.sitting != fresh.sitting:
                await room.followed.put(SittingChanged(fresh.sitting))
        await self._pass_on(room, now)

    async def _compare_staff(self, room: LiveRoom) -> None:
        proctors = compose_proctors(room.facts, room.watching)
        if proctors != room.state.proctors:
            await room.followed.put(ProctorsChanged(proctors))
            await self._pass_on(room, self._ports.clock.now())

    async def _pass_on(self, room: LiveRoom, now: datetime) -> None:
        """Tell panels and patrols what of the room concerns them."""
        for seat in room.state.seats:
            await self._tell_panel(seat)
        await self._tell_patrol(room, now)

    async def _tell_panel(self, seat: SeatView) -> None:
        panel = self.panels.get(seat.attempt_id or "")
        if panel is not None and cast("PanelState", panel.state).seat != seat:
            await panel.put(PanelSeatChanged(seat))

    async def _tell_patrol(self, room: LiveRoom, now: datetime) -> None:
        patrol = self.patrols.get(room.state.sitting.id)
        if patrol is None:
            return
        known = cast("PatrolState", patrol.state)
        glance = compose_glance(room.state, self.climb_after, now)
        place = bisect_left(known.rooms, glance.number, key=lambda one: one.number)
        if known.rooms[place : place + 1] != [glance]:
            await patrol.put(RoomGlanceChanged(glance))
        if known.sitting != room.state.sitting:
            await patrol.put(SittingChanged(room.state.sitting))


def batched(rooms: Sequence[Room], size: int) -> Iterator[Sequence[Room]]:
    """Yield the rooms, so many at a time."""
    for first in range(0, len(rooms), size):
        yield rooms[first : first + size]


def _attempt_id(room: LiveRoom, seat: Seat) -> str:
    attempt = room.facts.attempts.get(seat.candidate_id)
    return "" if attempt is None else attempt.id


def _seat_of(room: LiveRoom, attempt_id: str) -> SeatView:
    """Return the seat of an attempt; one who sits elsewhere by now is not shown.

    Raises: AttemptNotFound.
    """
    seat = next((one for one in room.state.seats if one.attempt_id == attempt_id), None)
    if seat is None:
        raise AttemptNotFound
    return seat
