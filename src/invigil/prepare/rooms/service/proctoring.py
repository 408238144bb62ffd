"""Giving rooms their proctors: all at once, or by hand with the same checks (S4.6, C5.2)."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from invigil.base.accounts.api import StaffAccount, access_staff, list_staff
from invigil.kernel.ids import RoomId, SittingId, StaffId
from invigil.kernel.principals import Principal, Role
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Sitting, access_sitting, list_sittings_beside
from invigil.prepare.rooms.model import Person, Proctor, Room, Seat
from invigil.prepare.rooms.model.refusals import NotAProctor, ProctorBusy, ProctorsMissing
from invigil.prepare.rooms.rules.recusal import Occupants, assign_proctors, count_blocked
from invigil.prepare.rooms.service.arranging import access_room_of
from invigil.prepare.rooms.service.recusing import check_recusal, load_proctors
from invigil.prepare.rooms.service.scope import access_arranged, load_people, note_change
from invigil.prepare.rooms.store import seating as store

SHOWN_ROOMS = 20
# The job's name; `jobs` declares it.
ASSIGNING = "rooms.proctors.assign"


@dataclass(frozen=True, slots=True)
class Assigned:
    """What an assignment came to."""

    version: int
    rooms: int


async def assign_sitting(
    tx: Transaction, who: Principal, sitting_id: SittingId, *, version: int, staff_ids: Sequence[StaffId] = ()
) -> Assigned:
    """Give every room of a sitting one proctor, replacing those it has.

    Raises: as `draw_assignment` and `keep_assignment`; nothing is changed then.
    Source: S4.6, C5.2.
    """
    by_room = await draw_assignment(tx, sitting_id, version=version, staff_ids=staff_ids)
    return await keep_assignment(tx, who, sitting_id, by_room, version=version)


async def draw_assignment(
    tx: Transaction, sitting_id: SittingId, *, version: int, staff_ids: Sequence[StaffId] = ()
) -> Mapping[RoomId, StaffId]:
    """Return a proctor for every room of a sitting without writing anything; a reading transaction is enough.

    staff_ids: choose among these; none: among every active proctor. Nobody watches two rooms at a time, a relative's or a
        colleague's.
    Raises: SittingNotFound; NotAProctor; ProctorsMissing - with how many and why.
    """
    sitting = await access_sitting(tx, sitting_id)
    rooms = [room for room in await store.list_rooms(tx, sitting_id) if room.seated]
    people = await load_people(tx, sitting.exam_id, sitting.subject_codes)
    occupants = gather_occupants(rooms, await store.list_seats(tx, sitting_id), people)
    chosen = await _choose(tx, sitting, staff_ids)
    names = {one.id: one.name for one in people}
    proctors = await load_proctors(tx, sitting.exam_id, chosen, names)
    assignment = await asyncio.to_thread(assign_proctors, occupants, proctors, seed=f"{sitting_id}/{version}")
    if assignment.unwatched:
        raise _missing(rooms, occupants, proctors, assignment.unwatched)
    return assignment.by_room


async def keep_assignment(
    tx: Transaction, who: Principal, sitting_id: SittingId, by_room: Mapping[RoomId, StaffId], *, version: int
) -> Assigned:
    """Write a drawn assignment over the rooms of this version.

    Raises: as `access_arranged`; ProctorBusy - somebody was assigned elsewhere meanwhile.
    """
    sitting = await access_arranged(tx, sitting_id, version)
    beside = [one.id for one in await list_sittings_beside(tx, sitting)]
    taken = await store.list_busy_proctors(tx, beside) & set(by_room.values())
    if taken:
        raise ProctorBusy(proctor=(await access_staff(tx, min(taken))).display_name)
    await store.replace_proctors(tx, sitting_id, by_room)
    new = await note_change(tx, who, sitting_id, "rooms.proctors.assign", {"rooms": len(by_room)})
    return Assigned(new, len(by_room))


def gather_occupants(rooms: Sequence[Room], seats: Sequence[Seat], people: Sequence[Person]) -> list[Occupants]:
    """Return who sits in each room; somebody withdrawn meanwhile counts by id alone."""
    by_id = {one.id: one for one in people}
    seated: dict[RoomId, list[Seat]] = {room.id: [] for room in rooms}
    for seat in seats:
        if seat.room_id in seated:
            seated[seat.room_id].append(seat)
    return [
        Occupants(
            room.id,
            frozenset(seat.candidate_id for seat in seated[room.id]),
            frozenset(
                by_id[seat.candidate_id].employer
                for seat in seated[room.id]
                if seat.candidate_id in by_id and by_id[seat.candidate_id].employer
            ),
        )
        for room in rooms
    ]


async def set_room_proctors(
    tx: Transaction, who: Principal, room: Room, staff_ids: Sequence[StaffId], *, version: int
) -> int:
    """Say by hand who watches a room (nobody is possible until the sheet is submitted); return the new version.

    Raises: as `access_arranged`; RoomNotFound, NotAProctor, ProctorBusy, RecusalViolated.
    """
    sitting = await access_arranged(tx, room.sitting_id, version)
    current = await access_room_of(tx, sitting.id, room.id)
    added = [one for one in staff_ids if one not in current.proctor_ids]
    accounts = await _access_proctors(tx, added)
    # Recusal first: whoever is told "busy" would free the proctor elsewhere, only to be refused again.
    seats = await store.list_seats_of_room(tx, room.id)
    await check_recusal(tx, sitting.exam_id, current, [seat.candidate_id for seat in seats], added)
    busy = await _list_busy(tx, sitting)
    for account in accounts:
        if account.id in busy:
            raise ProctorBusy(proctor=account.display_name)
    await store.set_proctors(tx, sitting.id, room.id, staff_ids)
    details = {"room": room.id, "proctors": sorted(staff_ids), "before": list(current.proctor_ids)}
    return await note_change(tx, who, sitting.id, "rooms.proctors.set", details)


async def swap_proctors(
    tx: Transaction, who: Principal, sitting_id: SittingId, room_id: RoomId, other_id: RoomId, *, version: int
) -> int:
    """Let two rooms change proctors; return the new version.

    Raises: as `access_arranged`; RoomNotFound, RecusalViolated.
    """
    sitting = await access_arranged(tx, sitting_id, version)
    one, other = await access_room_of(tx, sitting_id, room_id), await access_room_of(tx, sitting_id, other_id)
    for room, newcomers in ((one, other.proctor_ids), (other, one.proctor_ids)):
        seats = await store.list_seats_of_room(tx, room.id)
        await check_recusal(tx, sitting.exam_id, room, [seat.candidate_id for seat in seats], newcomers)
    await store.set_proctors(tx, sitting_id, one.id, other.proctor_ids)
    await store.set_proctors(tx, sitting_id, other.id, one.proctor_ids)
    return await note_change(tx, who, sitting_id, "rooms.proctors.swap", {"room": room_id, "other": other_id})


async def list_proctor_accounts(tx: Transaction) -> list[StaffAccount]:
    """Return every active account with the role, by login name."""
    return [one for one in await list_staff(tx) if one.is_active and Role.PROCTOR in one.roles]


async def _choose(tx: Transaction, sitting: Sitting, staff_ids: Sequence[StaffId]) -> list[StaffId]:
    accounts = await _access_proctors(tx, staff_ids) if staff_ids else await list_proctor_accounts(tx)
    beside = [one.id for one in await list_sittings_beside(tx, sitting)]
    busy = await store.list_busy_proctors(tx, beside)
    return [one.id for one in accounts if one.id not in busy]


async def _access_proctors(tx: Transaction, staff_ids: Collection[StaffId]) -> list[StaffAccount]:
    by_id = {one.id: one for one in await list_proctor_accounts(tx)}
    for one in staff_ids:
        if one not in by_id:
            raise NotAProctor(proctor=one)
    return [by_id[one] for one in dict.fromkeys(staff_ids)]


async def _list_busy(tx: Transaction, sitting: Sitting) -> set[StaffId]:
    beside = [one.id for one in await list_sittings_beside(tx, sitting)]
    return await store.list_busy_proctors(tx, [sitting.id, *beside])


def _missing(
    rooms: Sequence[Room], occupants: Sequence[Occupants], proctors: Sequence[Proctor], unwatched: Sequence[RoomId]
) -> ProctorsMissing:
    numbers = sorted(room.number for room in rooms if room.id in set(unwatched))
    blocked = count_blocked(occupants, proctors)
    lacks_people = len(proctors) - blocked < len(rooms)
    recused = f"其中 {blocked} 名因须回避而不能监考任何一个考场。" if blocked else ""
    shown = "、".join(str(number) for number in numbers[:SHOWN_ROOMS])
    reason_zh = recused + (
        "请增加监考人员。"
        if lacks_people
        else f"人数足够，但因须回避，{shown} 号考场无人可派，请增加监考人员或调整考生。"
    )
    reason_en = f"{blocked} may watch none of the rooms; unwatched: {', '.join(map(str, numbers[:SHOWN_ROOMS]))}."
    return ProctorsMissing(
        rooms=len(rooms),
        proctors=len(proctors),
        missing=len(unwatched),
        reason_zh=reason_zh,
        reason_en=reason_en,
        room_numbers=numbers,
    )
