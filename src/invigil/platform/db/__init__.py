"""The database port: SQLite by default, PostgreSQL at scale, the same statements on both (ADR-0002)."""

from invigil.platform.db.bulk import insert_rows
from invigil.platform.db.database import Database, Transaction
from invigil.platform.db.schema import JsonDocument, UtcInstant, metadata, to_microseconds

__all__ = ["Database", "JsonDocument", "Transaction", "UtcInstant", "insert_rows", "metadata", "to_microseconds"]
