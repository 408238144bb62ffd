"""Inserting many small rows in few statements, for what runs under load: SQLAlchemy's own way costs more than the flush.

Values are given as the database stores them (instants as whole microseconds); an array for each of PostgreSQL's columns, or
numbered parameters on SQLite, carry them, so nothing is ever written into a statement's text.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, String, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from invigil.platform.db.database import Transaction
from invigil.platform.db.schema import UtcInstant
from invigil.platform.db.sealed import Sealed

# SQLite: full statements of the first size, the rest in the smaller ones, so that few statements are ever prepared.
SQLITE_ROWS = (64, 32, 16, 8, 4, 2, 1)


async def insert_rows(tx: Transaction, table: Table, rows: Sequence[Sequence[Any]], *, skips_present: bool) -> int:
    """Write rows, whose values stand in the order of the table's columns; return how many were written.

    skips_present: leave a row alone whose key stands there already; otherwise that is an error.
    Raises: sqlalchemy.exc.IntegrityError.
    """
    if not rows:
        return 0
    if tx.dialect == "postgresql":
        statement = _postgresql_statement(table, tx.connection.dialect.driver, skips_present=skips_present)
        return await _run(tx, statement, tuple(list(column) for column in zip(*rows, strict=True)))
    written = 0
    for some in _split(rows):
        values = tuple(value for row in some for value in row)
        written += await _run(tx, sqlite_statement(table, len(some), skips_present=skips_present), values)
    return written


async def _run(tx: Transaction, statement: str, values: tuple[Any, ...]) -> int:
    if isinstance(tx.connection, AsyncConnection):
        return (await tx.connection.exec_driver_sql(statement, values)).rowcount
    return tx.connection.exec_driver_sql(statement, values).rowcount


def _split(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    start = 0
    while start < len(rows):
        size = next(one for one in SQLITE_ROWS if one <= len(rows) - start)
        yield rows[start : start + size]
        start += size


@cache
def sqlite_statement(table: Table, rows: int, *, skips_present: bool) -> str:
    """Return the statement that writes so many rows on SQLite."""
    columns = [column.name for column in table.columns]
    one = "(" + ", ".join("?" * len(columns)) + ")"
    values = ", ".join([one] * rows)
    conflict = " ON CONFLICT DO NOTHING" if skips_present else ""
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES {values}{conflict}"  # noqa: S608 - our own names


@cache
def _postgresql_statement(table: Table, driver: str, *, skips_present: bool) -> str:
    columns = ", ".join(column.name for column in table.columns)
    # Each driver's own placeholders; binary ones, for bytes as text are twice as long and cost the server as much as the row.
    arrays = ", ".join(
        f"{'%b' if driver == 'psycopg' else f'${place}'}::{_postgresql_type(column.type)}[]"
        for place, column in enumerate(table.columns, 1)
    )
    conflict = " ON CONFLICT DO NOTHING" if skips_present else ""
    return f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({arrays}){conflict}"  # noqa: S608 - our own names


def _postgresql_type(kind: Any) -> str:  # noqa: ANN401 - SQLAlchemy's column types
    for ours, theirs in (
        (UtcInstant, "bigint"), (BigInteger, "bigint"), (Integer, "integer"), (String, "varchar"), (LargeBinary, "bytea"),
        (Sealed, "bytea"),
    ):  # fmt: skip
        if isinstance(kind, ours):
            return theirs
    raise TypeError(f"insert_rows does not know {kind!r}")
