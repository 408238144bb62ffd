"""SQL of saved sheets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, Row, String, Table, and_, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from invigil.platform.db import Transaction, UtcInstant, metadata
from invigil.sit.answering.store.attempts import attempts

# Every accepted save stays (the answering trail); the greatest seq is the sheet in force.
saves = Table(
    "answering_save",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", UtcInstant, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("sheet", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


def seal_sheet(tx: Transaction, attempt_id: str, seq: int, canonical: bytes) -> bytes:
    """Seal a sheet for its place."""
    return tx.keys.seal(canonical, purpose="answering.sheet", bound_to=f"answering_save/{attempt_id}/{seq}")


def open_sheet(tx: Transaction, attempt_id: str, seq: int, sealed: bytes) -> bytes:
    """Open a sheet; raises CannotOpenError when it was changed or moved."""
    return tx.keys.open(sealed, purpose="answering.sheet", bound_to=f"answering_save/{attempt_id}/{seq}")


async def insert_saves(tx: Transaction, rows: Sequence[Mapping[str, object]]) -> set[tuple[str, int]]:
    """Write new saves; return the (attempt, seq) that stood there already and were left as they are."""
    if not rows:
        return set()
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    statement = dialect.insert(saves).on_conflict_do_nothing().returning(saves.c.attempt_id, saves.c.seq)
    written = {(row.attempt_id, row.seq) for row in await tx.execute(statement, list(rows))}
    return {(str(row["attempt_id"]), int(str(row["seq"]))) for row in rows} - written


async def read_digests(tx: Transaction, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Row[Any]]:
    """Return what stands at these places: sha256 and saved_at."""
    query = select(saves.c.attempt_id, saves.c.seq, saves.c.sha256, saves.c.saved_at).where(
        tuple_(saves.c.attempt_id, saves.c.seq).in_(sorted(places))
    )
    return {(row.attempt_id, row.seq): row for row in await tx.execute(query)}


async def read_last_save(tx: Transaction, attempt_id: str) -> Row[Any] | None:
    """Return the save in force: the greatest seq."""
    query = select(saves).where(saves.c.attempt_id == attempt_id).order_by(saves.c.seq.desc()).limit(1)
    return (await tx.execute(query)).first()


async def read_last_digests(tx: Transaction, ids: Iterable[str]) -> dict[str, tuple[int, bytes]]:
    """Return the greatest seq and its digest of each attempt that has saved anything."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    newest = (
        select(saves.c.attempt_id, func.max(saves.c.seq).label("seq"))
        .where(saves.c.attempt_id.in_(wanted))
        .group_by(saves.c.attempt_id)
        .subquery()
    )
    query = select(saves.c.attempt_id, saves.c.seq, saves.c.sha256).join(
        newest, and_(newest.c.attempt_id == saves.c.attempt_id, newest.c.seq == saves.c.seq)
    )
    return {row.attempt_id: (row.seq, row.sha256) for row in await tx.execute(query)}


async def read_last_saves(tx: Transaction, sitting_id: str) -> dict[str, Row[Any]]:
    """Return the saves in force of a whole sitting, by attempt."""
    newest = (
        select(saves.c.attempt_id, func.max(saves.c.seq).label("seq"))
        .join(attempts, attempts.c.id == saves.c.attempt_id)
        .where(attempts.c.sitting_id == sitting_id)
        .group_by(saves.c.attempt_id)
        .subquery()
    )
    query = select(saves).join(newest, and_(newest.c.attempt_id == saves.c.attempt_id, newest.c.seq == saves.c.seq))
    return {row.attempt_id: row for row in await tx.execute(query)}


async def list_trail(tx: Transaction, attempt_id: str) -> list[Row[Any]]:
    """Return every save of an attempt in order of seq (the answering trail)."""
    query = select(saves).where(saves.c.attempt_id == attempt_id).order_by(saves.c.seq)
    return list((await tx.execute(query)).all())
