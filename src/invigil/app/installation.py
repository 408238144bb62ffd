"""The mark of the keyring on the records: no key, no start; another key, no start."""

from pathlib import Path

from sqlalchemy import Column, Integer, String, Table, insert, inspect, select
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


async def is_installed(database_url: str) -> bool:
    """Tell whether records were ever written to this database, so that losing the keyring cannot pass for a first start."""
    path = database_url.partition(":///")[2]
    if database_url.startswith("sqlite") and not Path(path).exists():
        return False
    engine = create_async_engine(database_url)
    try:
        async with engine.connect() as connection:
            if not await connection.run_sync(lambda sync: inspect(sync).has_table(installation.name)):
                return False
            return (await connection.execute(select(installation.c.id))).first() is not None
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
