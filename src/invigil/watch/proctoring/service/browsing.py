"""Looking through the notes of a sitting: by subject, room, kind, candidate, and by words (S3.15)."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import RoomId, SittingId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.api import access_room, find_seen_rooms, list_rooms
from invigil.sit.answering.api import read_attempts
from invigil.watch.proctoring.model import Note, NotesAsked
from invigil.watch.proctoring.store.records import find_notes, list_noted_rooms


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A note with whom it is about. room_number, seat_number: 0 where the room is gone. by_name: who wrote it."""

    note: Note
    card: PublicCard | None
    room_number: int
    seat_number: int
    by_name: str


async def choose_rooms(
    tx: Transaction, who: Principal, sitting_id: SittingId, *, room_id: str = "", room_number: int = 0
) -> frozenset[RoomId]:
    """Return the rooms with notes that this person may see, fewer where one is asked for by id or number.

    Raises: SittingNotFound; RoomNotFound - the one named by id is none of theirs.
    """
    await access_sitting(tx, sitting_id)
    if room_id:
        return frozenset({(await access_room(tx, who, RoomId(room_id))).id})
    is_seen = await find_seen_rooms(tx, who)
    allowed = frozenset(one for one in await list_noted_rooms(tx, sitting_id) if is_seen(one))
    if not room_number:
        return allowed
    return allowed & {room.id for room in await list_rooms(tx, sitting_id) if room.number == room_number}


async def browse_notes(
    tx: Transaction, asked: NotesAsked, *, part: str, offset: int, limit: int
) -> tuple[list[SeenNote], int]:
    """Return one page of notes, the newest first, and how many match.

    part: looked for in the candidate's name and ticket number, the words and the author's name. What is written is ciphertext, so a
    search opens every note asked for (about 50 µs each).
    """
    if not part:
        found, total = await find_notes(tx, asked, offset=offset, limit=limit)
        return await _see(tx, asked.sitting_id, found), total
    every, _ = await find_notes(tx, asked)
    matching = [one for one in await _see(tx, asked.sitting_id, every) if _says(one, part.casefold())]
    return matching[offset : offset + limit], len(matching)


async def _see(tx: Transaction, sitting_id: SittingId, found: Sequence[Note]) -> list[SeenNote]:
    if not found:
        return []
    attempts = await read_attempts(tx, {one.attempt_id for one in found}, is_locking=False)
    cards = await read_public_cards(tx, list({one.candidate_id for one in attempts.values()}))
    rooms = {room.id: room.number for room in await list_rooms(tx, sitting_id)}
    names = await read_staff_names(tx)
    return [
        SeenNote(
            note=one,
            card=cards.get(attempts[one.attempt_id].candidate_id),
            room_number=rooms.get(one.room_id, 0),
            seat_number=attempts[one.attempt_id].seat_number,
            by_name=names.get(one.by, ""),
        )
        for one in found
    ]


def _says(one: SeenNote, part: str) -> bool:
    card = one.card
    said = (one.note.text, one.by_name, card.name if card else "", card.ticket_number if card else "")
    return any(part in each.casefold() for each in said)
