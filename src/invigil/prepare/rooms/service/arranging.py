"""Arranging a whole sitting, and moving candidates by hand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, RoomId, SittingId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import CandidateState, access_candidate, find_registrations, read_public_card
from invigil.prepare.exams.api import Sitting, SittingKind, access_sitting, ensure_paper
from invigil.prepare.rooms.model import ROOM_CAPACITY, Arrangement, Room, RoomDraft, Seat
from invigil.prepare.rooms.model.refusals import (
    ArrangementNotPossible,
    NobodyToArrange,
    NotSeated,
    OtherSubject,
    PersonTwice,
    RoomFull,
    RoomNotFound,
)
from invigil.prepare.rooms.rules.arranging import arrange, find_free_seat, find_persons_twice
from invigil.prepare.rooms.service.recusing import check_recusal
from invigil.prepare.rooms.service.scope import (
    access_arranged,
    access_changeable,
    list_seated_elsewhere,
    load_people,
    note_change,
)
from invigil.prepare.rooms.store import seating as store

SHOWN_TICKETS = 20
# The job's name; `jobs` declares it.
ARRANGING = "rooms.sitting.arrange"


@dataclass(frozen=True, slots=True)
class Arranged:
    """What an arrangement came to."""

    version: int
    rooms: int
    candidates: int


async def arrange_sitting(
    tx: Transaction, who: Principal, sitting_id: SittingId, *, version: int, seed: str, spreads_employers: bool
) -> Arranged:
    """Seat everybody registered for the sitting's subjects, replacing its rooms; proctors are assigned afterwards.

    version: of the arrangement that is replaced, 0 for none. Who sits in another real sitting already is left there.
    Raises: as `draw_rooms` and `keep_rooms`.
    Source: S4.6.
    """
    drafts = await draw_rooms(tx, sitting_id, seed=seed, spreads_employers=spreads_employers)
    return await keep_rooms(
        tx, who, sitting_id, drafts, version=version, seed=seed, spreads_employers=spreads_employers
    )


async def draw_rooms(tx: Transaction, sitting_id: SittingId, *, seed: str, spreads_employers: bool) -> list[RoomDraft]:
    """Return the rooms of a sitting without writing anything; for 50,000 candidates a reading transaction is enough.

    Raises: SittingNotFound, ArrangementNotPossible, NobodyToArrange, PersonTwice.
    """
    sitting = await access_sitting(tx, sitting_id)
    if sitting.kind == SittingKind.MOCK:
        # Candidates choose their mock slots; arranging would throw their choice away.
        raise ArrangementNotPossible(state="mock", state_zh="模拟考试（由考生预约时自动编排）")
    elsewhere = await list_seated_elsewhere(tx, sitting)
    people = await load_people(tx, sitting.exam_id, sitting.subject_codes)
    people = [one for one in people if one.id not in elsewhere]
    if not people:
        raise NobodyToArrange
    if twice := find_persons_twice(people):
        tickets = [one.ticket_number for one in twice]
        raise PersonTwice(count=len({one.identity_index for one in twice}), tickets="、".join(tickets[:SHOWN_TICKETS]))
    return await asyncio.to_thread(arrange, people, seed=seed, spreads_employers=spreads_employers)


async def keep_rooms(
    tx: Transaction,
    who: Principal,
    sitting_id: SittingId,
    drafts: Sequence[RoomDraft],
    *,
    version: int,
    seed: str,
    spreads_employers: bool,
) -> Arranged:
    """Write drawn rooms, replacing those of this version.

    Raises: SittingNotFound, ArrangementNotPossible, PlanFrozen, ArrangementChanged.
    """
    sitting = await access_changeable(tx, sitting_id, version)
    await store.replace_rooms(tx, sitting_id, drafts)
    made = Arrangement(sitting_id, version + 1, seed, spreads_employers, sitting.version, who.id, tx.now)
    await store.write_arrangement(tx, made)
    outcome = Arranged(made.version, len(drafts), sum(len(draft.candidate_ids) for draft in drafts))
    details = {"rooms": outcome.rooms, "candidates": outcome.candidates, "seed": seed}
    await record(tx, who, act="rooms.sitting.arrange", on=sitting_id, details=details)
    return outcome


async def place_candidate(
    tx: Transaction, who: Principal, sitting_id: SittingId, candidate_id: CandidateId, room_id: RoomId, *, version: int
) -> int:
    """Give a candidate the lowest free seat of a room, whether seated before or not; return the new version.

    Raises: as `access_arranged`; CandidateNotFound, RoomNotFound, OtherSubject, PersonTwice, NotSeated (of another examination, withdrawn
        or seated in another sitting), RoomFull, RecusalViolated.
    """
    sitting = await access_arranged(tx, sitting_id, version)
    room = await access_room_of(tx, sitting_id, room_id)
    card = await read_public_card(tx, candidate_id)
    is_stranger = card.exam_id != sitting.exam_id or card.state != CandidateState.REGISTERED
    if is_stranger or candidate_id in await list_seated_elsewhere(tx, sitting):
        raise NotSeated
    if sitting.kind == SittingKind.MOCK and await store.read_seat(tx, sitting_id, candidate_id) is None:
        # A mock seat comes with its booking.
        raise NotSeated
    await _check_once(tx, who, sitting, candidate_id)
    if card.subject_code != room.subject_code:
        raise OtherSubject(room_number=room.number, subject_code=room.subject_code)
    seats = [seat for seat in await store.list_seats_of_room(tx, room_id) if seat.candidate_id != candidate_id]
    number = find_free_seat(seat.seat_number for seat in seats)
    if number is None:
        raise RoomFull(room_number=room.number, capacity=ROOM_CAPACITY)
    await check_recusal(tx, sitting.exam_id, room, [candidate_id], room.proctor_ids)
    before = await store.read_seat(tx, sitting_id, candidate_id)
    await store.put_seat(tx, room, number, candidate_id)
    await ensure_paper(tx, who, sitting, candidate_id, room.subject_code)
    details = {
        "candidate": candidate_id,
        "from": "" if before is None else before.room_id,
        "to": room_id,
    }
    return await note_change(tx, who, sitting_id, "rooms.candidate.move", details)


async def swap_candidates(
    tx: Transaction, who: Principal, sitting_id: SittingId, one_id: CandidateId, other_id: CandidateId, *, version: int
) -> int:
    """Let two candidates of one subject change seats; return the new version.

    Raises: as `access_arranged`; NotSeated, OtherSubject, RecusalViolated.
    """
    sitting = await access_arranged(tx, sitting_id, version)
    one, other = await _access_seat(tx, sitting_id, one_id), await _access_seat(tx, sitting_id, other_id)
    room, other_room = (
        await access_room_of(tx, sitting_id, one.room_id),
        await access_room_of(tx, sitting_id, other.room_id),
    )
    if room.subject_code != other_room.subject_code:
        raise OtherSubject(room_number=other_room.number, subject_code=other_room.subject_code)
    if room.id != other_room.id:
        await check_recusal(tx, sitting.exam_id, other_room, [one_id], other_room.proctor_ids)
        await check_recusal(tx, sitting.exam_id, room, [other_id], room.proctor_ids)
    if one_id != other_id:
        # Both leave first: a seat has one candidate at any time.
        await store.remove_seat(tx, sitting_id, one_id)
        await store.put_seat(tx, room, one.seat_number, other_id)
        await store.put_seat(tx, other_room, other.seat_number, one_id)
    return await note_change(tx, who, sitting_id, "rooms.candidate.swap", {"candidate": one_id, "other": other_id})


async def unseat_candidate(
    tx: Transaction, who: Principal, sitting_id: SittingId, candidate_id: CandidateId, *, version: int
) -> int:
    """Take a candidate out of the sitting (withdrawn, or for another sitting); return the new version.

    Raises: as `access_arranged`; NotSeated.
    """
    sitting = await access_arranged(tx, sitting_id, version)
    if sitting.kind == SittingKind.MOCK:
        raise ArrangementNotPossible(state="mock", state_zh="模拟考试（座位随预约变更）")
    seat = await _access_seat(tx, sitting_id, candidate_id)
    await store.remove_seat(tx, sitting_id, candidate_id)
    details = {"candidate": candidate_id, "from": seat.room_id}
    return await note_change(tx, who, sitting_id, "rooms.candidate.unseat", details)


async def access_room_of(tx: Transaction, sitting_id: SittingId, room_id: RoomId) -> Room:
    """Return a room of this sitting.

    Raises: RoomNotFound.
    """
    room = await store.read_room(tx, room_id)
    if room is None or room.sitting_id != sitting_id:
        raise RoomNotFound
    return room


async def _check_once(tx: Transaction, who: Principal, sitting: Sitting, candidate_id: CandidateId) -> None:
    """Nobody sits two subjects at the same time.

    Raises: PersonTwice.
    """
    candidate = await access_candidate(tx, who, candidate_id)
    for other in await find_registrations(tx, sitting.exam_id, candidate.identity_number):
        if other != candidate_id and await store.read_seat(tx, sitting.id, other) is not None:
            raise PersonTwice(count=1, tickets=candidate.ticket_number)


async def _access_seat(tx: Transaction, sitting_id: SittingId, candidate_id: CandidateId) -> Seat:
    seat = await store.read_seat(tx, sitting_id, candidate_id)
    if seat is None:
        raise NotSeated
    return seat
