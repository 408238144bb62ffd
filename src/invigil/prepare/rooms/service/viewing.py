"""Who may look into a room, and what they see."""

from collections.abc import Callable

from invigil.kernel.ids import CandidateId, RoomId, StaffId
from invigil.kernel.principals import Principal, Role
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.rooms.model import Room, Seat
from invigil.prepare.rooms.model.refusals import RoomNotFound
from invigil.prepare.rooms.store import seating as store

# Who looks into every room; a proctor looks into their own (need to know, C5.5).
ALL_ROOMS = frozenset({Role.ADMINISTRATOR, Role.PATROL, Role.BOARD_OFFICIAL, Role.AUDITOR, Role.REVIEWER, Role.SUPPORT})


async def access_room(tx: Transaction, who: Principal, room_id: RoomId) -> Room:
    """Return a room on behalf of a member of staff.

    Raises: RoomNotFound - also when it is another proctor's room.
    Source: C5.5.
    """
    room = await store.read_room(tx, room_id)
    if room is None or not (who.roles & ALL_ROOMS or StaffId(who.id) in room.proctor_ids):
        raise RoomNotFound
    return room


async def find_seen_rooms(tx: Transaction, who: Principal) -> Callable[[RoomId], bool]:
    """Return what tells whether a member of staff looks into a room: into every one, or into those they watch.

    Source: C5.5.
    """
    if who.roles & ALL_ROOMS:
        return lambda _room_id: True
    own = {room.id for room in await store.list_rooms_of_proctor(tx, StaffId(who.id))}
    return own.__contains__


async def list_occupants(tx: Transaction, room: Room) -> list[tuple[Seat, PublicCard | None]]:
    """Return the seats of a room by number with who sits there; no card for somebody deleted meanwhile."""
    seats = await store.list_seats_of_room(tx, room.id)
    cards = await read_public_cards(tx, [seat.candidate_id for seat in seats])
    return [(seat, cards.get(CandidateId(seat.candidate_id))) for seat in seats]
