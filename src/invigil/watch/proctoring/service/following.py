"""What becomes of a command: the second person's word, its arrival at the page, the candidate's 我知道了."""

from collections.abc import Collection
from dataclasses import replace

from invigil.base.audit.api import record
from invigil.kernel.ids import RoomId, SittingId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.api import access_room
from invigil.sit.answering.api import (
    ChangeState,
    CommandAnswered,
    decide_change,
    read_changes,
    terminate_attempt,
)
from invigil.watch.proctoring.model import Command, CommandKind, CommandState
from invigil.watch.proctoring.model.events import ProctoringChanged
from invigil.watch.proctoring.model.refusals import ProposalDecided, ProposalNotFound, SecondPersonNeeded
from invigil.watch.proctoring.store import commands as store

_DECIDED = {ChangeState.APPLIED: CommandState.SENT, ChangeState.REJECTED: CommandState.REJECTED}


async def list_commands(
    tx: Transaction,
    *,
    attempt_ids: Collection[str] = (),
    room_ids: Collection[str] = (),
    sitting_id: str = "",
) -> list[Command]:
    """Return the commands of attempts, of a sitting or of rooms, by time."""
    found = await store.list_commands(tx, attempt_ids=attempt_ids, room_ids=room_ids, sitting_id=sitting_id)
    return await _with_decisions(tx, found)


async def list_proposals(tx: Transaction, sitting_id: SittingId) -> list[Command]:
    """Return the commands of a sitting that wait for a second person, oldest first.

    Raises: SittingNotFound.
    """
    await access_sitting(tx, sitting_id)
    found = await store.list_commands(tx, sitting_id=sitting_id, only_proposed=True)
    return [one for one in await _with_decisions(tx, found) if one.state is CommandState.PROPOSED]


async def decide(tx: Transaction, who: Principal, command_id: str, *, is_approved: bool) -> Command:
    """Approve or reject a proposed command; approved, it is in force when this transaction commits.

    Raises: ProposalNotFound, ProposalDecided; SecondPersonNeeded - nobody approves their own; ChangeImpossible.
    Source: S3.6, C5.2.
    """
    found = await store.read_command(tx, command_id, is_locking=True)
    if found is None:
        raise ProposalNotFound
    (command,) = await _with_decisions(tx, [found])
    if command.state is not CommandState.PROPOSED:
        raise ProposalDecided
    if is_approved and command.by == who.id:
        raise SecondPersonNeeded
    if command.kind is not CommandKind.TERMINATE:
        await decide_change(tx, who, command.id, is_approved=is_approved)
    elif is_approved:
        await terminate_attempt(tx, who, command.attempt_id, reason=command.reason, command_id=command.id)
    state = CommandState.SENT if is_approved else CommandState.REJECTED
    await store.update_command(tx, command.id, state=state, decided_by=who.id, decided_at=tx.now)
    details = {"command": command.id, "kind": command.kind, "approved": is_approved}
    await record(tx, who, act="proctoring.command.decide", on=command.attempt_id, details=details)
    tx.emit(_changed(command))
    return replace(command, state=state, decided_by=who.id, decided_at=tx.now)


async def _with_decisions(tx: Transaction, found: list[Command]) -> list[Command]:
    """Changes of time can also be decided on the page of adjustments: what was decided there holds here."""
    waiting = [one.id for one in found if one.state is CommandState.PROPOSED and one.kind is not CommandKind.TERMINATE]
    changes = await read_changes(tx, waiting)
    return [_with_decision(one, changes[one.id]) if one.id in changes else one for one in found]


def _with_decision(command: Command, change: object) -> Command:
    state = _DECIDED.get(change.state)  # type: ignore[attr-defined]
    if state is None:
        return command
    by: StaffId | None = change.decided_by  # type: ignore[attr-defined]
    return replace(command, state=state, decided_by=by or "", decided_at=change.decided_at)  # type: ignore[attr-defined]


def follow(ports: Ports) -> None:
    """Keep how far commands come."""
    ports.hub.subscribe(CommandAnswered, lambda news: _keep_answer(ports, news))


async def _keep_answer(ports: Ports, news: CommandAnswered) -> None:
    async with ports.db.reading() as tx:
        known = await store.read_command(tx, news.command_id)
    if known is None or known.attempt_id != news.attempt_id or known.acknowledged_at is not None:
        return
    if not news.is_read and known.delivered_at is not None:
        return
    async with ports.db.transaction() as tx:
        changes: dict[str, object] = {"state": CommandState.DELIVERED}
        if known.delivered_at is None:
            changes["delivered_at"] = tx.now
        if news.is_read:
            changes |= {"state": CommandState.ACKNOWLEDGED, "acknowledged_at": tx.now}
        await store.update_command(tx, known.id, **changes)
        tx.emit(_changed(known))


async def check_room(tx: Transaction, who: Principal, room_id: str) -> None:
    """Pass when the room is theirs to look into.

    Raises: RoomNotFound.
    """
    await access_room(tx, who, RoomId(room_id))


def _changed(command: Command) -> ProctoringChanged:
    return ProctoringChanged("commands", command.attempt_id, command.sitting_id, command.room_id)
