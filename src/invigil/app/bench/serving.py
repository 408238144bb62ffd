"""Starting the server process of a measurement."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from invigil.platform.ports import Ports


@asynccontextmanager
async def running_server(ports: Ports, more: Mapping[str, str] | None = None) -> AsyncIterator[tuple[int, int]]:
    """The application in a process of its own over the same records: its port and its process id.

    more: settings of its own, as environment variables.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = ports.settings
    environment = os.environ | {
        "INVIGIL_DATA_FOLDER": str(settings.data_folder),
        "INVIGIL_DATABASE__URL": settings.database_url,
        "INVIGIL_RUNS_JOBS": "false",
        **(more or {}),
    }
    command = (sys.executable, "-m", "invigil.app.bench.server", str(port))
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        await _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        await process.wait()


async def _wait_for(port: int) -> None:
    # A machine that is busy with other things takes its time to load Python modules.
    for _ in range(1_200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("the server does not answer")


def processor_seconds(pid: int) -> float:
    """Return how long the process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
