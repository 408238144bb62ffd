"""SQL of receipts."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Column, Integer, LargeBinary, Row, String, Table, TextClause, and_, select, text

from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction, UtcInstant, metadata, to_microseconds
from invigil.sit.answering.model import Receipt, SignedReceipt
from invigil.sit.answering.store.attempts import attempts

receipts = Table(
    "answering_receipt",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("sheet_sha256", String(64), nullable=False),
    Column("handed_in_at", UtcInstant, nullable=False),
    Column("number", String(20), nullable=False, index=True),
    Column("is_automatic", Integer, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("key_id", String(16), nullable=False),
)


# Written by hand, as the saves are: at the end of a sitting everybody hands in within seconds.
_NAMES = tuple(column.name for column in receipts.columns)
_COLUMNS = ", ".join(_NAMES)
_INSERT_POSTGRESQL = text(
    f"INSERT INTO answering_receipt ({_COLUMNS})"  # noqa: S608 - our own column names only
    " SELECT attempt_id, round, seq, sheet_sha256, handed_in_at, number, is_automatic,"
    " decode(statement, 'base64'), decode(signature, 'base64'), key_id"
    " FROM json_to_recordset(CAST(:rows AS json)) AS r (attempt_id varchar, round integer, seq integer,"
    " sheet_sha256 varchar, handed_in_at bigint, number varchar, is_automatic integer, statement text, signature text,"
    " key_id varchar)"
)
SQLITE_ROWS = 32


@cache
def _insert_sqlite(rows: int) -> TextClause:
    values = ", ".join("(" + ", ".join(f":{name}_{n}" for name in _NAMES) + ")" for n in range(rows))
    return text(f"INSERT INTO answering_receipt ({_COLUMNS}) VALUES {values}")  # noqa: S608 - numbered parameters only


async def insert_receipts(tx: Transaction, signed: Sequence[SignedReceipt]) -> None:
    """Write receipts."""
    rows = [_row_of(one) for one in signed]
    if rows and tx.dialect == "postgresql":
        documents = [dict(zip(_NAMES, row, strict=True)) for row in rows]
        await tx.execute(_INSERT_POSTGRESQL, {"rows": msgspec.json.encode(documents).decode()})
        return
    for start in range(0, len(rows), SQLITE_ROWS):
        some = rows[start : start + SQLITE_ROWS]
        values = {f"{name}_{n}": value for n, row in enumerate(some) for name, value in zip(_NAMES, row, strict=True)}
        await tx.execute(_insert_sqlite(len(some)), values)


def _row_of(signed: SignedReceipt) -> tuple[object, ...]:
    one = signed.receipt
    return (
        one.attempt,
        one.round,
        one.seq,
        one.sheet_sha256,
        to_microseconds(one.handed_in_at),
        one.number,
        int(one.is_automatic),
        signed.statement,
        signed.signature,
        signed.key_id,
    )


async def read_receipt(tx: Transaction, attempt_id: str, round_: int) -> SignedReceipt | None:
    """Return the receipt of one round."""
    condition = and_(receipts.c.attempt_id == attempt_id, receipts.c.round == round_)
    row = (await tx.execute(select(receipts).where(condition))).first()
    return None if row is None else _signed_receipt(row)


async def read_receipts(tx: Transaction, sitting_id: str) -> dict[tuple[str, int], SignedReceipt]:
    """Return the receipts of a sitting by attempt and round."""
    query = (
        select(receipts)
        .join(attempts, attempts.c.id == receipts.c.attempt_id)
        .where(attempts.c.sitting_id == sitting_id)
    )
    return {(row.attempt_id, row.round): _signed_receipt(row) for row in await tx.execute(query)}


def _signed_receipt(row: Row[Any]) -> SignedReceipt:
    receipt = Receipt(
        attempt=AttemptId(row.attempt_id),
        round=row.round,
        seq=row.seq,
        sheet_sha256=row.sheet_sha256,
        handed_in_at=row.handed_in_at,
        number=row.number,
        is_automatic=bool(row.is_automatic),
    )
    return SignedReceipt(receipt, row.statement, row.signature, row.key_id)
