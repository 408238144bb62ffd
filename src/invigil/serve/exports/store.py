"""SQL of the register of exports: entries stay for ever, files do not."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    Row,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from invigil.kernel.ids import JobId
from invigil.platform.db import JsonDocument, Sealed, Transaction, UtcInstant, metadata
from invigil.serve.exports.model import Export, ExportOrder

NAME_PURPOSE = "exports.ordered_by_name"

exports = Table(
    "exports_export",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("exam_id", String(40), nullable=False, index=True),
    Column("wanted", JsonDocument, nullable=False),
    Column("job_id", String(40), nullable=False),
    Column("ordered_by", String(96), nullable=False),
    Column("ordered_by_name", Sealed(NAME_PURPOSE, "exports_export/ordered_by_name/{id}"), nullable=False),
    Column("ordered_at", UtcInstant, nullable=False),
    Column("made_at", UtcInstant),
    Column("expires_at", UtcInstant),
    Column("destroyed_at", UtcInstant),
    Column("file_name", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("is_released", Boolean, nullable=False),
    Column("downloads", Integer, nullable=False),
)


async def insert_export(tx: Transaction, export: Export) -> None:
    """Write a new entry."""
    name = tx.keys.seal_text(export.ordered_by_name, purpose=NAME_PURPOSE, bound_to=_place(export.id))
    await tx.execute(
        insert(exports).values(
            id=export.id,
            exam_id=export.order.exam_id,
            wanted=msgspec.to_builtins(export.order),
            job_id=export.job_id,
            ordered_by=export.ordered_by,
            ordered_by_name=name,
            ordered_at=export.ordered_at,
            file_name="",
            sha256="",
            file_bytes=0,
            row_count=0,
            is_released=False,
            downloads=0,
        )
    )


async def read_export(tx: Transaction, export_id: str) -> Export | None:
    """Return one entry, or None."""
    row = (await tx.execute(select(exports).where(exports.c.id == export_id))).first()
    return None if row is None else _export(tx, row)


async def list_exports(
    tx: Transaction, exam_id: str, *, kind: str = "", q: str = "", offset: int, limit: int
) -> tuple[list[Export], int]:
    """Return one page of the register, newest first, and the total.

    exam_id, kind: empty takes every one. q: stands in the purpose or in the name of who ordered it; names are sealed, so that a
    search opens the whole register of the examination (thousands of entries at most: each is one act of a person).
    """
    conditions = [exports.c.exam_id == exam_id] if exam_id else []
    if kind or q:
        rows = await tx.execute(select(exports).where(*conditions).order_by(exports.c.id.desc()))
        found = [one for one in (_export(tx, row) for row in rows.all()) if _matches(one, kind, q)]
        return found[offset : offset + limit], len(found)
    total = (await tx.execute(select(func.count()).select_from(exports).where(*conditions))).scalar_one()
    page = select(exports).where(*conditions).order_by(exports.c.id.desc()).offset(offset).limit(limit)
    return [_export(tx, row) for row in (await tx.execute(page)).all()], total


def _matches(export: Export, kind: str, q: str) -> bool:
    return kind in ("", export.order.kind) and (q in export.order.purpose or q in export.ordered_by_name)


async def write_made(tx: Transaction, export: Export) -> None:
    """Write what the file turned out to be."""
    await tx.execute(
        update(exports)
        .where(exports.c.id == export.id)
        .values(
            made_at=export.made_at,
            expires_at=export.expires_at,
            file_name=export.file_name,
            sha256=export.sha256,
            file_bytes=export.file_bytes,
            row_count=export.row_count,
            is_released=export.is_released,
        )
    )


async def count_download(tx: Transaction, export_id: str) -> None:
    """Count one more download."""
    await tx.execute(update(exports).where(exports.c.id == export_id).values(downloads=exports.c.downloads + 1))


async def write_destroyed(tx: Transaction, export_id: str, at: datetime) -> None:
    """Write that the file is gone."""
    await tx.execute(update(exports).where(exports.c.id == export_id).values(destroyed_at=at))


async def list_expired(tx: Transaction, *, limit: int) -> list[Export]:
    """Return entries whose file is due to be destroyed."""
    due = (
        select(exports)
        .where(exports.c.destroyed_at.is_(None), exports.c.expires_at <= tx.now)
        .order_by(exports.c.id)
        .limit(limit)
    )
    return [_export(tx, row) for row in (await tx.execute(due)).all()]


def _place(export_id: str) -> str:
    return f"exports_export/ordered_by_name/{export_id}"


def _export(tx: Transaction, row: Row[Any]) -> Export:
    return Export(
        id=row.id,
        order=msgspec.convert(row.wanted, ExportOrder),
        job_id=JobId(row.job_id),
        ordered_by=row.ordered_by,
        ordered_by_name=tx.keys.open_text(row.ordered_by_name, purpose=NAME_PURPOSE, bound_to=_place(row.id)),
        ordered_at=row.ordered_at,
        made_at=row.made_at,
        expires_at=row.expires_at,
        destroyed_at=row.destroyed_at,
        file_name=row.file_name,
        sha256=row.sha256,
        file_bytes=row.file_bytes,
        row_count=row.row_count,
        is_released=row.is_released,
        downloads=row.downloads,
    )
