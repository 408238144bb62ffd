"""SQL of imports and their staged questions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from invigil.platform.db import Transaction
from invigil.prepare.questions.store.tables import import_items, imports


async def insert_import(tx: Transaction, **values: object) -> None:
    """Write a new import."""
    await tx.execute(
        insert(imports).values(created_at=tx.now, changed_at=tx.now, refusal_zh="", refusal_en="", **values)
    )


async def read_import(tx: Transaction, import_id: str) -> Row[Any] | None:
    """Return the import's row, or None."""
    return (await tx.execute(select(imports).where(imports.c.id == import_id))).first()


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


async def list_imports(tx: Transaction, *, offset: int, limit: int) -> tuple[list[Row[Any]], int]:
    """Return one page, newest first, and the total."""
    total = (await tx.execute(select(func.count()).select_from(imports))).scalar_one()
    rows = select(imports).order_by(imports.c.created_at.desc(), imports.c.id.desc()).offset(offset).limit(limit)
    return list(await tx.execute(rows)), total


async def move_import(tx: Transaction, import_id: str, leaving: str, entering: str, **changes: object) -> bool:
    """Change the state; False when the import was not in `leaving`."""
    same = (imports.c.id == import_id) & (imports.c.state == leaving)
    return (
        await tx.execute(update(imports).where(same).values(state=entering, changed_at=tx.now, **changes))
    ).rowcount == 1


async def set_counts(tx: Transaction, import_id: str, counts: Mapping[str, int]) -> None:
    """Write the import's figures."""
    await tx.execute(update(imports).where(imports.c.id == import_id).values(counts=dict(counts)))


async def replace_items(tx: Transaction, import_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the staged questions anew; nothing is left of an earlier attempt."""
    await tx.execute(delete(import_items).where(import_items.c.import_id == import_id))
    for start in range(0, len(rows), 200):
        await tx.execute(insert(import_items), rows[start : start + 200])


async def delete_items(tx: Transaction, import_id: str) -> None:
    """Delete the staged questions."""
    await tx.execute(delete(import_items).where(import_items.c.import_id == import_id))


async def update_item(tx: Transaction, import_id: str, position: int, changes: Mapping[str, Any]) -> None:
    """Change one staged question."""
    same = (import_items.c.import_id == import_id) & (import_items.c.position == position)
    await tx.execute(update(import_items).where(same).values(**changes))


async def read_item(tx: Transaction, import_id: str, position: int) -> Row[Any] | None:
    """Return one staged question's row, or None."""
    same = (import_items.c.import_id == import_id) & (import_items.c.position == position)
    return (await tx.execute(select(import_items).where(same))).first()


# What a preview can be narrowed to.
ONLY: Mapping[str, ColumnElement[bool]] = {
    "doubtful": import_items.c.doubt_count > 0,
    "problems": import_items.c.problem_count > 0,
    "duplicates": import_items.c.duplicate_count > 0,
    "skipped": import_items.c.is_included.is_(False),
    "included": import_items.c.is_included.is_(True),
}


async def list_items(
    tx: Transaction, import_id: str, *, only: str, offset: int, limit: int
) -> tuple[list[Row[Any]], int]:
    """Return one page in the file's order, and the total. only: a key of ONLY, else everything."""
    conditions = [import_items.c.import_id == import_id]
    if only in ONLY:
        conditions.append(ONLY[only])
    total = (await tx.execute(select(func.count()).select_from(import_items).where(*conditions))).scalar_one()
    rows = select(import_items).where(*conditions).order_by(import_items.c.position).offset(offset).limit(limit)
    return list(await tx.execute(rows)), total


async def list_unwritten(tx: Transaction, import_id: str, *, limit: int) -> list[Row[Any]]:
    """Return included staged questions that have not become questions yet, in order."""
    waiting = (
        (import_items.c.import_id == import_id)
        & import_items.c.is_included.is_(True)
        & (import_items.c.question_id == "")
    )
    return list(await tx.execute(select(import_items).where(waiting).order_by(import_items.c.position).limit(limit)))


async def count_items(tx: Transaction, import_id: str) -> dict[str, int]:
    """Return the figures of an import's staged questions."""

    def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(condition)

    included = import_items.c.is_included.is_(True)
    row = (
        await tx.execute(
            select(
                func.count().label("questions"),
                number_of(included).label("included"),
                number_of(import_items.c.doubt_count > 0).label("doubtful"),
                number_of(import_items.c.problem_count > 0).label("problems"),
                number_of(included & (import_items.c.problem_count > 0)).label("included_problems"),
                number_of(import_items.c.duplicate_count > 0).label("duplicates"),
                number_of(import_items.c.question_id != "").label("written"),
            ).where(import_items.c.import_id == import_id)
        )
    ).one()
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
