"""SQL of the audit record."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, Row, String, Table, func, insert, select

from invigil.base.audit.model import AuditCheckpoint, AuditRecord
from invigil.platform.db import JsonDocument, Transaction, UtcInstant, metadata

records = Table(
    "audit_record",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcInstant, nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor_id", String(64), nullable=False, index=True),
    Column("act", String(96), nullable=False, index=True),
    Column("subject_id", String(96), nullable=False, index=True),
    Column("details", JsonDocument, nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("code", LargeBinary(32), nullable=False),
)

checkpoints = Table(
    "audit_checkpoint",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcInstant, nullable=False),
    Column("code", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)


async def read_head(tx: Transaction) -> tuple[int, bytes] | None:
    """Return the last record's position and code; None for an empty chain."""
    row = (
        await tx.execute(select(records.c.position, records.c.code).order_by(records.c.position.desc()).limit(1))
    ).first()
    return None if row is None else (row.position, row.code)


async def append(tx: Transaction, record: AuditRecord) -> None:
    """Write one record at the chain's end."""
    await tx.execute(
        insert(records).values(
            position=record.position,
            at=record.at,
            actor_kind=record.actor_kind,
            actor_id=record.actor_id,
            act=record.act,
            subject_id=record.on,
            details=record.details,
            previous=record.previous,
            code=record.code,
        )
    )


async def append_checkpoint(tx: Transaction, checkpoint: AuditCheckpoint) -> None:
    """Write one checkpoint."""
    await tx.execute(
        insert(checkpoints).values(
            position=checkpoint.position, at=checkpoint.at, code=checkpoint.code, signature=checkpoint.signature
        )
    )


async def read_chain(tx: Transaction, after: int, limit: int) -> list[AuditRecord]:
    """Return up to `limit` records behind position `after`, in order."""
    rows = await tx.execute(select(records).where(records.c.position > after).order_by(records.c.position).limit(limit))
    return [_record(row) for row in rows]


async def read_checkpoints(tx: Transaction) -> list[AuditCheckpoint]:
    """Return every checkpoint in order."""
    rows = await tx.execute(select(checkpoints).order_by(checkpoints.c.position))
    return [AuditCheckpoint(row.position, row.at, row.code, row.signature) for row in rows]


async def search(
    tx: Transaction, *, act: str, actor_id: str, on: str, offset: int, limit: int
) -> tuple[list[AuditRecord], int]:
    """Return one page, newest first, and the total; empty filters match everything, `act` matches by its beginning."""
    conditions = []
    if act:
        conditions.append(records.c.act.startswith(act, autoescape=True))
    if actor_id:
        conditions.append(records.c.actor_id == actor_id)
    if on:
        conditions.append(records.c.subject_id == on)
    total = (await tx.execute(select(func.count()).select_from(records).where(*conditions))).scalar_one()
    page = select(records).where(*conditions).order_by(records.c.position.desc()).offset(offset).limit(limit)
    return [_record(row) for row in _all(await tx.execute(page))], total


async def list_acts(tx: Transaction) -> list[str]:
    """Return every act that stands in the record once, by name."""
    return list((await tx.execute(select(records.c.act).distinct().order_by(records.c.act))).scalars())


def _all(result: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - SQLAlchemy's untyped result
    rows: Sequence[Row[Any]] = result.all()
    return rows


def _record(row: Row[Any]) -> AuditRecord:
    return AuditRecord(
        row.position, row.at, row.actor_kind, row.actor_id, row.act, row.subject_id, row.details, row.previous, row.code
    )
