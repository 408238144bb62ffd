"""F3: PostgreSQL with a synchronous standby; the primary is killed, the standby takes over, and nothing acknowledged is lost."""

import asyncio
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from invigil.app.bench.places import run_postgresql
from invigil.app.bench.seating import seat_attempts
from invigil.app.composition import build_ports, open_keys
from invigil.app.faults.checker import Violation, check_history
from invigil.app.faults.crash import PATIENCE_S, read_stored
from invigil.app.faults.history import Event, HistoryWriter, read_history
from invigil.app.faults.seats import ScriptedSeat
from invigil.app.faults.server import VictimServer
from invigil.app.faults.wire import unverified_tls
from invigil.app.migrating import upgrade
from invigil.platform.ports import Ports
from invigil.platform.settings import DatabaseSettings, Settings

PROMOTED = "the standby writes"


@dataclass(frozen=True, slots=True)
class FailoverReport:
    """What was seen.

    acknowledged, acknowledged_after: in all, and since the standby writes. healed_s: from its promotion to the next acknowledgement;
    infinite when there was none.
    """

    acknowledged: int
    acknowledged_after: int
    healed_s: float
    violations: tuple[Violation, ...]


async def run_failover(history_path: Path, *, seats: int, seconds: float, seed: int) -> FailoverReport:
    """Let seats answer, kill the primary half way, promote the standby, and check what it holds.

    Raises: RuntimeError - the server or PostgreSQL does not start.
    """
    own = Path(tempfile.mkdtemp(prefix="invigil-failover-"))
    folder = Path("/var/tmp") / own.name  # noqa: S108 - the script makes it, mode 0700
    try:
        await asyncio.to_thread(run_postgresql, "start", folder)
        url = await asyncio.to_thread(run_postgresql, "standby", folder)
        settings = Settings(data_folder=own / "data", database=DatabaseSettings(url=url), runs_jobs=False)
        settings.data_folder.mkdir()
        await upgrade(settings.database_url)
        ports = build_ports(settings, await open_keys(settings))
        history = HistoryWriter(history_path)
        await _sit(ports, history, folder, own / "server.log", seats=seats, seconds=seconds, seed=seed)
        history.close()
        async with ports.db.reading() as tx:
            stored = await read_stored(tx)
        await ports.db.dispose()
    finally:
        await asyncio.to_thread(run_postgresql, "destroy", folder)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(own, ignore_errors=True)
    events = list(read_history(history_path))
    return _report(events, tuple(check_history(events, stored)))


async def _sit(
    ports: Ports, history: HistoryWriter, folder: Path, log: Path, *, seats: int, seconds: float, seed: int
) -> None:
    tickets = await seat_attempts(ports, seats)
    server = VictimServer(ports.settings, log)

    async def answer(some: list[tuple[str, str]], for_s: float) -> None:
        until = time.monotonic() + for_s
        tls = unverified_tls()
        sitting = [
            ScriptedSeat(one, ticket, port=server.port, tls=tls, history=history, seed=f"{seed}/{one}")
            for one, ticket in some
        ]
        await asyncio.gather(*(seat.run(until, until + PATIENCE_S) for seat in sitting))

    try:
        await server.start()
        # Half of them live through it, the other half come afterwards, however slow the machine is.
        first = asyncio.create_task(answer(tickets[::2], seconds))
        await asyncio.sleep(seconds / 2)
        history.write("fault", detail="kill the primary")
        await asyncio.to_thread(run_postgresql, "kill", folder)
        await asyncio.to_thread(run_postgresql, "promote", folder)
        history.write("fault", detail=PROMOTED)
        await answer(tickets[1::2], seconds / 2)
        await first
    finally:
        await server.kill()


def _report(events: list[Event], violations: tuple[Violation, ...]) -> FailoverReport:
    promoted_at = next(event.at_ns for event in events if event.detail == PROMOTED)
    acknowledged = [event.at_ns for event in events if event.kind == "ok"]
    after = [at for at in acknowledged if at > promoted_at]
    healed_s = (min(after) - promoted_at) / 1e9 if after else float("inf")
    return FailoverReport(len(acknowledged), len(after), healed_s, violations)
