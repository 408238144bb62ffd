"""SQL of calls, claims, attendance and hand-overs."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from invigil.kernel.ids import AttemptId, RoomId, SittingId, StaffId
from invigil.platform.db import Transaction
from invigil.watch.proctoring.model import Attendance, Call, Claim, HandOver
from invigil.watch.proctoring.store.tables import TEXT_PURPOSE, attendances, calls, claims, hand_overs


async def insert_call(tx: Transaction, one: Call) -> None:
    """Write a call."""
    await tx.execute(
        insert(calls).values(
            id=one.id,
            attempt_id=one.attempt_id,
            page_id=one.page_id,
            sitting_id=one.sitting_id,
            room_id=one.room_id,
            raised_at=one.raised_at,
            answered_by="",
        )
    )


async def update_call(tx: Transaction, call_id: str, **changes: object) -> None:
    """Write some columns of a call."""
    await tx.execute(update(calls).where(calls.c.id == call_id).values(**changes))


async def read_call(tx: Transaction, *, call_id: str = "", attempt_id: str = "", page_id: str = "") -> Call | None:
    """Return a call by its id, or by the id the page gave it."""
    query = select(calls).where(calls.c.id == call_id)
    if not call_id:
        query = select(calls).where(calls.c.attempt_id == attempt_id, calls.c.page_id == page_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _call(row)


async def list_waiting_calls(
    tx: Transaction, *, room_ids: Collection[str] = (), attempt_ids: Collection[str] = ()
) -> list[Call]:
    """Return the calls of rooms or of attempts that nobody has answered, oldest first."""
    where = calls.c.attempt_id.in_(attempt_ids) if attempt_ids else calls.c.room_id.in_(room_ids)
    waiting = calls.c.answered_at.is_(None) & calls.c.lowered_at.is_(None)
    return [_call(row) for row in await tx.execute(select(calls).where(where, waiting).order_by(calls.c.raised_at))]


async def put_claim(tx: Transaction, one: Claim) -> None:
    """Write a claim, replacing another's."""
    await delete_claim(tx, one.thing, one.thing_id)
    await tx.execute(
        insert(claims).values(
            thing=one.thing,
            thing_id=one.thing_id,
            attempt_id=one.attempt_id,
            room_id=one.room_id,
            staff_id=one.staff_id,
            claimed_at=one.at,
        )
    )


async def delete_claim(tx: Transaction, thing: str, thing_id: str) -> None:
    """Remove a claim."""
    await tx.execute(delete(claims).where(claims.c.thing == thing, claims.c.thing_id == thing_id))


async def read_claim(tx: Transaction, thing: str, thing_id: str) -> Claim | None:
    """Return who looks after something."""
    query = select(claims).where(claims.c.thing == thing, claims.c.thing_id == thing_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _claim(row)


async def list_claims(tx: Transaction, room_ids: Collection[str]) -> list[Claim]:
    """Return the claims of rooms, oldest first."""
    query = select(claims).where(claims.c.room_id.in_(room_ids)).order_by(claims.c.claimed_at, claims.c.thing_id)
    return [_claim(row) for row in await tx.execute(query)]


async def insert_attendance(tx: Transaction, one: Attendance) -> None:
    """Write the beginning of a duty."""
    values = {"id": one.id, "room_id": one.room_id, "staff_id": one.staff_id, "since": one.since}
    await tx.execute(insert(attendances).values(values))


async def end_attendance(tx: Transaction, room_id: str, staff_id: str) -> bool:
    """End a duty; False when there is none."""
    theirs = (attendances.c.room_id == room_id) & (attendances.c.staff_id == staff_id) & attendances.c.until.is_(None)
    return bool((await tx.execute(update(attendances).where(theirs).values(until=tx.now))).rowcount)


async def list_attendances(
    tx: Transaction, room_ids: Collection[str], *, only_present: bool = True
) -> list[Attendance]:
    """Return the duties in rooms, by time; those that last, or all."""
    query = select(attendances).where(attendances.c.room_id.in_(room_ids)).order_by(attendances.c.since)
    if only_present:
        query = query.where(attendances.c.until.is_(None))
    return [
        Attendance(row.id, RoomId(row.room_id), StaffId(row.staff_id), row.since, row.until)
        for row in await tx.execute(query)
    ]


async def insert_hand_over(tx: Transaction, one: HandOver) -> None:
    """Write a hand-over."""
    await tx.execute(
        insert(hand_overs).values(
            id=one.id,
            room_id=one.room_id,
            from_staff_id=one.from_staff_id,
            to_staff_id=one.to_staff_id,
            note=tx.keys.seal_text(one.note, purpose=TEXT_PURPOSE, bound_to=f"proctoring_hand_over/note/{one.id}"),
            handed_over_at=one.at,
        )
    )


async def list_hand_overs(tx: Transaction, room_id: str) -> list[HandOver]:
    """Return the hand-overs of a room, newest first."""
    query = select(hand_overs).where(hand_overs.c.room_id == room_id).order_by(hand_overs.c.handed_over_at.desc())
    return [
        HandOver(
            row.id,
            RoomId(row.room_id),
            StaffId(row.from_staff_id),
            StaffId(row.to_staff_id),
            tx.keys.open_text(row.note, purpose=TEXT_PURPOSE, bound_to=f"proctoring_hand_over/note/{row.id}"),
            row.handed_over_at,
        )
        for row in await tx.execute(query)
    ]


def _call(row: Row[Any]) -> Call:
    return Call(
        row.id,
        row.page_id,
        AttemptId(row.attempt_id),
        SittingId(row.sitting_id),
        RoomId(row.room_id),
        row.raised_at,
        row.answered_at,
        row.answered_by,
        row.lowered_at,
    )


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        row.thing, row.thing_id, AttemptId(row.attempt_id), RoomId(row.room_id), StaffId(row.staff_id), row.claimed_at
    )
