"""Throw-away installations to measure on: a data folder, keys, a database with every table."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from invigil.app.composition import build_ports, open_keys
from invigil.app.migrating import upgrade
from invigil.platform.entropy import new_characters
from invigil.platform.ports import Ports
from invigil.platform.settings import DatabaseSettings, Settings

SCRIPT = Path("scripts/postgresql")


@asynccontextmanager
async def measuring_place(database: str, *, postgresql_folder: Path | None = None) -> AsyncIterator[Ports]:
    """The ports of a fresh installation on "sqlite" or "postgresql", removed at the end.

    postgresql_folder: of a PostgreSQL made for this run alone; None: the one that tests share.
    Raises: RuntimeError - PostgreSQL cannot be started.
    """
    folder = Path(tempfile.mkdtemp(prefix="invigil-bench-"))
    server, name = "", f"invigil_bench_{new_characters('0123456789', 8)}"
    try:
        url = ""
        if database == "postgresql":
            server = run_postgresql("start", postgresql_folder)
            await _run(server, f'CREATE DATABASE "{name}"')
            url = f"{server.rpartition('/')[0]}/{name}"
        settings = Settings(data_folder=folder / "data", database=DatabaseSettings(url=url), runs_jobs=False)
        settings.data_folder.mkdir(parents=True)
        await upgrade(settings.database_url)
        ports = build_ports(settings, await open_keys(settings))
        yield ports
        await ports.db.dispose()
    finally:
        if server and postgresql_folder is not None:
            run_postgresql("destroy", postgresql_folder)
            shutil.rmtree(postgresql_folder, ignore_errors=True)
        elif server:
            await _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


def run_postgresql(act: str, folder: Path | None = None) -> str:
    """Run the project's script and return what it prints.

    folder: of a PostgreSQL of its own; None: the one that tests share.
    Raises: RuntimeError - the script refuses.
    """
    environment = dict(os.environ)
    if folder is not None:
        environment["INVIGIL_POSTGRESQL_FOLDER"] = str(folder)
    words = [str(SCRIPT), act]
    # Our own files are for nobody else; PostgreSQL's user must enter its folder.
    ended = subprocess.run(  # noqa: S603 - our own script
        words, capture_output=True, text=True, check=False, timeout=300, env=environment, umask=0o022
    )
    if ended.returncode != 0:
        raise RuntimeError(f"scripts/postgresql {act}: {ended.stderr.strip()}")
    return ended.stdout.strip()


async def _run(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
