"""Writing and reading imports."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from invigil.platform.db import Transaction
from invigil.prepare.candidates.model import ImportState
from invigil.prepare.candidates.store.tables import imports


async def insert_import(tx: Transaction, **values: object) -> None:
    """Write a new import."""
    await tx.execute(insert(imports).values(created_at=tx.now, changed_at=tx.now, **values))


async def read_import(tx: Transaction, import_id: str) -> Row[Any] | None:
    """Return one import's row."""
    return (await tx.execute(select(imports).where(imports.c.id == import_id))).first()


async def move_import(
    tx: Transaction, import_id: str, leaving: ImportState, entering: ImportState, **changes: object
) -> bool:
    """Move an import from one state to another; false when it is not in the first."""
    moved = await tx.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.state == leaving)
        .values(state=entering, changed_at=tx.now, **changes)
    )
    return moved.rowcount == 1


async def list_expired(tx: Transaction, states: Collection[str], changed_until: datetime, *, limit: int) -> list[str]:
    """Return imports in these states since `changed_until` or earlier whose files are still there, oldest first."""
    found = (
        select(imports.c.id)
        .where(
            imports.c.state.in_(states), imports.c.changed_at <= changed_until, imports.c.source_deleted_at.is_(None)
        )
        .order_by(imports.c.changed_at, imports.c.id)
        .limit(limit)
    )
    return list((await tx.execute(found)).scalars())


async def write_source_deleted(tx: Transaction, import_id: str) -> None:
    """Note that the import's files are gone."""
    await tx.execute(update(imports).where(imports.c.id == import_id).values(source_deleted_at=tx.now))


async def list_imports(tx: Transaction, exam_id: str, *, offset: int, limit: int) -> tuple[list[Row[Any]], int]:
    """Return one page of an examination's imports, newest first, and the total."""
    condition = imports.c.exam_id == exam_id
    total = (await tx.execute(select(func.count()).select_from(imports).where(condition))).scalar_one()
    page = select(imports).where(condition).order_by(imports.c.id.desc()).offset(offset).limit(limit)
    return list(await tx.execute(page)), total
