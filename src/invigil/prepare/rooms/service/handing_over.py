"""Giving a room to a colleague while the sitting runs: the plan stays as it was signed, who watches changes (C5.2)."""

from invigil.base.accounts.api import StaffAccount
from invigil.kernel.ids import StaffId
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import access_sitting, list_sittings_beside
from invigil.prepare.rooms.model import Room
from invigil.prepare.rooms.model.refusals import NotAProctor, ProctorBusy, RecusalViolated
from invigil.prepare.rooms.service.proctoring import list_proctor_accounts
from invigil.prepare.rooms.service.recusing import check_recusal
from invigil.prepare.rooms.store import seating as store


async def hand_over_room(tx: Transaction, room: Room, giver: StaffId, taker: StaffId) -> None:
    """Let `taker` watch the room instead of `giver`, also when the arrangement can no longer be changed.

    Raises: NotAProctor; ProctorBusy - they watch another room then; RecusalViolated.
    """
    await tx.lock(f"rooms.hand_over/{room.sitting_id}")
    accounts = {one.id: one for one in await list_proctor_accounts(tx)}
    if taker not in accounts or taker == giver:
        raise NotAProctor(proctor=taker)
    if taker not in room.proctor_ids:
        if taker in await _list_busy(tx, room):
            raise ProctorBusy(proctor=accounts[taker].display_name)
        await _check_recusal(tx, room, taker)
    staying = [one for one in room.proctor_ids if one != giver]
    await store.set_proctors(tx, room.sitting_id, room.id, [*staying, taker])


async def list_free_proctors(tx: Transaction, room: Room) -> list[StaffAccount]:
    """Return who could take the room over, by login name."""
    busy = await _list_busy(tx, room) - set(room.proctor_ids)
    free = []
    for account in await list_proctor_accounts(tx):
        if account.id in busy:
            continue
        try:
            await _check_recusal(tx, room, account.id)
        except RecusalViolated:
            continue
        free.append(account)
    return free


async def _list_busy(tx: Transaction, room: Room) -> set[StaffId]:
    sitting = await access_sitting(tx, room.sitting_id)
    beside = [one.id for one in await list_sittings_beside(tx, sitting)]
    return await store.list_busy_proctors(tx, [sitting.id, *beside])


async def _check_recusal(tx: Transaction, room: Room, staff_id: StaffId) -> None:
    sitting = await access_sitting(tx, room.sitting_id)
    seats = await store.list_seats_of_room(tx, room.id)
    await check_recusal(tx, sitting.exam_id, room, [seat.candidate_id for seat in seats], [staff_id])
