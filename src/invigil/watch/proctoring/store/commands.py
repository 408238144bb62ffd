"""SQL of commands."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, insert, select, update

from invigil.kernel.ids import AttemptId, RoomId, SittingId, StaffId
from invigil.platform.db import Transaction
from invigil.watch.proctoring.model import Command, CommandKind, CommandState
from invigil.watch.proctoring.store.tables import TEXT_PURPOSE, commands


async def insert_command(tx: Transaction, one: Command) -> None:
    """Write a command."""
    await tx.execute(
        insert(commands).values(
            id=one.id,
            order_id=one.order_id,
            kind=one.kind,
            sitting_id=one.sitting_id,
            room_id=one.room_id,
            attempt_id=one.attempt_id,
            text=_seal(tx, "text", one.id, one.text),
            reason_category=one.reason_category,
            reason=_seal(tx, "reason", one.id, one.reason),
            minutes=one.minutes,
            evidence=list(one.evidence),
            ordered_by=one.by,
            ordered_at=one.at,
            state=one.state,
            requires_ack=one.requires_ack,
            decided_by=one.decided_by,
            decided_at=one.decided_at,
        )
    )


async def update_command(tx: Transaction, command_id: str, **changes: object) -> None:
    """Write some columns of a command."""
    await tx.execute(update(commands).where(commands.c.id == command_id).values(**changes))


async def read_command(tx: Transaction, command_id: str, *, is_locking: bool = False) -> Command | None:
    """Return a command; with `is_locking` nobody else changes it until the transaction ends."""
    query = select(commands).where(commands.c.id == command_id)
    if is_locking and tx.dialect == "postgresql":
        query = query.with_for_update()
    row = (await tx.execute(query)).first()
    return None if row is None else _command(tx, row)


async def list_commands(
    tx: Transaction,
    *,
    attempt_ids: Collection[str] = (),
    room_ids: Collection[str] = (),
    sitting_id: str = "",
    order_id: str = "",
    only_proposed: bool = False,
) -> list[Command]:
    """Return the commands of an order, attempts, a sitting or rooms, by time."""
    query = select(commands).order_by(commands.c.ordered_at, commands.c.id)
    if order_id:
        query = query.where(commands.c.order_id == order_id)
    elif attempt_ids:
        query = query.where(commands.c.attempt_id.in_(attempt_ids))
    elif sitting_id:
        query = query.where(commands.c.sitting_id == sitting_id)
    else:
        query = query.where(commands.c.room_id.in_(room_ids))
    if only_proposed:
        query = query.where(commands.c.state == CommandState.PROPOSED)
    return [_command(tx, row) for row in await tx.execute(query)]


def _seal(tx: Transaction, column: str, command_id: str, text: str) -> bytes:
    return tx.keys.seal_text(text, purpose=TEXT_PURPOSE, bound_to=f"proctoring_command/{column}/{command_id}")


def _command(tx: Transaction, row: Row[Any]) -> Command:
    def opened(column: str) -> str:
        place = f"proctoring_command/{column}/{row.id}"
        return tx.keys.open_text(getattr(row, column), purpose=TEXT_PURPOSE, bound_to=place)

    return Command(
        id=row.id,
        order_id=row.order_id,
        kind=CommandKind(row.kind),
        sitting_id=SittingId(row.sitting_id),
        room_id=RoomId(row.room_id),
        attempt_id=AttemptId(row.attempt_id),
        text=opened("text"),
        reason_category=row.reason_category,
        reason=opened("reason"),
        minutes=row.minutes,
        evidence=tuple(row.evidence),
        by=StaffId(row.ordered_by),
        at=row.ordered_at,
        state=CommandState(row.state),
        requires_ack=row.requires_ack,
        delivered_at=row.delivered_at,
        acknowledged_at=row.acknowledged_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
