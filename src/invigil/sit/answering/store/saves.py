"""SQL of saved sheets."""

import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from isal import isal_zlib
from sqlalchemy import Column, Integer, LargeBinary, Row, String, Table, and_, func, select, text, tuple_

from invigil.platform.db import Sealed, Transaction, UtcInstant, insert_rows, metadata
from invigil.platform.keys import Keys
from invigil.sit.answering.store.attempts import attempts, joined_ids, listed_ids

# Every accepted save stays (the answering trail); the greatest seq is the sheet in force.
saves = Table(
    "answering_save",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", UtcInstant, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("sheet", Sealed("answering.sheet", "answering_save/{attempt_id}/{seq}"), nullable=False),
)


class NewSave(NamedTuple):
    """A row to be written, in the order of the table's columns. saved_at: microseconds since 1970."""

    attempt_id: str
    seq: int
    saved_at: int
    sha256: bytes
    sheet: bytes


# As small as zlib makes it in 12 µs instead of 20; any zlib opens it. Level 0 takes 5 µs and half as many bytes again.
_LEVEL = 1


def seal_sheet(keys: Keys, attempt_id: str, seq: int, canonical: bytes) -> bytes:
    """Compress and seal a sheet for its place; 100 choices are 1.6 kB plain and 0.4 kB so."""
    packed = isal_zlib.compress(canonical, _LEVEL)
    return keys.seal(packed, purpose="answering.sheet", bound_to=f"answering_save/{attempt_id}/{seq}")


def open_sheet(tx: Transaction, attempt_id: str, seq: int, sealed: bytes) -> bytes:
    """Open a sheet; raises CannotOpenError when it was changed or moved."""
    packed = tx.keys.open(sealed, purpose="answering.sheet", bound_to=f"answering_save/{attempt_id}/{seq}")
    return zlib.decompress(packed)


async def insert_saves(tx: Transaction, rows: Sequence[NewSave]) -> int:
    """Write new saves and return how many; what stands under the same (attempt, seq) is left as it is."""
    return await insert_rows(tx, saves, rows, skips_present=True)


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


# Written by hand, as in attempts.py: at the end of a sitting this runs for everybody within seconds. The greatest seq is looked
# up in the index; a GROUP BY would read every save of the attempt.
_LAST_SQLITE = text(
    "SELECT json_group_array(json_array(s.attempt_id, s.seq, hex(s.sha256))) FROM json_each(:ids) AS wanted"
    " JOIN answering_save AS s ON s.attempt_id = wanted.value"
    " AND s.seq = (SELECT max(seq) FROM answering_save WHERE attempt_id = wanted.value)"
)
_LAST_POSTGRESQL = text(
    "SELECT s.attempt_id, s.seq, s.sha256 FROM unnest(string_to_array(:ids, ',')) AS wanted (id) CROSS JOIN LATERAL"
    " (SELECT attempt_id, seq, sha256 FROM answering_save WHERE attempt_id = wanted.id ORDER BY seq DESC LIMIT 1) AS s"
)


async def read_last_digests(tx: Transaction, ids: Collection[str]) -> dict[str, tuple[int, bytes]]:
    """Return the greatest seq and its digest of each attempt that has saved anything. ids: unique."""
    if not ids:
        return {}
    if tx.dialect == "postgresql":
        rows = await tx.execute(_LAST_POSTGRESQL, {"ids": joined_ids(ids)})
        return {row.attempt_id: (row.seq, row.sha256) for row in rows}
    found = (await tx.execute(_LAST_SQLITE, {"ids": listed_ids(ids)})).scalar_one()
    return {one: (seq, bytes.fromhex(sha256)) for one, seq, sha256 in msgspec.json.decode(found)}


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
