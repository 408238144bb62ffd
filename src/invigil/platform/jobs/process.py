"""The embedded default's worker: a child process of `serve`, started again when it dies, gone when `serve` is gone.

The two are tied by two pipes. Over the child's standard input nothing is ever sent: its end means that the parent has died
(even by kill -9), and the child leaves. Over the news pipe the child's committed events reach the parent's event hub, so
that a page served by the parent sees what a job did. News is what an event always is: a crash may lose it.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from invigil.platform.events import EventHub

log = structlog.get_logger()

NEWS_VARIABLE = "INVIGIL_WORKER_NEWS"
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# A child that lived this long was healthy: its death starts the pauses afresh.
HEALTHY_SECONDS = 60.0
LEAVE_SECONDS = 15.0
LENGTH_BYTES = 4


@asynccontextmanager
async def worker_process(command: Sequence[str], hub: EventHub) -> AsyncIterator[None]:
    """Keep one child process running `command` for as long as the block runs.

    command: a program and its words that enter `parent_process`, e.g. (sys.executable, "-m", "invigil", "worker").
    hub: is told what the child's transactions emitted.
    """
    keeping = asyncio.create_task(_keep(command, hub), name="worker-process")
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


@asynccontextmanager
async def parent_process(hub: EventHub, gone: asyncio.Event) -> AsyncIterator[None]:
    """In the child: carry the hub's events to the parent, and set `gone` once the parent has died.

    Does nothing in a worker that was started by hand.
    """
    number = os.environ.get(NEWS_VARIABLE)
    if number is None:
        yield
        return
    watching = asyncio.create_task(_watch(gone), name="parent-watch")
    with os.fdopen(int(number), "wb", buffering=0) as pipe:
        os.set_blocking(pipe.fileno(), False)

        async def forward(news: object) -> None:
            if not pipe.closed:
                _write_news(pipe.fileno(), news)

        hub.subscribe_all(forward)
        yield
    watching.cancel()


async def _keep(command: Sequence[str], hub: EventHub) -> None:
    """Start the child, wait for its death, pause, and start it again, until cancelled."""
    pause = FIRST_PAUSE_SECONDS
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        try:
            code = await _run_child(command, hub)
            log.error("platform.worker.died", code=code)
        except OSError:
            log.exception("platform.worker.cannot_start")
        pause = FIRST_PAUSE_SECONDS if clock() - began > HEALTHY_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(pause)


async def _run_child(command: Sequence[str], hub: EventHub) -> int:
    news_end, child_end = os.pipe()
    try:
        environment = {**os.environ, NEWS_VARIABLE: str(child_end)}
        child = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, pass_fds=(child_end,), env=environment
        )
    except BaseException:
        os.close(news_end)
        raise
    finally:
        os.close(child_end)
    reading = asyncio.create_task(_tell_news(news_end, hub), name="worker-news")
    try:
        return await child.wait()
    finally:
        if child.returncode is None:
            await _end_child(child)
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def _end_child(child: asyncio.subprocess.Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), LEAVE_SECONDS)
    except TimeoutError:
        log.warning("platform.worker.killed")
        child.kill()
        await child.wait()


async def _tell_news(news_end: int, hub: EventHub) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    pipe = os.fdopen(news_end, "rb", buffering=0)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        while True:
            length = int.from_bytes(await reader.readexactly(LENGTH_BYTES))
            # Our own child's own events, over a pipe that nobody else holds.
            await hub.tell(pickle.loads(await reader.readexactly(length)))  # noqa: S301
    except asyncio.IncompleteReadError:
        return
    finally:
        transport.close()


def _write_news(handle: int, news: object) -> None:
    content = pickle.dumps(news)
    frame = len(content).to_bytes(LENGTH_BYTES) + content
    # A frame up to PIPE_BUF (4,096 bytes) is written whole or not at all; a larger one could be cut, so it is dropped.
    if len(frame) > _pipe_limit():
        log.warning("platform.worker.news_too_long", kind=type(news).__name__, bytes=len(frame))
        return
    try:
        os.write(handle, frame)
    except (BlockingIOError, BrokenPipeError):
        log.warning("platform.worker.news_lost", kind=type(news).__name__)


def _pipe_limit() -> int:
    """Return how many bytes a pipe takes in one piece."""
    return os.pathconf("/", "PC_PIPE_BUF")


async def _watch(gone: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    gone.set()
