"""Giving commands: to one, some, or the whole room; twice the same order is one (S3.6)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from invigil.base.audit.api import record
from invigil.kernel.ids import RoomId, StaffId
from invigil.kernel.principals import Principal
from invigil.kernel.refusals import Refusal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.prepare.candidates.api import read_public_cards
from invigil.prepare.rooms.api import Room, access_room
from invigil.sit.answering.api import (
    Attempt,
    AttemptState,
    ChangeImpossible,
    ChangeKind,
    SentCommand,
    force_hand_in,
    list_attempts_of_room,
    lock_attempt,
    propose_change,
    release_seat,
    send_command,
    unlock_attempt,
)
from invigil.watch.proctoring.model import SECOND_PERSON, Command, CommandKind, CommandState
from invigil.watch.proctoring.model.commands import Order
from invigil.watch.proctoring.model.events import ProctoringChanged
from invigil.watch.proctoring.model.refusals import EvidenceMissing, NobodyThere, NotInRoom, OrderConflict
from invigil.watch.proctoring.rules import ACKNOWLEDGED, check_confirmed, check_order
from invigil.watch.proctoring.store import commands as store
from invigil.watch.proctoring.store.records import list_notes
from invigil.watch.signals.api import list_signals

ENDED = frozenset({AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN, AttemptState.TERMINATED})
# What is done by a change of time (`sit/answering/service/changing.py`): the change's id is the command's.
_CHANGES: Mapping[CommandKind, ChangeKind] = {
    CommandKind.PAUSE: ChangeKind.PAUSE,
    CommandKind.RESUME: ChangeKind.RESUME,
    CommandKind.EXTRA_TIME: ChangeKind.EXTRA_TIME,
}


class Skipped(NamedTuple):
    """Somebody the command could not be given to, and why."""

    attempt: Attempt
    refusal: Refusal


class Given(NamedTuple):
    """What became of an order."""

    commands: list[Command]
    skipped: list[Skipped]


async def give_order(ports: Ports, tx: Transaction, who: Principal, room_id: RoomId, order: Order) -> Given:
    """Carry out an order, or propose it where a second person is needed. The same order again changes nothing.

    order.attempt_ids: empty means everybody in the room who has entered.
    Raises: RoomNotFound; as `check_order` and `check_confirmed`; EvidenceMissing; NotInRoom; NobodyThere; OrderConflict;
        the refusal of the one attempt when it was ordered for one alone.
    Source: S3.6.
    """
    room = await access_room(tx, who, room_id)
    await tx.lock(f"proctoring.room/{room.id}")
    before = await store.list_commands(tx, order_id=order.order_id)
    if before:
        if any((one.by, one.kind, one.room_id) != (who.id, order.kind, room.id) for one in before):
            raise OrderConflict
        return Given(before, [])
    targets = await _find_targets(tx, room, order)
    check_order(order)
    if order.kind is CommandKind.FORCE_HAND_IN:
        cards = await read_public_cards(tx, [one.candidate_id for one in targets])
        check_confirmed(order.kind, order.confirm, [card.name for card in cards.values()])
    if order.kind is CommandKind.TERMINATE:
        await _check_evidence(tx, targets[0], order.evidence)
    given = Given([], [])
    for attempt in targets:
        try:
            given.commands.append(await _give(ports, tx, who, attempt, order))
        except Refusal as refusal:
            if len(targets) == 1:
                raise
            given.skipped.append(Skipped(attempt, refusal))
    if not given.commands:
        raise NobodyThere
    return given


async def _find_targets(tx: Transaction, room: Room, order: Order) -> list[Attempt]:
    attempts = await list_attempts_of_room(tx, room.id)
    if not order.attempt_ids:
        targets = [one for one in attempts if one.state not in ENDED]
        if not targets:
            raise NobodyThere
        return targets
    by_id = {one.id: one for one in attempts}
    if any(one not in by_id for one in order.attempt_ids):
        raise NotInRoom
    return [by_id[one] for one in dict.fromkeys(order.attempt_ids)]


async def _check_evidence(tx: Transaction, attempt: Attempt, evidence: Sequence[str]) -> None:
    known = {one.id for one in await list_notes(tx, attempt_id=attempt.id)}
    known |= {one.id for one in await list_signals(tx, attempt_id=attempt.id)}
    if not set(evidence) <= known:
        raise EvidenceMissing


async def _give(ports: Ports, tx: Transaction, who: Principal, attempt: Attempt, order: Order) -> Command:
    """Carry it out for one attempt and write it down; nothing has been written when this refuses."""
    command_id = await _act(tx, who, attempt, order, new_id("cmd"))
    is_proposed = order.kind in SECOND_PERSON
    command = Command(
        id=command_id,
        order_id=order.order_id,
        kind=order.kind,
        sitting_id=attempt.sitting_id,
        room_id=attempt.room_id,
        attempt_id=attempt.id,
        text=order.text.strip(),
        reason_category=order.reason_category,
        reason=order.reason.strip(),
        minutes=order.minutes if order.kind is CommandKind.EXTRA_TIME else 0,
        evidence=order.evidence,
        by=StaffId(who.id),
        at=tx.now,
        state=CommandState.PROPOSED if is_proposed else CommandState.SENT,
        requires_ack=order.kind in ACKNOWLEDGED,
    )
    await store.insert_command(tx, command)
    details = {"command": command.id, "kind": command.kind, "category": command.reason_category}
    act = "proctoring.command.propose" if is_proposed else "proctoring.command.give"
    await record(tx, who, act=act, on=attempt.id, details=details)
    tx.emit(ProctoringChanged("commands", attempt.id, attempt.sitting_id, attempt.room_id))
    if order.kind in (CommandKind.MESSAGE, CommandKind.WARNING):
        tx.after_commit(lambda: send_command(ports, command.attempt_id, message_of(command)))
    return command


async def _act(tx: Transaction, who: Principal, attempt: Attempt, order: Order, command_id: str) -> str:
    """Do to the attempt what the kind says; return the id by which its page answers.

    Raises: ChangeImpossible, ExtraTimeNotAllowed.
    """
    if order.kind in _CHANGES:
        extra = timedelta(minutes=order.minutes if order.kind is CommandKind.EXTRA_TIME else 0)
        reason = order.reason.strip() or "监考指令"
        change = await propose_change(tx, who, attempt.id, _CHANGES[order.kind], extra=extra, reason=reason)
        return change.id
    reason = order.reason.strip()
    match order.kind:
        case CommandKind.LOCK:
            await lock_attempt(tx, who, attempt.id, reason=reason, command_id=command_id)
        case CommandKind.UNLOCK:
            await unlock_attempt(tx, who, attempt.id, reason=reason, command_id=command_id)
        case CommandKind.FORCE_HAND_IN:
            await force_hand_in(tx, who, attempt.id, reason=reason, command_id=command_id)
        case CommandKind.RELEASE_SEAT:
            check_running(attempt)
            await release_seat(tx, who, attempt.id, reason, command_id=command_id)
        case _:
            check_running(attempt)
    return command_id


def check_running(attempt: Attempt) -> None:
    """Pass when the attempt has not ended.

    Raises: ChangeImpossible.
    """
    if attempt.state in ENDED:
        raise ChangeImpossible(state=attempt.state.value)


def message_of(command: Command) -> SentCommand:
    """Return the command as its page hears it."""
    kind = "seat_revoked" if command.kind is CommandKind.RELEASE_SEAT else command.kind.value
    return SentCommand(
        command.id,
        kind,  # type: ignore[arg-type]  # the page knows every kind by the same word but one
        command.text if command.kind in (CommandKind.MESSAGE, CommandKind.WARNING) else "",
        command.reason,
        requires_ack=command.requires_ack,
    )
