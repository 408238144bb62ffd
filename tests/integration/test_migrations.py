"""One history for both engines: what migrations build is what the features declare."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import invigil.app.features
import invigil.app.installation  # noqa: F401 - declares its table
from invigil.app.migrating import upgrade
from invigil.platform.db import metadata
from tests.databases import create_database, drop_database, new_name, postgresql_url


def _differences(connection: Connection) -> list[Any]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


async def _check(url: str) -> None:
    await upgrade(url)
    await upgrade(url)
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


async def test_migrations_build_the_declared_tables_on_sqlite(tmp_path: Path) -> None:
    await _check(f"sqlite+aiosqlite:///{tmp_path}/invigil.sqlite")


@pytest.mark.postgresql
async def test_migrations_build_the_declared_tables_on_postgresql() -> None:
    server = postgresql_url()
    if server is None:
        pytest.skip("PostgreSQL cannot be had here")
    name = new_name("migrations")
    try:
        await _check(create_database(server, name))
    finally:
        drop_database(server, name)
