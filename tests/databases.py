"""The project's own PostgreSQL for tests: started when first needed, one throw-away database per test, copied from a template.

`postgresql_url()` gives the server (or None where it cannot be had), `create_database`/`drop_database` make databases in
milliseconds (`CREATE DATABASE … TEMPLATE …`), and `template_database` migrates one schema once per test run and process.
"""

import asyncio
import os
import secrets
import subprocess
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")
SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "postgresql"
# Names of databases that tests made begin so; nothing else is ever dropped.
PREFIX = "invigil_test_"


@cache
def postgresql_url() -> str | None:
    """Return the server's SQLAlchemy URL, starting the server if needed; None where there is none.

    INVIGIL_TEST_POSTGRESQL names another server, whose user may create databases; "none" does without PostgreSQL.
    """
    given = os.environ.get("INVIGIL_TEST_POSTGRESQL")
    if given:
        return None if given == "none" else given
    ended = subprocess.run([str(SCRIPT), "start"], capture_output=True, text=True, check=False, timeout=600)
    if ended.returncode == 0:
        return ended.stdout.strip()
    if os.environ.get("CI"):
        raise RuntimeError(f"PostgreSQL must be there in CI: {ended.stderr.strip()}")
    return None


def new_name(purpose: str) -> str:
    """Return a name that no other test of any process uses."""
    return f"{PREFIX}{purpose}_{os.getpid()}_{secrets.token_hex(4)}"


def create_database(url: str, name: str, *, template: str = "template0") -> str:
    """Create the database as a copy of `template` (which nobody may be connected to) and return its URL."""
    _run_sql(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return url_of_database(url, name)


def drop_database(url: str, name: str) -> None:
    """Drop a test database, and whoever is still connected."""
    if not name.startswith(PREFIX):
        raise ValueError(f"not a test database: {name}")
    _run_sql(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def url_of_database(url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return f"{url.rpartition('/')[0]}/{name}"


def template_database(url: str, purpose: str, fill: Callable[[str], Awaitable[None]]) -> str:
    """Create a database, let `fill(url)` make its tables, and return its name, for use as `template`.

    fill: leaves no connection open. Runs in a loop of its own.
    """
    name = new_name(purpose)
    filled = create_database(url, name)

    async def run() -> None:
        await fill(filled)

    _run_apart(run())
    return name


def _run_sql(url: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _run_apart(run())


def _run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run in a thread of its own, so that fixtures may call this inside a running loop."""
    outcome: list[T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(work))
        except BaseException as fault:  # noqa: BLE001 - handed to the caller below
            faults.append(fault)

    thread = threading.Thread(target=run, name="test-databases")
    thread.start()
    thread.join()
    if faults:
        raise faults[0]
    return outcome[0]
