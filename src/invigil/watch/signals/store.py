"""SQL of signals."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Index, Integer, Row, String, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.platform.db import Transaction, UtcInstant, metadata
from invigil.watch.signals.model import Signal

signals = Table(
    "signals_signal",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("room_id", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("device", String(8), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("last_at", UtcInstant, nullable=False),
    Column("times", Integer, nullable=False),
    Column("item", String(8), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("handled_by", String(40), nullable=False),
    Column("handled_at", UtcInstant),
    Column("handling", String(16), nullable=False),
    Index("ix_signals_signal_room_id_handled_at", "room_id", "handled_at"),
)

# Every occurrence that has been counted, so that one that is told again is not.
occurrences = Table(
    "signals_occurrence",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("mark", String(120), primary_key=True),
    Column("signal_id", String(40), nullable=False),
    sqlite_with_rowid=False,
)


async def note_occurrence(tx: Transaction, attempt_id: str, mark: str, signal_id: str) -> bool:
    """Write an occurrence; False when it stands there already."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    values = {"attempt_id": attempt_id, "mark": mark, "signal_id": signal_id}
    written = await tx.execute(dialect.insert(occurrences).values(values).on_conflict_do_nothing())
    return bool(written.rowcount)


async def list_occurred(tx: Transaction, attempt_id: str, marks: Collection[str]) -> set[str]:
    """Return which of these marks have been counted."""
    query = select(occurrences.c.mark).where(occurrences.c.attempt_id == attempt_id, occurrences.c.mark.in_(marks))
    return {row.mark for row in await tx.execute(query)}


async def insert_signal(tx: Transaction, one: Signal) -> None:
    """Write a signal."""
    await tx.execute(
        insert(signals).values(
            id=one.id,
            attempt_id=one.attempt_id,
            sitting_id=one.sitting_id,
            room_id=one.room_id,
            kind=one.kind,
            severity=one.severity,
            device=one.device,
            at=one.at,
            last_at=one.last_at,
            times=one.count,
            item=one.item,
            detail=one.detail,
            handled_by=one.handled_by,
            handled_at=one.handled_at,
            handling=one.handling,
        )
    )


async def update_signal(tx: Transaction, signal_id: str, **changes: object) -> None:
    """Write some columns of a signal."""
    await tx.execute(update(signals).where(signals.c.id == signal_id).values(**changes))


async def read_signal(tx: Transaction, signal_id: str) -> Signal | None:
    """Return a signal; on PostgreSQL nobody else handles it until the transaction ends."""
    query = select(signals).where(signals.c.id == signal_id)
    if tx.dialect == "postgresql":
        query = query.with_for_update()
    row = (await tx.execute(query)).first()
    return None if row is None else _signal(row)


async def list_signals(
    tx: Transaction,
    *,
    attempt_id: str = "",
    room_ids: Collection[str] = (),
    sitting_id: str = "",
    only_open: bool = False,
) -> list[Signal]:
    """Return the signals of an attempt, of rooms or of a sitting, by time."""
    query = select(signals).order_by(signals.c.at, signals.c.id)
    if attempt_id:
        query = query.where(signals.c.attempt_id == attempt_id)
    elif sitting_id:
        query = query.where(signals.c.sitting_id == sitting_id)
    else:
        query = query.where(signals.c.room_id.in_(room_ids))
    if only_open:
        query = query.where(signals.c.handled_at.is_(None))
    return [_signal(row) for row in await tx.execute(query)]


def _signal(row: Row[Any]) -> Signal:
    return Signal(
        id=row.id,
        attempt_id=AttemptId(row.attempt_id),
        sitting_id=SittingId(row.sitting_id),
        room_id=RoomId(row.room_id),
        kind=row.kind,
        severity=row.severity,
        device=row.device,
        at=row.at,
        last_at=row.last_at,
        count=row.times,
        item=row.item,
        detail=row.detail,
        handled_by=row.handled_by,
        handled_at=row.handled_at,
        handling=row.handling,
    )
