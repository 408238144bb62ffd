"""SQL of arrangements, rooms, seats and the proctors of rooms."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from invigil.kernel.ids import CandidateId, RoomId, SittingId, StaffId
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.rooms.model import Arrangement, Room, RoomDraft, Seat
from invigil.prepare.rooms.store.tables import arrangements, proctors, rooms, seats


async def read_arrangement(tx: Transaction, sitting_id: SittingId) -> Arrangement | None:
    """Return how the sitting was arranged."""
    row = (await tx.execute(select(arrangements).where(arrangements.c.sitting_id == sitting_id))).first()
    if row is None:
        return None
    return Arrangement(
        SittingId(row.sitting_id),
        row.version,
        row.seed,
        row.spreads_employers,
        row.sitting_version,
        row.arranged_by,
        row.arranged_at,
    )


async def write_arrangement(tx: Transaction, arrangement: Arrangement) -> None:
    """Write how the sitting was arranged, replacing an earlier one."""
    await tx.execute(delete(arrangements).where(arrangements.c.sitting_id == arrangement.sitting_id))
    await tx.execute(insert(arrangements).values(**asdict(arrangement)))


async def advance_version(tx: Transaction, sitting_id: SittingId) -> None:
    """Count one change."""
    await tx.execute(
        update(arrangements).where(arrangements.c.sitting_id == sitting_id).values(version=arrangements.c.version + 1)
    )


async def replace_rooms(tx: Transaction, sitting_id: SittingId, drafts: Sequence[RoomDraft]) -> None:
    """Write the rooms and seats of a sitting anew; its proctors are gone with the old rooms."""
    for table in (seats, proctors, rooms):
        await tx.execute(delete(table).where(table.c.sitting_id == sitting_id))
    made = [(new_id("room"), draft) for draft in drafts]
    if not made:
        return
    await tx.execute(
        insert(rooms),
        [
            {"id": room_id, "sitting_id": sitting_id, "number": draft.number, "subject_code": draft.subject_code}
            for room_id, draft in made
        ],
    )
    await tx.execute(
        insert(seats),
        [
            {"sitting_id": sitting_id, "candidate_id": candidate_id, "room_id": room_id, "seat_number": number}
            for room_id, draft in made
            for number, candidate_id in enumerate(draft.candidate_ids, start=1)
        ],
    )


async def insert_room(tx: Transaction, sitting_id: SittingId, number: int, subject_code: str) -> Room:
    """Write one more room, empty."""
    room = Room(RoomId(new_id("room")), sitting_id, number, subject_code, 0, ())
    values = {"id": room.id, "sitting_id": sitting_id, "number": number, "subject_code": subject_code}
    await tx.execute(insert(rooms).values(values))
    return room


async def put_seat(tx: Transaction, room: Room, seat_number: int, candidate_id: CandidateId) -> None:
    """Seat a candidate, leaving the seat they had in this sitting."""
    await remove_seat(tx, room.sitting_id, candidate_id)
    values = {"candidate_id": candidate_id, "room_id": room.id, "seat_number": seat_number}
    await tx.execute(insert(seats).values(sitting_id=room.sitting_id, **values))


async def remove_seat(tx: Transaction, sitting_id: SittingId, candidate_id: CandidateId) -> None:
    """Take a candidate's seat in this sitting away."""
    same = (seats.c.sitting_id == sitting_id) & (seats.c.candidate_id == candidate_id)
    await tx.execute(delete(seats).where(same))


async def set_proctors(tx: Transaction, sitting_id: SittingId, room_id: RoomId, staff_ids: Iterable[StaffId]) -> None:
    """Say who watches a room, replacing who did."""
    await tx.execute(delete(proctors).where(proctors.c.room_id == room_id))
    rows = [{"room_id": room_id, "staff_id": one, "sitting_id": sitting_id} for one in sorted(set(staff_ids))]
    if rows:
        await tx.execute(insert(proctors), rows)


async def replace_proctors(tx: Transaction, sitting_id: SittingId, by_room: Mapping[RoomId, StaffId]) -> None:
    """Say who watches the rooms of a sitting, replacing everybody who did."""
    await tx.execute(delete(proctors).where(proctors.c.sitting_id == sitting_id))
    rows = [{"room_id": room, "staff_id": staff, "sitting_id": sitting_id} for room, staff in by_room.items()]
    if rows:
        await tx.execute(insert(proctors), rows)


async def read_room(tx: Transaction, room_id: RoomId) -> Room | None:
    """Return a room."""
    return next(iter(await _read_rooms(tx, rooms.c.id == room_id)), None)


