"""Being on duty: attendance, who looks after what, giving a room to a colleague."""

from invigil.base.accounts.api import StaffAccount, access_staff
from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, RoomId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.rooms.api import Room, access_room, hand_over_room, list_free_proctors
from invigil.watch.proctoring.model import Attendance, Claim, HandOver
from invigil.watch.proctoring.model.events import ProctoringChanged, RoomStaffChanged
from invigil.watch.proctoring.model.refusals import (
    CallNotFound,
    ClaimedByColleague,
    NotOnDuty,
    NotYourRoom,
)
from invigil.watch.proctoring.store import duty as store
from invigil.watch.signals.api import access_signal


async def sign_in(tx: Transaction, who: Principal, room_id: RoomId) -> None:
    """Begin a duty in a room of theirs; once is enough.

    Raises: RoomNotFound, NotYourRoom.
    """
    room = await _access_own(tx, who, room_id)
    await tx.lock(f"proctoring.attendance/{room.id}")
    if any(one.staff_id == who.id for one in await store.list_attendances(tx, [room.id])):
        return
    await store.insert_attendance(tx, Attendance(new_id("duty"), room.id, StaffId(who.id), tx.now, None))
    await record(tx, who, act="proctoring.attendance.begin", on=room.id)
    tx.emit(RoomStaffChanged(room.id, room.sitting_id))


async def sign_out(tx: Transaction, who: Principal, room_id: RoomId) -> None:
    """End a duty.

    Raises: RoomNotFound, NotYourRoom, NotOnDuty.
    """
    room = await _access_own(tx, who, room_id)
    if not await store.end_attendance(tx, room.id, who.id):
        raise NotOnDuty
    await record(tx, who, act="proctoring.attendance.end", on=room.id)
    await _let_go(tx, who, room)
    tx.emit(RoomStaffChanged(room.id, room.sitting_id))


async def list_colleagues(tx: Transaction, who: Principal, room_id: RoomId) -> list[StaffAccount]:
    """Return the others who could take the room: active proctors, free in this sitting, not related to anybody in it.

    Raises: RoomNotFound.
    """
    room = await access_room(tx, who, room_id)
    return [one for one in await list_free_proctors(tx, room) if one.id != who.id]


async def hand_over(tx: Transaction, who: Principal, room_id: RoomId, to: StaffId, note: str) -> HandOver:
    """Give one's room to a colleague, with what they must know; the own duty ends, and what one looked after is free.

    Raises: RoomNotFound, NotYourRoom; NotAProctor, ProctorBusy, RecusalViolated.
    Source: S3.6, C5.2.
    """
    room = await _access_own(tx, who, room_id)
    await hand_over_room(tx, room, StaffId(who.id), to)
    await store.end_attendance(tx, room.id, who.id)
    await _let_go(tx, who, room)
    given = HandOver(new_id("over"), room.id, StaffId(who.id), to, note.strip(), tx.now)
    await store.insert_hand_over(tx, given)
    await record(tx, who, act="proctoring.room.hand_over", on=room.id, details={"to": to})
    tx.emit(RoomStaffChanged(room.id, room.sitting_id))
    return given


async def claim(tx: Transaction, who: Principal, thing: str, thing_id: str, *, takes_over: bool) -> Claim:
    """Say that one looks after a call or a signal.

    thing: "call" or "signal".
    Raises: CallNotFound, SignalNotFound, RoomNotFound; ClaimedByColleague - unless it is taken over on purpose.
    """
    attempt_id, room = await _access_thing(tx, who, thing, thing_id)
    await tx.lock(f"proctoring.claim/{thing_id}")
    before = await store.read_claim(tx, thing, thing_id)
    if not takes_over:
        await check_free(tx, who, before)
    one = Claim(thing, thing_id, attempt_id, room.id, StaffId(who.id), tx.now)
    if before is None or before.staff_id != who.id:
        await store.put_claim(tx, one)
        details = {"thing": thing, "id": thing_id, "from": "" if before is None else before.staff_id}
        await record(tx, who, act="proctoring.claim.take", on=attempt_id, details=details)
        tx.emit(ProctoringChanged("claims", attempt_id, room.sitting_id, room.id))
    return one


async def check_free(tx: Transaction, who: Principal, claimed: Claim | None) -> None:
    """Pass when nobody else looks after it.

    Raises: ClaimedByColleague.
    """
    if claimed is not None and claimed.staff_id != who.id:
        raise ClaimedByColleague(name=(await access_staff(tx, claimed.staff_id)).display_name)


async def release_claim(tx: Transaction, who: Principal, thing: str, thing_id: str) -> None:
    """Look after it no longer; nothing happens when it is not theirs.

    Raises: CallNotFound, SignalNotFound, RoomNotFound.
    """
    attempt_id, room = await _access_thing(tx, who, thing, thing_id)
    before = await store.read_claim(tx, thing, thing_id)
    if before is not None and before.staff_id == who.id:
        await store.delete_claim(tx, thing, thing_id)
        tx.emit(ProctoringChanged("claims", attempt_id, room.sitting_id, room.id))


async def _let_go(tx: Transaction, who: Principal, room: Room) -> None:
    """Whoever goes looks after nothing in the room any more."""
    for one in await store.list_claims(tx, [room.id]):
        if one.staff_id == who.id:
            await store.delete_claim(tx, one.thing, one.thing_id)
            tx.emit(ProctoringChanged("claims", one.attempt_id, room.sitting_id, room.id))


async def _access_thing(tx: Transaction, who: Principal, thing: str, thing_id: str) -> tuple[AttemptId, Room]:
    if thing == "signal":
        signal = await access_signal(tx, who, thing_id)
        return signal.attempt_id, await access_room(tx, who, signal.room_id)
    call = await store.read_call(tx, call_id=thing_id)
    if call is None or not call.is_waiting:
        raise CallNotFound
    return call.attempt_id, await access_room(tx, who, call.room_id)


async def _access_own(tx: Transaction, who: Principal, room_id: RoomId) -> Room:
    room = await access_room(tx, who, room_id)
    if StaffId(who.id) not in room.proctor_ids:
        raise NotYourRoom
    return room
