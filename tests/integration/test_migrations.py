"""One history for both engines: what migrations build is what the features declare."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

import invigil.app.features  # noqa: F401 - declares the tables
from invigil.app.installation import SchemaBehindError, check_schema
from invigil.app.migrating import alembic_config, upgrade
from invigil.judge.grading.store.runs import list_runs
from invigil.platform.clock import FixedClock
from invigil.platform.db import Database, metadata
from invigil.platform.keys import KeyringError, Keys
from invigil.platform.keys.keyring import new_material
from tests.canaries import find_in_files, find_in_rows
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


FIRST = "745d1017ddbc"
ANSWER = "更正答案金丝雀二十四小时"
CORRECTIONS = f'[{{"answer":{{"blanks":[["{ANSWER}"]]}},"change":"also_accept","part":0,"version_id":"qv_1"}}]'
INSERT = text(
    "INSERT INTO grading_run (id, sitting_id, number, state, reason, corrections, people, passed, begun_by, begun_at,"
    " proposed_by, approved_by, withdrawn_reason)"
    " VALUES ('grun_1', 'sit_1', 1, 'graded', '', :corrections, 0, 0, 'staff_1', 0, '', '', '')"
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table, on each engine in turn."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/invigil.sqlite"
        return
    server = postgresql_url()
    if server is None:
        pytest.skip("PostgreSQL cannot be had here")
    name = new_name("migrations")
    yield create_database(server, name)
    drop_database(server, name)


async def _write_old_records(url: str) -> None:
    """Make the first schema and a grading run whose corrected key stands there in clear."""
    await asyncio.to_thread(command.upgrade, alembic_config(url), FIRST)
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(INSERT, {"corrections": CORRECTIONS})
    await engine.dispose()


async def test_old_corrections_are_sealed_and_leave_nothing_in_clear(empty_url: str, tmp_path: Path) -> None:
    await _write_old_records(empty_url)
    keys = Keys(new_material())
    with pytest.raises(KeyringError):
        await upgrade(empty_url)
    await upgrade(empty_url, lambda: keys)
    database = Database(empty_url, clock=FixedClock(datetime(2026, 11, 28, tzinfo=UTC)), keys=keys)
    async with database.reading() as tx:
        (run,) = await list_runs(tx, "sit_1")
    assert await find_in_rows(database, [ANSWER]) == []
    await database.dispose()
    assert run.corrections[0].answer is not None
    assert run.corrections[0].answer.blanks == ((ANSWER,),)
    assert list(find_in_files([tmp_path], [ANSWER], magic=())) == []


async def test_a_process_starts_on_the_newest_schema_only(empty_url: str) -> None:
    with pytest.raises(SchemaBehindError, match="invigil migrate"):
        await check_schema(empty_url)
    await asyncio.to_thread(command.upgrade, alembic_config(empty_url), FIRST)
    with pytest.raises(SchemaBehindError):
        await check_schema(empty_url)
    await upgrade(empty_url)
    await check_schema(empty_url)
    await _mark(empty_url, "of_the_next_release")
    await check_schema(empty_url)


async def _mark(url: str, revision: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    await engine.dispose()
