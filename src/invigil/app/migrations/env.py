"""How Alembic reaches the database: one history, both engines."""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

import invigil.app.features
import invigil.app.installation  # noqa: F401 - declares its table
from invigil.platform.db import Sealed, metadata

# A migration that cannot get its lock at once gives way to the running sitting.
LOCK_TIMEOUT = "5s"


def _render(kind: str, item: object, _autogenerate: object) -> str | Literal[False]:
    """Write a column of ciphertext as the bytes it is: what opens it is no part of the schema."""
    return "sa.LargeBinary()" if kind == "type" and isinstance(item, Sealed) else False


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    url = context.config.get_main_option("sqlalchemy.url")
    if url is None:
        raise RuntimeError("no database URL")
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_run())
