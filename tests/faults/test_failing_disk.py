"""F5, I7: a write or flush that fails ends the process, nothing of it is acknowledged, and the next one goes on without repair.

The real server runs under strace, whose fsync gives EIO (skipped where strace cannot be had).
"""

import asyncio
import shutil
import subprocess
import time
from pathlib import Path

import msgspec
import pytest

from invigil.app.bench.places import measuring_place
from invigil.app.bench.seating import seat_attempts
from invigil.app.faults.checker import check_history
from invigil.app.faults.crash import read_stored
from invigil.app.faults.history import HistoryWriter, read_history
from invigil.app.faults.seats import ScriptedSeat
from invigil.app.faults.server import VictimServer
from invigil.app.faults.wire import unverified_tls
from invigil.platform.disk import EXIT_DISK_FAILED

SEATS, SEED = 20, 2025
# From this flush of a process on, its disk fails; the start alone needs some.
FAILS_AFTER = 30


def _failing_disk(tmp_path: Path) -> list[str]:
    """The command under which flushes fail with EIO after a while; skips where the machine forbids tracing."""
    strace = shutil.which("strace")
    if strace is None or subprocess.run([strace, "-o", "/dev/null", "true"], check=False).returncode != 0:
        pytest.skip("needs strace")
    inject = f"inject=fsync,fdatasync:error=EIO:when={FAILS_AFTER}+"
    return [
        strace,
        "-f",
        "--seccomp-bpf",
        "-o",
        str(tmp_path / "strace.log"),
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        inject,
    ]


async def _sit(
    server: VictimServer, tickets: list[tuple[str, str]], history: HistoryWriter, *, seconds: float, patience: float
) -> None:
    until = time.monotonic() + seconds
    seats = [
        ScriptedSeat(
            attempt, ticket, port=server.port, tls=unverified_tls(), history=history, seed=f"{SEED}/{number}/{seconds}"
        )
        for number, (attempt, ticket) in enumerate(tickets)
    ]
    await asyncio.gather(*(seat.run(until, until + patience) for seat in seats))


def _logged(path: Path, event: str) -> list[dict[str, object]]:
    lines = [msgspec.json.decode(line) for line in path.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


async def test_a_failed_flush_is_a_crash_and_never_an_acknowledgement(tmp_path: Path) -> None:
    under = _failing_disk(tmp_path)
    path, log = tmp_path / "history.jsonl", tmp_path / "failing.log"
    async with measuring_place("sqlite") as ports:
        tickets = await seat_attempts(ports, 2 * SEATS)
        history = HistoryWriter(path)
        failing = VictimServer(ports.settings, log, under)
        healthy = VictimServer(ports.settings, tmp_path / "healthy.log")
        try:
            await failing.start()
            # Each process of the failing server ends at its first failed flush; its parent starts the next one.
            await _sit(failing, tickets[:SEATS], history, seconds=6, patience=0)
            await failing.kill()
            await healthy.start()  # without any repair
            await _sit(healthy, tickets[SEATS:], history, seconds=1, patience=30)
        finally:
            await failing.kill()
            await healthy.kill()
        history.close()
        async with ports.db.reading() as tx:
            stored = await read_stored(tx)
    events = list(read_history(path))
    assert _logged(log, "platform.disk.failed"), "no flush ever failed"
    assert {one["code"] for one in _logged(log, "app.web.died")} == {EXIT_DISK_FAILED}
    assert any(event.kind == "info" for event in events), "nobody waited for the flush that failed"
    assert check_history(events, stored) == []
    served = {event.seat for event in events if event.kind == "ok"} & {attempt for attempt, _ in tickets[SEATS:]}
    assert len(served) > SEATS / 2, "the healthy server did not go on"
