"""Fixtures that every test may use: a world per database engine, and people in it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from invigil.app.migrating import upgrade
from invigil.platform.clock import FixedClock
from invigil.platform.settings import BlobSettings, DatabaseSettings, Settings
from tests.databases import create_database, drop_database, new_name, postgresql_url, template_database
from tests.world import World, open_world

# Other tests run beside: how long drawing an example takes says nothing about a law.
hypothesis.settings.register_profile(
    "beside-others", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("beside-others")
ENGINES = ("sqlite", "postgresql")
START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as migrations make it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "invigil.sqlite"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str | None]:
    """The name of a PostgreSQL database as migrations make it; None where PostgreSQL cannot be had."""
    url = postgresql_url()
    if url is None:
        yield None
        return
    name = template_database(url, "template", upgrade)
    yield name
    drop_database(url, name)


@pytest.fixture(
    params=[pytest.param(engine, marks=pytest.mark.postgresql if engine == "postgresql" else ()) for engine in ENGINES]
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with every table, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "invigil.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    template = request.getfixturevalue("postgresql_template")
    url = postgresql_url()
    if url is None or template is None:
        pytest.skip("PostgreSQL cannot be had here")
    name = new_name("test")
    yield create_database(url, name, template=template)
    drop_database(url, name)


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A whole system over a fresh database: ports, the application, a client that can be anybody."""
    settings = Settings(
        data_folder=tmp_path / "data",
        database=DatabaseSettings(url=database_url),
        blobs=BlobSettings(url=f"file://{tmp_path}/blobs"),
    )
    async with open_world(settings, FixedClock(START)) as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the long forms unless they are asked for."""
    if os.environ.get("INVIGIL_SLOW_TESTS"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="long form; run with INVIGIL_SLOW_TESTS=1"))