async def read_rooms(tx: Transaction, room_ids: Collection[RoomId]) -> list[Room]:
    """Return these rooms by sitting and number; unknown ones are left out."""
    return await _read_rooms(tx, rooms.c.id.in_(room_ids))


async def list_rooms(tx: Transaction, sitting_id: SittingId) -> list[Room]:
    """Return the rooms of a sitting by number."""
    return await _read_rooms(tx, rooms.c.sitting_id == sitting_id)


async def list_rooms_of_proctor(tx: Transaction, staff_id: StaffId) -> list[Room]:
    """Return every room a member of staff watches, by sitting and number."""
    theirs = select(proctors.c.room_id).where(proctors.c.staff_id == staff_id)
    return await _read_rooms(tx, rooms.c.id.in_(theirs))


async def list_seats(tx: Transaction, sitting_id: SittingId) -> list[Seat]:
    """Return the seats of a sitting by room and number."""
    return await _read_seats(tx, seats.c.sitting_id == sitting_id)


async def list_seats_of_room(tx: Transaction, room_id: RoomId) -> list[Seat]:
    """Return the seats of a room by number."""
    return await _read_seats(tx, seats.c.room_id == room_id)


async def list_seats_of_rooms(tx: Transaction, room_ids: Collection[RoomId]) -> list[Seat]:
    """Return the seats of rooms by room and number."""
    return await _read_seats(tx, seats.c.room_id.in_(room_ids))


async def list_seats_of_candidate(tx: Transaction, candidate_id: CandidateId) -> list[Seat]:
    """Return a candidate's seats in every sitting."""
    return await _read_seats(tx, seats.c.candidate_id == candidate_id)


async def read_seat(tx: Transaction, sitting_id: SittingId, candidate_id: CandidateId) -> Seat | None:
    """Return a candidate's seat in a sitting."""
    same = (seats.c.sitting_id == sitting_id) & (seats.c.candidate_id == candidate_id)
    return next(iter(await _read_seats(tx, same)), None)


async def list_seated_ids(tx: Transaction, sitting_ids: Collection[SittingId]) -> set[CandidateId]:
    """Return everybody who has a seat in one of these sittings."""
    rows = await tx.execute(select(seats.c.candidate_id).where(seats.c.sitting_id.in_(sitting_ids)))
    return {CandidateId(row.candidate_id) for row in rows}


async def list_busy_proctors(tx: Transaction, sitting_ids: Collection[SittingId]) -> set[StaffId]:
    """Return everybody who watches a room of one of these sittings."""
    rows = await tx.execute(select(proctors.c.staff_id).where(proctors.c.sitting_id.in_(sitting_ids)))
    return {StaffId(row.staff_id) for row in rows}


async def list_sittings_of_proctor(tx: Transaction, staff_id: StaffId) -> set[SittingId]:
    """Return the sittings in which a member of staff watches a room."""
    rows = await tx.execute(select(proctors.c.sitting_id).where(proctors.c.staff_id == staff_id).distinct())
    return {SittingId(row.sitting_id) for row in rows}


async def _read_rooms(tx: Transaction, condition: ColumnElement[bool]) -> list[Room]:
    counted = (
        select(rooms, func.count(seats.c.candidate_id).label("seated"))
        .outerjoin(seats, seats.c.room_id == rooms.c.id)
        .where(condition)
        .group_by(*rooms.c)
        .order_by(rooms.c.sitting_id, rooms.c.number)
    )
    found = (await tx.execute(counted)).all()
    who = select(proctors.c.room_id, proctors.c.staff_id).join(rooms, rooms.c.id == proctors.c.room_id).where(condition)
    watching: dict[str, list[StaffId]] = {}
    for row in await tx.execute(who.order_by(proctors.c.staff_id)):
        watching.setdefault(row.room_id, []).append(StaffId(row.staff_id))
    return [
        Room(
            RoomId(row.id),
            SittingId(row.sitting_id),
            row.number,
            row.subject_code,
            row.seated,
            tuple(watching.get(row.id, ())),
        )
        for row in found
    ]


async def _read_seats(tx: Transaction, condition: ColumnElement[bool]) -> list[Seat]:
    joined = (
        select(seats, rooms.c.number, rooms.c.subject_code)
        .join(rooms, rooms.c.id == seats.c.room_id)
        .where(condition)
        .order_by(seats.c.sitting_id, rooms.c.number, seats.c.seat_number)
    )
    return [_seat(row) for row in await tx.execute(joined)]


def _seat(row: Row[Any]) -> Seat:
    return Seat(
        RoomId(row.room_id),
        row.number,
        row.seat_number,
        SittingId(row.sitting_id),
        CandidateId(row.candidate_id),
        row.subject_code,
    )
