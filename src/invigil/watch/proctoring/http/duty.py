"""Attendance, hand-over of a room, and who looks after what."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from invigil.base.accounts.api import read_staff_names
from invigil.kernel.ids import RoomId, StaffId
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.prepare.rooms.api import access_room
from invigil.watch.proctoring.model import HandOver
from invigil.watch.proctoring.service import duty
from invigil.watch.proctoring.store.duty import list_hand_overs as find_hand_overs

router = ManagementRouter(prefix="/api/proctoring", tags=["proctoring"])


class AttendanceForm(BaseModel):
    """Whether one is on duty from now on."""

    is_on_duty: bool


class Colleague(BaseModel):
    """Somebody who could take the room over."""

    staff_id: str
    name: str


class HandOverForm(BaseModel):
    """To whom, and what they must know."""

    to_staff_id: str
    note: str = Field(default="", max_length=1000)


class HandOverAnswer(BaseModel):
    """A hand-over."""

    id: str
    from_name: str
    to_name: str
    note: str
    at: datetime


class ClaimForm(BaseModel):
    """What one looks after. takes_over: from a colleague, on purpose."""

    thing: Literal["call", "signal"]
    thing_id: str = Field(max_length=40)
    takes_over: bool = False


class ReleaseForm(BaseModel):
    """What one looks after no longer."""

    thing: Literal["call", "signal"]
    thing_id: str = Field(max_length=40)


@router.post("/rooms/{room_id}/attendance", name="proctoring.attendance.set", summary="监考签到与签退", status_code=204)
async def set_attendance(room_id: RoomId, form: AttendanceForm, tx: Tx, who: Who) -> None:
    """Sign in for a room, or out."""
    await (duty.sign_in if form.is_on_duty else duty.sign_out)(tx, who, room_id)


@router.get("/rooms/{room_id}/colleagues", name="proctoring.colleagues.list", summary="可接手考场的监考人员")
async def list_colleagues(room_id: RoomId, tx: Tx, who: Who) -> list[Colleague]:
    """List who could take the room over."""
    found = await duty.list_colleagues(tx, who, room_id)
    return [Colleague(staff_id=one.id, name=one.display_name) for one in found if one.id != who.id]


@router.post("/rooms/{room_id}/hand-over", name="proctoring.rooms.hand_over", summary="移交考场", status_code=201)
async def hand_over(room_id: RoomId, form: HandOverForm, tx: Tx, who: Who) -> HandOverAnswer:
    """Give one's room to a colleague."""
    given = await duty.hand_over(tx, who, room_id, StaffId(form.to_staff_id), form.note)
    return (await _answers(tx, [given]))[0]


@router.get("/rooms/{room_id}/hand-overs", name="proctoring.hand_overs.list", summary="考场移交记录")
async def list_hand_overs(room_id: RoomId, tx: Tx, who: Who) -> list[HandOverAnswer]:
    """List the hand-overs of a room, newest first."""
    await access_room(tx, who, room_id)
    return await _answers(tx, await find_hand_overs(tx, room_id))


@router.post("/claims", name="proctoring.claims.take", summary="认领举手或异常信号", status_code=204)
async def take_claim(form: ClaimForm, tx: Tx, who: Who) -> None:
    """Say that one looks after it; a colleague's claim is taken over on purpose only."""
    await duty.claim(tx, who, form.thing, form.thing_id, takes_over=form.takes_over)


@router.post("/claims/release", name="proctoring.claims.release", summary="放弃认领", status_code=204)
async def release_claim(form: ReleaseForm, tx: Tx, who: Who) -> None:
    """Look after it no longer."""
    await duty.release_claim(tx, who, form.thing, form.thing_id)


async def _answers(tx: Transaction, found: list[HandOver]) -> list[HandOverAnswer]:
    names = await read_staff_names(tx)
    return [
        HandOverAnswer(
            id=one.id,
            from_name=names.get(one.from_staff_id, ""),
            to_name=names.get(one.to_staff_id, ""),
            note=one.note,
            at=one.at,
        )
        for one in found
    ]
