"""The database port: SQLite by default, PostgreSQL at scale, the same statements on both (ADR-0002)."""

from invigil.platform.db.bulk import insert_rows
from invigil.platform.db.database import Database, Transaction
from invigil.platform.db.schema import JsonDocument, UtcInstant, metadata, to_microseconds
from invigil.platform.db.sealed import Sealed, SealedColumn, list_sealed_columns

__all__ = [
    "Database",
    "JsonDocument",
    "Sealed",
    "SealedColumn",
    "Transaction",
    "UtcInstant",
    "insert_rows",
    "list_sealed_columns",
    "metadata",
    "to_microseconds",
]
