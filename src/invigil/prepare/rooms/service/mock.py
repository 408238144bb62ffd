"""A booked mock slot seats the candidate at once, in a room made when it is needed (S3.7)."""

from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, SittingId
from invigil.kernel.principals import Principal, PrincipalKind
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import CandidateNotFound, CandidateState, PublicCard, read_public_card
from invigil.prepare.exams.api import Sitting, access_sitting, book_mock_slot, ensure_paper
from invigil.prepare.rooms.model import ROOM_CAPACITY, Arrangement, Room, Seat
from invigil.prepare.rooms.model.refusals import RecusalViolated
from invigil.prepare.rooms.rules.arranging import find_free_seat
from invigil.prepare.rooms.service.recusing import check_recusal
from invigil.prepare.rooms.service.scope import lock_rooms
from invigil.prepare.rooms.store import seating as store


async def book_mock_seat(
    tx: Transaction, who: Principal, candidate_id: CandidateId, sitting_id: SittingId, *, reason: str = ""
) -> Seat:
    """Book a mock slot for a candidate, giving an earlier booking and its seat up, and return the seat.

    who: the candidate; or staff, who may book anew for somebody whose slot has begun.
    Raises: CandidateNotFound; those of `exams.api.book_mock_slot`.
    Source: S3.7.
    """
    card = await read_public_card(tx, candidate_id)
    if card.state != CandidateState.REGISTERED:
        raise CandidateNotFound
    await lock_rooms(tx, card.exam_id)
    is_staff = who.kind != PrincipalKind.CANDIDATE
    before = await book_mock_slot(
        tx, candidate_id, card.exam_id, card.subject_code, sitting_id, may_replace_begun=is_staff
    )
    if before is not None and before != sitting_id:
        await store.remove_seat(tx, before, candidate_id)
    if await store.read_seat(tx, sitting_id, candidate_id) is None:
        sitting = await access_sitting(tx, sitting_id)
        room, number = await _take_seat(tx, sitting, card)
        await store.put_seat(tx, room, number, candidate_id)
        await _note_change(tx, sitting)
        await ensure_paper(tx, who, sitting, candidate_id, card.subject_code)
    if is_staff:
        details = {"sitting": sitting_id, "reason": reason}
        await record(tx, who, act="rooms.mock.book", on=candidate_id, details=details)
    seat = await store.read_seat(tx, sitting_id, candidate_id)
    assert seat is not None  # noqa: S101 - written above
    return seat


async def _take_seat(tx: Transaction, sitting: Sitting, card: PublicCard) -> tuple[Room, int]:
    """Return a room of the candidate's subject and the seat number to take there."""
    rooms = await store.list_rooms(tx, sitting.id)
    for room in rooms:
        if room.subject_code == card.subject_code and room.seated < ROOM_CAPACITY and await _suits(tx, room, card):
            number = find_free_seat(seat.seat_number for seat in await store.list_seats_of_room(tx, room.id))
            if number is not None:
                return room, number
    number = max((room.number for room in rooms), default=0) + 1
    return await store.insert_room(tx, sitting.id, number, card.subject_code), 1


async def _suits(tx: Transaction, room: Room, card: PublicCard) -> bool:
    try:
        await check_recusal(tx, card.exam_id, room, [card.id], room.proctor_ids)
    except RecusalViolated:
        return False
    return True


async def _note_change(tx: Transaction, sitting: Sitting) -> None:
    if await store.read_arrangement(tx, sitting.id) is None:
        first = Arrangement(
            sitting_id=sitting.id,
            version=1,
            seed="",
            spreads_employers=False,
            sitting_version=sitting.version,
            arranged_by="system",
            arranged_at=tx.now,
        )
        await store.write_arrangement(tx, first)
    else:
        await store.advance_version(tx, sitting.id)
