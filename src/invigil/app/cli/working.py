"""`invigil worker`: a process that carries background jobs out."""

import asyncio
import socket
from typing import Annotated

import typer

from invigil.app.composition import CANNOT_START, opened_ports
from invigil.platform.settings import Settings


def worker(
    name: Annotated[str, typer.Option(help="told apart from other workers; the same after a restart")] = "",
) -> None:
    """Carry out background jobs until told to stop.

    `invigil serve` starts one by itself unless INVIGIL_RUNS_JOBS=false; at scale, start several on machines of their own
    over the same PostgreSQL. Killing a worker loses nothing: its jobs are taken over.
    """
    # Loaded when asked for: the web process needs none of it.
    from invigil.platform.jobs.worker import work_until_told  # noqa: PLC0415

    async def run() -> None:
        async with opened_ports(Settings()) as ports:
            await work_until_told(ports, name=name or f"worker-{socket.gethostname()}")

    try:
        asyncio.run(run())
    except CANNOT_START as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
