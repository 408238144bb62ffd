"""What a room's board is made of, part by part, so that one piece of news costs one query or two."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from invigil.base.accounts.api import list_logged_in_candidates, read_staff_names
from invigil.kernel.grouping import group_by
from invigil.kernel.ids import CandidateId, RoomId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.exams.api import Sitting, access_sitting
from invigil.prepare.rooms.api import Room, Seat, list_seats_of_rooms, read_rooms
from invigil.sit.answering.api import Attempt, list_attempts_of_rooms
from invigil.watch.proctoring.api import (
    Call,
    Claim,
    Command,
    count_notes,
    list_attendances,
    list_claims,
    list_commands,
    list_unread,
    list_waiting_calls,
)
from invigil.watch.signals.api import Signal, list_signals

Part = Literal[
    "seating", "cards", "attempts", "logins", "signals", "commands", "chat", "calls", "claims", "notes", "staff"
]


@dataclass
class RoomFacts:
    """Everything durable that the board of a room shows. By attempt: its id; by candidate: theirs.

    cards: of whoever sits there; empty where only figures are wanted (`has_cards`), for opening names is what costs.
    """

    room: Room
    sitting: Sitting
    seats: list[Seat] = field(default_factory=list)
    cards: Mapping[CandidateId, PublicCard] = field(default_factory=dict)
    has_cards: bool = False
    seated: frozenset[CandidateId] = frozenset()
    attempts: Mapping[CandidateId, Attempt] = field(default_factory=dict)
    logged_in: frozenset[CandidateId] = frozenset()
    signals: Mapping[str, list[Signal]] = field(default_factory=dict)
    commands: Mapping[str, Command] = field(default_factory=dict)
    unread: Mapping[str, list[datetime]] = field(default_factory=dict)
    calls: Mapping[str, Call] = field(default_factory=dict)
    claims: Mapping[str, list[Claim]] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)
    on_duty: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)


Several = Sequence[RoomFacts]


async def gather_room(tx: Transaction, room: Room) -> RoomFacts:
    """Return everything about a room."""
    facts = RoomFacts(room, await access_sitting(tx, room.sitting_id))
    for part in PARTS:
        await PARTS[part](tx, [facts])
    return facts


async def gather_rooms(tx: Transaction, rooms: Sequence[Room]) -> list[RoomFacts]:
    """Return everything about rooms of one sitting but the names of their candidates, in as many queries as for one room.

    rooms: at least one, all of the same sitting.
    """
    sitting = await access_sitting(tx, rooms[0].sitting_id)
    several = [RoomFacts(room, sitting) for room in rooms]
    for part in PARTS:
        if part != "cards":
            await PARTS[part](tx, several)
    return several


async def gather_part(tx: Transaction, facts: RoomFacts, part: Part) -> None:
    """Read one part anew."""
    await PARTS[part](tx, [facts])


def _ids(several: Several) -> list[RoomId]:
    return [facts.room.id for facts in several]


async def _seating(tx: Transaction, several: Several) -> None:
    seats = group_by(await list_seats_of_rooms(tx, _ids(several)), lambda one: one.room_id)
    for facts in several:
        facts.seats = seats.get(facts.room.id, [])
        facts.seated = frozenset(one.candidate_id for one in facts.seats)


async def _cards(tx: Transaction, several: Several) -> None:
    cards = await read_public_cards(tx, [one.candidate_id for facts in several for one in facts.seats])
    for facts in several:
        facts.cards = {one: cards[one] for one in facts.seated if one in cards}
        facts.has_cards = True


async def _attempts(tx: Transaction, several: Several) -> None:
    # A change of time may have moved the sitting's last deadline as well.
    sitting = await access_sitting(tx, several[0].room.sitting_id)
    attempts = group_by(await list_attempts_of_rooms(tx, _ids(several)), lambda one: one.room_id)
    for facts in several:
        facts.sitting = sitting
        facts.attempts = {one.candidate_id: one for one in attempts.get(facts.room.id, [])}


async def _logins(tx: Transaction, several: Several) -> None:
    seated = [one for facts in several for one in facts.seated]
    logged_in = await list_logged_in_candidates(tx, several[0].sitting.exam_id, seated)
    for facts in several:
        facts.logged_in = frozenset(one for one in facts.seated if one in logged_in)


async def _signals(tx: Transaction, several: Several) -> None:
    found = group_by(await list_signals(tx, room_ids=_ids(several), only_open=True), lambda one: one.room_id)
    for facts in several:
        facts.signals = group_by(found.get(facts.room.id, []), lambda one: one.attempt_id)


async def _commands(tx: Transaction, several: Several) -> None:
    found = group_by(await list_commands(tx, room_ids=_ids(several)), lambda one: one.room_id)
    for facts in several:
        facts.commands = {one.attempt_id: one for one in found.get(facts.room.id, [])}


async def _chat(tx: Transaction, several: Several) -> None:
    unread = await list_unread(tx, _ids(several))
    for facts in several:
        facts.unread = {one.id: unread[one.id] for one in facts.attempts.values() if one.id in unread}


async def _calls(tx: Transaction, several: Several) -> None:
    found = group_by(await list_waiting_calls(tx, room_ids=_ids(several)), lambda one: one.room_id)
    for facts in several:
        facts.calls = {one.attempt_id: one for one in reversed(found.get(facts.room.id, []))}


async def _claims(tx: Transaction, several: Several) -> None:
    found = group_by(await list_claims(tx, _ids(several)), lambda one: one.room_id)
    for facts in several:
        facts.claims = group_by(found.get(facts.room.id, []), lambda one: one.attempt_id)


async def _notes(tx: Transaction, several: Several) -> None:
    counted = await count_notes(tx, _ids(several))
    for facts in several:
        facts.notes = {one.id: counted[one.id] for one in facts.attempts.values() if one.id in counted}


async def _staff(tx: Transaction, several: Several) -> None:
    rooms = {one.id: one for one in await read_rooms(tx, _ids(several))}
    on_duty = group_by(await list_attendances(tx, _ids(several)), lambda one: one.room_id)
    names = await read_staff_names(tx)
    for facts in several:
        facts.room = rooms.get(facts.room.id, facts.room)
        facts.on_duty = frozenset(one.staff_id for one in on_duty.get(facts.room.id, []))
        facts.names = names


# In the order in which they need each other: cards need seats; chat and notes need attempts.
PARTS: Mapping[Part, Callable[[Transaction, Several], Awaitable[None]]] = {
    "seating": _seating,
    "cards": _cards,
    "attempts": _attempts,
    "logins": _logins,
    "signals": _signals,
    "commands": _commands,
    "chat": _chat,
    "calls": _calls,
    "claims": _claims,
    "notes": _notes,
    "staff": _staff,
}
