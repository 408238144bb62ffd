"""The real server as a process that can be killed and started again: `invigil serve`, the same command as in use."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from invigil.app.faults.wire import NoAnswerError, Wire, unverified_tls
from invigil.platform.settings import Settings

COMMAND = (sys.executable, "-c", "from invigil.app.cli.main import main; main()", "serve")
STARTS_WITHIN_S = 60.0


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class VictimServer:
    """`invigil serve` over the records of these settings.

    under: a command that runs it, e.g. strace with the faults it injects. runs_jobs: whether it keeps a worker.
    """

    def __init__(self, settings: Settings, log: Path, under: Sequence[str] = (), *, runs_jobs: bool = False) -> None:
        self._under = under
        self.port = free_port()
        self._log = log
        self._environment = os.environ | {
            "INVIGIL_DATA_FOLDER": str(settings.data_folder),
            "INVIGIL_DATABASE__URL": settings.database_url,
            "INVIGIL_HTTP__PORT": str(self.port),
            "INVIGIL_RUNS_JOBS": str(runs_jobs).lower(),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> float:
        """Start it and return how many seconds it took to answer.

        Raises: RuntimeError - it ended by itself, or does not answer.
        """
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._under, *COMMAND, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        return await self._wait_for_answer(began)

    async def kill_web(self) -> float:
        """End the process that serves and leave its parent alone; return how many seconds until there is an answer again.

        Raises: RuntimeError - as start.
        """
        began = time.monotonic()
        os.kill(self.web_process(), signal.SIGKILL)
        return await self._wait_for_answer(began)

    def web_process(self) -> int:
        """Return the number of the process that serves.

        Raises: RuntimeError - there is none just now.
        """
        for process in _children(self.process):
            return process
        raise RuntimeError("no process serves")

    def worker_process(self) -> int | None:
        """Return the number of the process that carries jobs out; None when there is none just now."""
        return next((worker for web in _children(self.process) for worker in _children(web)), None)

    @property
    def process(self) -> int:
        """The number of the parent, or of what it runs under."""
        assert self._process is not None  # noqa: S101 - started
        return self._process.pid

    async def _wait_for_answer(self, began: float) -> float:
        assert self._process is not None  # noqa: S101 - started
        wire = Wire(self.port, unverified_tls())
        while time.monotonic() < began + STARTS_WITHIN_S:
            if self._process.returncode is not None:
                break
            try:
                await wire.post("/api/sit/save", b"{}")
            except NoAnswerError:
                await asyncio.sleep(0.02)
            else:
                wire.close()
                return time.monotonic() - began
        raise RuntimeError(f"the server did not come up:\n{self._log.read_text()[-2000:]}")

    async def stop(self) -> float:
        """Ask it to end, and return how many seconds it took."""
        assert self._process is not None  # noqa: S101 - started
        began = time.monotonic()
        self._process.terminate()
        await self._process.wait()
        return time.monotonic() - began

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None and self._process.returncode is None:
            # The whole group: what it runs under, and itself.
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


def _children(process: int) -> list[int]:
    """Return the living children of a process."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_ = place.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if parent == str(process) and state not in ("Z", "X"):
            found.append(int(place.parent.name))
    return found
