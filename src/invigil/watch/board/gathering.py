"""What a room's board is made of, part by part, so that one piece of news costs one query or two."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from invigil.base.accounts.api import list_logged_in_candidates, list_staff
from invigil.kernel.ids import CandidateId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.exams.api import Sitting, access_sitting
from invigil.prepare.rooms.api import Room, Seat, list_seats_of_room, read_room
from invigil.sit.answering.api import Attempt, list_attempts_of_room
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

Part = Literal["seating", "attempts", "logins", "signals", "commands", "chat", "calls", "claims", "notes", "staff"]


@dataclass
class RoomFacts:
    """Everything durable that the board of a room shows. By attempt: its id; by candidate: theirs."""

    room: Room
    sitting: Sitting
    seats: list[Seat] = field(default_factory=list)
    cards: Mapping[CandidateId, PublicCard] = field(default_factory=dict)
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


async def gather_room(tx: Transaction, room: Room) -> RoomFacts:
    """Return everything about a room."""
    facts = RoomFacts(room, await access_sitting(tx, room.sitting_id))
    for part in PARTS:
        await PARTS[part](tx, facts)
    return facts


async def gather_part(tx: Transaction, facts: RoomFacts, part: Part) -> None:
    """Read one part anew."""
    await PARTS[part](tx, facts)


async def _seating(tx: Transaction, facts: RoomFacts) -> None:
    facts.seats = await list_seats_of_room(tx, facts.room.id)
    facts.cards = await read_public_cards(tx, [one.candidate_id for one in facts.seats])


async def _attempts(tx: Transaction, facts: RoomFacts) -> None:
    # A change of time may have moved the sitting's last deadline as well.
    facts.sitting = await access_sitting(tx, facts.room.sitting_id)
    facts.attempts = {one.candidate_id: one for one in await list_attempts_of_room(tx, facts.room.id)}


async def _logins(tx: Transaction, facts: RoomFacts) -> None:
    logged_in = await list_logged_in_candidates(tx, facts.sitting.exam_id)
    facts.logged_in = frozenset(one.candidate_id for one in facts.seats if one.candidate_id in logged_in)


async def _signals(tx: Transaction, facts: RoomFacts) -> None:
    found: dict[str, list[Signal]] = {}
    for one in await list_signals(tx, room_ids=[facts.room.id], only_open=True):
        found.setdefault(one.attempt_id, []).append(one)
    facts.signals = found


async def _commands(tx: Transaction, facts: RoomFacts) -> None:
    facts.commands = {one.attempt_id: one for one in await list_commands(tx, room_ids=[facts.room.id])}


async def _chat(tx: Transaction, facts: RoomFacts) -> None:
    facts.unread = await list_unread(tx, [facts.room.id])


async def _calls(tx: Transaction, facts: RoomFacts) -> None:
    facts.calls = {one.attempt_id: one for one in reversed(await list_waiting_calls(tx, room_ids=[facts.room.id]))}


async def _claims(tx: Transaction, facts: RoomFacts) -> None:
    found: dict[str, list[Claim]] = {}
    for one in await list_claims(tx, [facts.room.id]):
        found.setdefault(one.attempt_id, []).append(one)
    facts.claims = found


async def _notes(tx: Transaction, facts: RoomFacts) -> None:
    facts.notes = await count_notes(tx, [facts.room.id])


async def _staff(tx: Transaction, facts: RoomFacts) -> None:
    facts.room = await read_room(tx, facts.room.id) or facts.room
    facts.on_duty = frozenset(one.staff_id for one in await list_attendances(tx, [facts.room.id]))
    facts.names = {one.id: one.display_name for one in await list_staff(tx)}


PARTS: Mapping[Part, Callable[[Transaction, RoomFacts], Awaitable[None]]] = {
    "seating": _seating,
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
