"""SQL of the operation log."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from invigil.platform.db import Transaction, UtcInstant, metadata
from invigil.sit.activity.model import Importance, LoggedStep

steps_table = Table(
    "activity_step",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("device", String(8), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at_client", UtcInstant, nullable=False),
    Column("at_server", UtcInstant, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("item", String(8), nullable=False),
    Column("detail", String(500), nullable=False),
    Column("importance", String(12), nullable=False),
    sqlite_with_rowid=False,
)


async def insert_steps(tx: Transaction, batches: Sequence[tuple[str, Sequence[LoggedStep]]]) -> None:
    """Write steps; one that stands there already is left as it is (a batch may be sent again)."""
    rows = [
        {
            "attempt_id": attempt_id,
            "device": step.device,
            "n": step.n,
            "at_client": step.at_client,
            "at_server": step.at_server,
            "kind": step.kind,
            "item": step.item,
            "detail": step.detail,
            "importance": step.importance,
        }
        for attempt_id, steps in batches
        for step in steps
    ]
    if rows:
        dialect = postgresql if tx.dialect == "postgresql" else sqlite
        await tx.execute(dialect.insert(steps_table).on_conflict_do_nothing(), rows)


async def read_last_step(tx: Transaction, attempt_id: str) -> int:
    """Return the number of the PC page's newest step, 0 when there is none."""
    query = select(func.max(steps_table.c.n)).where(
        steps_table.c.attempt_id == attempt_id, steps_table.c.device == "pc"
    )
    return int((await tx.execute(query)).scalar_one() or 0)


async def list_last_steps(tx: Transaction, attempt_id: str, limit: int) -> list[LoggedStep]:
    """Return the newest steps of an attempt by the page's clock, oldest first."""
    by_time = (steps_table.c.at_client, steps_table.c.device, steps_table.c.n)
    query = select(steps_table).where(steps_table.c.attempt_id == attempt_id)
    rows = await tx.execute(query.order_by(*(column.desc() for column in by_time)).limit(limit))
    return [_step(row) for row in reversed(rows.all())]


async def list_steps(tx: Transaction, attempt_id: str) -> list[LoggedStep]:
    """Return an attempt's steps in order of the page's clock."""
    query = (
        select(steps_table)
        .where(steps_table.c.attempt_id == attempt_id)
        .order_by(steps_table.c.at_client, steps_table.c.n)
    )
    return [_step(row) for row in await tx.execute(query)]


def _step(row: Row[Any]) -> LoggedStep:
    importance = Importance(row.importance)
    return LoggedStep(row.n, row.device, row.at_client, row.at_server, row.kind, row.item, row.detail, importance)
