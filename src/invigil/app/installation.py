"""What must hold before a process starts: the records stand in this program's schema and were sealed with this keyring."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Column, Integer, String, Table, TableClause, column, insert, inspect, select, table
from sqlalchemy.ext.asyncio import create_async_engine

from invigil.platform.db import Transaction, UtcInstant, metadata
from invigil.platform.keys import KeyringError

installation = Table(
    "app_installation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("signing_key_id", String(16), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
)
MIGRATIONS = Path(__file__).parent / "migrations"
_SCHEMA = table("alembic_version", column("version_num"))


class SchemaBehindError(Exception):
    """The database was not migrated to what this program reads and writes."""


async def check_schema(database_url: str) -> None:
    """Refuse a database that is behind; one that is ahead serves the release before, which runs beside the new one for a moment.

    Raises: SchemaBehindError.
    """
    known, newest = _read_revisions()
    stands_at = await _read_first(database_url, _SCHEMA, "version_num")
    if stands_at is None or (stands_at in known and stands_at != newest):
        raise SchemaBehindError(
            "数据库结构不是最新，请先运行 invigil migrate（the database is behind this program: run invigil migrate first）"
        )


@cache
def _read_revisions() -> tuple[frozenset[str], str]:
    """Return all revisions and the newest, from the files: Alembic needs a second to load, and every start would wait for it."""
    texts = [path.read_text() for path in (MIGRATIONS / "versions").glob("*.py")]
    known = frozenset(match[1] for text in texts if (match := re.search(r'^revision = "(\w+)"', text, re.MULTILINE)))
    followed = {match[1] for text in texts if (match := re.search(r'^down_revision = "(\w+)"', text, re.MULTILINE))}
    (newest,) = known - followed
    return known, newest


async def is_installed(database_url: str) -> bool:
    """Tell whether records were ever written to this database, so that losing the keyring cannot pass for a first start."""
    return await _read_first(database_url, installation, "signing_key_id") is not None


async def _read_first(database_url: str, of: TableClause, wanted: str) -> str | None:
    """Return a value of the column `wanted`; None where the table is empty, or the table or the whole database is not there."""
    path = database_url.partition(":///")[2]
    if database_url.startswith("sqlite") and not Path(path).exists():
        return None
    engine = create_async_engine(database_url)
    try:
        async with engine.connect() as connection:
            if not await connection.run_sync(lambda sync: inspect(sync).has_table(of.name)):
                return None
            return (await connection.scalars(select(of.c[wanted]))).first()
    finally:
        await engine.dispose()


async def check_installation(tx: Transaction) -> None:
    """Mark fresh records with the keyring in use; refuse records of another keyring.

    Raises: KeyringError.
    """
    await tx.lock("app.installation")
    marked = (await tx.execute(select(installation.c.signing_key_id))).scalar_one_or_none()
    if marked is None:
        await tx.execute(insert(installation).values(id=1, signing_key_id=tx.keys.signing_key_id, created_at=tx.now))
    elif marked != tx.keys.signing_key_id:
        raise KeyringError("密钥环与数据库不匹配，系统不会启动（these records belong to another keyring）")
