"""SQL of receipts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, Row, String, Table, select

from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction, UtcInstant, insert_rows, metadata, to_microseconds
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
    # Empty when the statement itself was signed; receipts from before batches have none.
    Column("path", LargeBinary),
)


async def insert_receipts(tx: Transaction, signed: Sequence[SignedReceipt]) -> None:
    """Write receipts."""
    await insert_rows(tx, receipts, [_row_of(one) for one in signed], skips_present=False)


def _row_of(signed: SignedReceipt) -> tuple[object, ...]:
    """Return the values in the order of the table's columns."""
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
        signed.path,
    )


async def read_receipt(tx: Transaction, attempt_id: str, round_: int) -> SignedReceipt | None:
    """Return the receipt of one round."""
    return (await read_given_receipts(tx, [attempt_id])).get((attempt_id, round_))


async def read_given_receipts(tx: Transaction, ids: Sequence[str]) -> dict[tuple[str, int], SignedReceipt]:
    """Return the receipts of attempts by attempt and round."""
    rows = await tx.execute(select(receipts).where(receipts.c.attempt_id.in_(ids)))
    return {(row.attempt_id, row.round): _signed_receipt(row) for row in rows}


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
    return SignedReceipt(receipt, row.statement, row.signature, row.path or b"", row.key_id)
