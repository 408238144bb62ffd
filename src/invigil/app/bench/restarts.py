"""`invigil bench restart`: how long clients wait after kill -9 of the web process, and of the whole server."""

import asyncio
import sys
import time
from pathlib import Path
from statistics import median

from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.faults.server import VictimServer

SERVERS = 2
# The parent answers so many deaths of young children without a pause.
KILLS_EACH = 2
BARE_STARTS = 5


def run(database: str) -> BenchReport:
    """Measure; takes about 20 s."""
    restarts, cold = asyncio.run(_measure(database))
    bare = asyncio.run(_start_bare())
    return BenchReport(
        name="restart",
        value=round(median(restarts), 3),
        unit="s",
        baseline=round(bare, 3),
        ratio=round(median(restarts) / bare, 1),
        note=(
            f"median of {len(restarts)} times from kill -9 of the web process of `invigil serve` to the next answer over TLS, "
            f"slowest {max(restarts):.2f} s; baseline: python -c pass. kill -9 of everything and started by hand: "
            f"{median(cold):.2f} s."
        ),
    )


async def _measure(database: str) -> tuple[list[float], list[float]]:
    restarts: list[float] = []
    cold: list[float] = []
    async with measuring_place(database) as ports:
        log = Path(ports.settings.data_folder) / "server.log"
        for _ in range(SERVERS):
            server = VictimServer(ports.settings, log)
            try:
                cold.append(await server.start())
                restarts += [await server.kill_web() for _ in range(KILLS_EACH)]
            finally:
                await server.kill()
    return restarts, cold


async def _start_bare() -> float:
    seconds = []
    for _ in range(BARE_STARTS):
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
        await process.wait()
        seconds.append(time.monotonic() - began)
    return median(seconds)
