"""How a command reaches the ports: settings from the environment, one event loop, ports closed at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from invigil.app.composition import CANNOT_START, opened_ports
from invigil.kernel.refusals import Refusal
from invigil.platform.ports import Ports
from invigil.platform.settings import Settings

T = TypeVar("T")


def with_ports(act: Callable[[Ports], Awaitable[T]]) -> T:
    """Run `act` over the ports of the configured installation; a refusal ends the command with its sentence."""

    async def run() -> T:
        async with opened_ports(Settings()) as ports:
            return await act(ports)

    try:
        return asyncio.run(run())
    except Refusal as refusal:
        typer.echo(f"{refusal.message_zh}（{refusal.code}）", err=True)
        raise typer.Exit(1) from refusal
    except CANNOT_START as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
