"""SQL over every declared column of ciphertext, whatever feature it belongs to."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Row, and_, bindparam, func, literal, select, tuple_, update

from invigil.platform.db import SealedColumn, Transaction
from invigil.platform.keys import HEADER_BYTES, header_of, version_of


async def count_by_version(tx: Transaction, one: SealedColumn) -> Counter[int]:
    """Return how many cells of the column stand under which key version."""
    header = _header(one).label("header")
    counted = select(header, func.count().label("number")).where(*_is_ciphertext(one)).group_by(header)
    return Counter({version_of(row.header): row.number for row in await tx.execute(counted)})


async def list_outdated(
    tx: Transaction, one: SealedColumn, newest: int, *, after: Sequence[Any] | None, limit: int
) -> list[Row[Any]]:
    """Return rows whose cell stands under another key than the newest, in the order of their primary key.

    after: primary key of the last row seen, None from the beginning. Rows: the primary key's columns, then the cell.
    """
    key = list(one.table.primary_key)
    conditions = [*_is_ciphertext(one), _header(one) != header_of(newest)]
    if after is not None:
        last = [literal(value, column.type) for column, value in zip(key, after, strict=True)]
        conditions.append(tuple_(*key) > tuple_(*last))
    rows = select(*key, one.column).where(*conditions).order_by(*key).limit(limit)
    return list(await tx.execute(rows))


async def replace_cells(tx: Transaction, one: SealedColumn, cells: Sequence[tuple[Row[Any], bytes]]) -> None:
    """Write the new ciphertexts; a cell that is no longer as its row shows it is left alone.

    cells: rows of `list_outdated` with the ciphertext to put in their place; may be empty.
    """
    if not cells:
        return
    key = list(one.table.primary_key)
    same = [column == bindparam(f"key_{place}", type_=column.type) for place, column in enumerate(key)]
    unchanged = one.column == bindparam("old", type_=LargeBinary)
    statement = update(one.table).where(*same, unchanged).values({one.column: bindparam("new", type_=LargeBinary)})
    await tx.execute(statement, [_parameters(row, ciphertext) for row, ciphertext in cells])


def _parameters(row: Row[Any], ciphertext: bytes) -> dict[str, Any]:
    *key, old = tuple(row)
    return {"old": old, "new": ciphertext, **{f"key_{place}": value for place, value in enumerate(key)}}


def _header(one: SealedColumn) -> ColumnElement[bytes]:
    return func.substr(one.column, 1, HEADER_BYTES, type_=LargeBinary)


def _is_ciphertext(one: SealedColumn) -> list[ColumnElement[bool]]:
    conditions = [and_(one.column.is_not(None), func.length(one.column) > 0)]
    if one.sealed.only is not None:
        name, value = one.sealed.only
        conditions.append(one.table.c[name] == value)
    return conditions
