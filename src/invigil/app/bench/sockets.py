"""`bench sockets`: what an open candidate page costs the server while it only beats its heart.

Two kinds of sockets on two servers of the same kind: the real `/api/sit/socket` (hello, then a heartbeat every ten seconds),
and a bare one that is accepted and otherwise silent. The clients live in processes of their own.
"""

import asyncio
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import seat_attempts
from invigil.app.bench.server import BARE_SOCKET_PATH
from invigil.app.bench.serving import processor_seconds, running_server
from invigil.app.bench.socket_clients import HEARTBEAT_S, PAGE_PATH
from invigil.platform.ports import Ports

SOCKETS = 10_000
# Heartbeats are measured this long once every socket stands.
WATCH_S = 6.0
FILES = SOCKETS + 2_000


@dataclass(frozen=True, slots=True)
class _Cost:
    """What one kind of socket cost. processor: share of one core while only heartbeats came."""

    kilobytes: float
    processor: float
    opened_per_s: float


def run(database: str) -> BenchReport:
    """Measure 10,000 open pages with heartbeats, and 10,000 bare sockets."""
    return asyncio.run(_measure(database))


async def _measure(database: str) -> BenchReport:
    raise_file_limit()
    async with measuring_place(database) as ports:
        tickets = [ticket for _, ticket in await seat_attempts(ports, SOCKETS)]
        page = await _cost(ports, PAGE_PATH, tickets)
        bare = await _cost(ports, BARE_SOCKET_PATH, tickets)
    note = (
        f"{SOCKETS} sockets of /api/sit/socket ({database}, no TLS), a heartbeat every {HEARTBEAT_S:.0f} s each: "
        f"{page.processor:.0%} of a core, opened at {page.opened_per_s:.0f}/s; baseline: as many sockets that are only accepted, "
        f"opened at {bare.opened_per_s:.0f}/s, on another server process of the same kind; memory: resident set, before and after"
    )
    ratio = round(page.kilobytes / bare.kilobytes, 3)
    return BenchReport("sockets", round(page.kilobytes, 1), "KB per socket", round(bare.kilobytes, 1), ratio, note)


async def _cost(ports: Ports, path: str, tickets: list[str]) -> _Cost:
    async with running_server(ports) as (port, pid):
        before = _resident_kilobytes(pid)
        clients = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "invigil.app.bench.socket_clients", str(port), path, str(WATCH_S)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert clients.stdin is not None  # noqa: S101 - asked for above
        assert clients.stdout is not None  # noqa: S101 - asked for above
        began = time.monotonic()
        clients.stdin.write("\n".join(tickets).encode() + b"\n")
        clients.stdin.write_eof()
        if (opened := await clients.stdout.readline()) != b"open\n":
            raise RuntimeError(f"the sockets could not be opened: {opened!r}")
        opening_s = time.monotonic() - began
        worked, began = processor_seconds(pid), time.monotonic()
        await clients.stdout.readline()
        processor = (processor_seconds(pid) - worked) / (time.monotonic() - began)
        kilobytes = (_resident_kilobytes(pid) - before) / len(tickets)
        clients.kill()
        await clients.wait()
    return _Cost(kilobytes, processor, len(tickets) / opening_s)


def raise_file_limit() -> None:
    """Let this process and its children hold a file per socket.

    Raises: RuntimeError - the machine does not allow it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FILES:
        if hard != resource.RLIM_INFINITY and hard < FILES:
            raise RuntimeError(f"this machine allows {hard} open files, {FILES} are needed (ulimit -n)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))


def _resident_kilobytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024
