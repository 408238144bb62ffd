"""SQL of changes of time."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Row, String, Table, insert, select, update

from invigil.kernel.ids import AttemptId, StaffId
from invigil.platform.db import Transaction, UtcInstant, metadata
from invigil.sit.answering.model import ChangeKind, ChangeState, TimeChange
from invigil.sit.answering.store.attempts import attempts

changes = Table(
    "answering_time_change",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("extra_us", BigInteger, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("proposed_by", String(40), nullable=False),
    Column("proposed_at", UtcInstant, nullable=False),
    Column("decided_by", String(40)),
    Column("decided_at", UtcInstant),
)

_MICROSECOND = timedelta(microseconds=1)


async def insert_change(tx: Transaction, change: TimeChange) -> None:
    """Write a change."""
    await tx.execute(
        insert(changes).values(
            id=change.id,
            attempt_id=change.attempt_id,
            kind=change.kind,
            extra_us=change.extra // _MICROSECOND,
            reason=change.reason,
            state=change.state,
            proposed_by=change.proposed_by,
            proposed_at=change.proposed_at,
            decided_by=change.decided_by,
            decided_at=change.decided_at,
        )
    )


async def read_change(tx: Transaction, change_id: str) -> TimeChange | None:
    """Return a change; on PostgreSQL nobody else decides it until the transaction ends."""
    query = select(changes).where(changes.c.id == change_id)
    if tx.dialect == "postgresql":
        query = query.with_for_update()
    row = (await tx.execute(query)).first()
    return None if row is None else _change(row)


async def read_changes(tx: Transaction, ids: Collection[str]) -> dict[str, TimeChange]:
    """Return the changes with these ids."""
    if not ids:
        return {}
    return {row.id: _change(row) for row in await tx.execute(select(changes).where(changes.c.id.in_(ids)))}


async def decide_change(tx: Transaction, change_id: str, state: ChangeState, by: StaffId) -> None:
    """Write the decision."""
    await tx.execute(
        update(changes).where(changes.c.id == change_id).values(state=state, decided_by=by, decided_at=tx.now)
    )


async def list_changes(tx: Transaction, *, sitting_id: str = "", attempt_id: str = "") -> list[TimeChange]:
    """Return the changes of a sitting or an attempt, newest first."""
    query = select(changes).join(attempts, attempts.c.id == changes.c.attempt_id)
    query = query.where(attempts.c.sitting_id == sitting_id if sitting_id else changes.c.attempt_id == attempt_id)
    return [_change(row) for row in await tx.execute(query.order_by(changes.c.proposed_at.desc()))]


def _change(row: Row[Any]) -> TimeChange:
    return TimeChange(
        row.id,
        AttemptId(row.attempt_id),
        ChangeKind(row.kind),
        timedelta(microseconds=row.extra_us),
        row.reason,
        ChangeState(row.state),
        StaffId(row.proposed_by),
        row.proposed_at,
        None if row.decided_by is None else StaffId(row.decided_by),
        row.decided_at,
    )
