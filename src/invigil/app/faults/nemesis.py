"""Breaks things at random instants; the same seed breaks them in the same rhythm."""

import asyncio
import time
from pathlib import Path
from random import Random

from invigil.app.bench.places import run_postgresql
from invigil.app.faults.history import HistoryWriter
from invigil.app.faults.server import VictimServer


class Nemesis:
    """Kills the web process, the whole server, and PostgreSQL too where it may; what does not come back by itself is started.

    kill_every_s: shortest and longest time between two faults.
    postgresql_folder: of a PostgreSQL that belongs to this run alone; None: PostgreSQL is left alone.
    """

    def __init__(
        self,
        server: VictimServer,
        history: HistoryWriter,
        seed: int,
        kill_every_s: tuple[float, float],
        postgresql_folder: Path | None = None,
    ) -> None:
        self._server = server
        self._history = history
        self._random = Random(seed)  # noqa: S311 - a rhythm, not a secret
        self._kill_every_s = kill_every_s
        self._postgresql_folder = postgresql_folder
        self.kills = 0
        self.cold_starts_s: list[float] = []
        self.web_restarts_s: list[float] = []

    async def rage(self, until: float, at_least: int) -> None:
        """Break things until `until` on the monotonic clock, and at least so many times."""
        while time.monotonic() < until or self.kills < at_least:
            await asyncio.sleep(self._random.uniform(*self._kill_every_s))
            if self._postgresql_folder is not None and self._random.random() < 1 / 3:
                await self._kill_postgresql(self._postgresql_folder)
            elif self._random.random() < 1 / 3:
                await self._kill_server()
            else:
                await self._kill_web()
            self.kills += 1

    async def _kill_web(self) -> None:
        self._history.write("fault", detail="kill -9 the web process")
        self.web_restarts_s.append(await self._server.kill_web())
        self._history.write("fault", detail="the web process is back")

    async def _kill_server(self) -> None:
        self._history.write("fault", detail="kill -9 everything of the server")
        await self._server.kill()
        self.cold_starts_s.append(await self._server.start())
        self._history.write("fault", detail="server is back")

    async def _kill_postgresql(self, folder: Path) -> None:
        self._history.write("fault", detail="kill -9 postgresql")
        for act in ("kill", "start"):
            await asyncio.to_thread(run_postgresql, act, folder)
        self._history.write("fault", detail="postgresql is back")
