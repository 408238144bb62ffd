"""Transactions over one async engine; one writer at a time on SQLite, many on PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from invigil.platform.clock import Clock
from invigil.platform.disk import end_if_failing, is_full
from invigil.platform.events import EventHub
from invigil.platform.keys import Keys
from invigil.platform.room import Room

# How long a writer of another process may hold SQLite before we give up; group commits take milliseconds.
SQLITE_BUSY_MS = 15_000
# Every connection is set so; tests/faults/test_power_cut.py cuts the power over the same.
SQLITE_PRAGMAS = (
    f"busy_timeout={SQLITE_BUSY_MS}",
    "journal_mode=WAL",
    # FULL: an acknowledged commit survives a power cut (P1); NORMAL loses what was committed since the last checkpoint.
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
)
SQLITE_BEGIN_WRITING = "BEGIN IMMEDIATE"
SQLITE_SETTLE = "PRAGMA wal_checkpoint(TRUNCATE)"
SETTLE_BUSY_MS = 2_000
POOL_SIZE = 8
POOL_OVERFLOW = 8

T = TypeVar("T")
log = structlog.get_logger()
# PostgreSQL plans every statement anew: a plan kept from when a table was empty read all of it at 50,000 rows (60 s instead of 14).
PLAN_CACHE_MODE = "force_custom_plan"
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Transaction:
    """One unit of work: all of it becomes durable, or none.

    now: the instant at which the transaction began, aware UTC; one unit of work has one time.
    keys: what seals and opens protected fields.
    """

    def __init__(self, connection: AsyncConnection | Connection, now: datetime, keys: Keys) -> None:
        self.connection = connection
        self.now = now
        self.keys = keys
        self._events: list[object] = []
        self._after_commit: list[Callable[[], Awaitable[None]]] = []

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.connection.dialect.name

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> CursorResult[Any]:
        """Run one statement; a list of parameters runs it once for each (an empty list is the caller's fault)."""
        if isinstance(self.connection, Connection):
            return self.connection.execute(statement, parameters)
        return await self.connection.execute(statement, parameters)

    async def lock(self, name: str) -> None:
        """Let only one transaction at a time past this point for `name`; held until the end of the transaction.

        SQLite's write transactions are alone already.
        """
        if self.dialect == "postgresql":
            await self.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})

    def emit(self, news: object) -> None:
        """Tell subscribers this event once the transaction has committed."""
        self._events.append(news)

    def after_commit(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do this once the transaction has committed; never when it has not."""
        self._after_commit.append(act)

    async def run_after_commit(self, hub: EventHub) -> None:
        """Do what waited for the commit. Called by Database alone."""
        for act in self._after_commit:
            await act()
        for news in self._events:
            await hub.tell(news)


class Database:
    """Opens transactions on the configured engine.

    A write or a flush that fails ends the process (ADR-0012).
    room: what is reserved on the disk for `transact_in_thread`; None: nothing.
    """

    def __init__(
        self, url: str, *, clock: Clock, keys: Keys, hub: EventHub | None = None, room: Room | None = None
    ) -> None:
        self.url = url
        self._room = room
        self.hub = hub or EventHub()
        self.keys = keys
        self._clock = clock
        self.engine = _create_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite has one writer: waiting here is fair and costs nothing, waiting in SQLite is polling.
        self._sqlite_writer = asyncio.Lock()
        self._blocking = _WriterThread(url, clock, keys)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A writing transaction: committed and flushed when the block ends, undone when it raises."""
        if self.is_sqlite:
            async with self._sqlite_writer, self._begin(writes=True) as unit:
                yield unit
        else:
            async with self._begin(writes=True) as unit:
                yield unit
        await unit.run_after_commit(self.hub)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A reading transaction: one consistent view; PostgreSQL refuses writes in it."""
        async with self._begin(writes=False) as unit:
            yield unit

    @asynccontextmanager
    async def _begin(self, *, writes: bool) -> AsyncIterator[Transaction]:
        options: dict[str, Any] = {"invigil_writes": writes}
        if not self.is_sqlite and not writes:
            options["postgresql_readonly"] = True
        try:
            async with self.engine.connect() as connection:
                await connection.execution_options(**options)
                async with connection.begin():
                    yield Transaction(connection, self._clock.now(), self.keys)
        except DBAPIError as fault:
            end_if_failing(fault)
            raise

    async def transact_in_thread(self, act: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """Run `act` in one writing transaction in the writer thread, and return its result once it is committed and flushed.

        For what must be fast under load: the statements of a transaction on the event loop each wait for a whole turn of the
        loop (five statements among 200 busy requests took 150 ms), here all of them cost one change of thread.
        When the disk is full, what is reserved is given back to it and `act` is done again.
        act: awaits nothing but its transaction; it may run twice, of which the first time is undone.
        """
        try:
            unit, result = await self._run_in_thread(act)
        except DBAPIError as fault:
            if self._room is None or not is_full(fault) or not self._room.give_back():
                raise
            unit, result = await self._run_in_thread(act)
        await unit.run_after_commit(self.hub)
        return result

    async def _run_in_thread(self, act: Callable[[Transaction], Coroutine[Any, Any, T]]) -> tuple[Transaction, T]:
        if not self.is_sqlite:
            return await self._blocking.run(act)
        async with self._sqlite_writer:
            return await self._blocking.run(act)

    async def settle_log(self) -> None:
        """Carry what an earlier process left in SQLite's log over into the database, flushed; on PostgreSQL there is nothing to do.

        To be called before anything is written: after a failed flush the log may be whole in memory and not on the disk, and
        what is written behind such a place would be lost with it in a power cut.
        Raises: sqlite3.OperationalError - the disk is full.
        """
        if self.is_sqlite:
            await asyncio.to_thread(_settle_sqlite_log, self.url.partition(":///")[2])

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        self._blocking.dispose()


class _WriterThread:
    """One thread with one blocking connection."""

    def __init__(self, url: str, clock: Clock, keys: Keys) -> None:
        self._url = url
        self._clock = clock
        self._keys = keys
        self._engine: Engine | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="db-writer")

    async def run(self, act: Callable[[Transaction], Coroutine[Any, Any, T]]) -> tuple[Transaction, T]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, act)

    def _transact(self, act: Callable[[Transaction], Coroutine[Any, Any, T]]) -> tuple[Transaction, T]:
        if self._engine is None:
            self._engine = _create_blocking_engine(self._url)
        try:
            with self._engine.begin() as connection:
                unit = Transaction(connection, self._clock.now(), self._keys)
                result = _drive(act(unit))
        except DBAPIError as fault:
            # Here, in the thread that commits: nothing else of this process is answered in between.
            end_if_failing(fault)
            raise
        return unit, result

    def dispose(self) -> None:
        self._thread.shutdown()
        if self._engine is not None:
            self._engine.dispose()


def _drive(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine whose awaits never wait."""
    try:
        work.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    work.close()
    raise RuntimeError("work in the writer thread may await nothing but its transaction")


# hide_parameters, everywhere: a fault of the database is logged, and what was written may be a name or an identity number (P9).
def _create_blocking_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url.replace("+aiosqlite", ""), pool_size=1, max_overflow=0, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url.replace("+asyncpg", "+psycopg"),
        pool_size=1,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": f"-c plan_cache_mode={PLAN_CACHE_MODE}"},
    )


def _create_engine(url: str) -> AsyncEngine:
    if url.startswith("sqlite"):
        engine = create_async_engine(
            url, pool_size=POOL_SIZE, max_overflow=POOL_OVERFLOW, pool_timeout=60, hide_parameters=True
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_pre_ping=True,
        pool_timeout=60,
        isolation_level="READ COMMITTED",
        connect_args={"server_settings": {"plan_cache_mode": PLAN_CACHE_MODE}},
        hide_parameters=True,
    )


def _settle_sqlite_log(path: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout={SETTLE_BUSY_MS}")
        connection.execute("PRAGMA synchronous=FULL")
        is_busy = connection.execute(SQLITE_SETTLE).fetchone()[0]
    except sqlite3.Error as fault:
        end_if_failing(fault)
        raise
    finally:
        connection.close()
    if is_busy:
        # Somebody reads for long, e.g. a copy is being made. Every ordinary check-point carries over as well.
        log.warning("platform.database.log_not_settled")


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite does, and says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads and then writes cannot fail half way.
    writes = connection.get_execution_options().get("invigil_writes", True)
    connection.exec_driver_sql(SQLITE_BEGIN_WRITING if writes else "BEGIN")
