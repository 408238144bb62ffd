"""`invigil verify-recording`: is everything that was recorded of an attempt there, unaltered, and does it open? (P3)"""

from collections.abc import Sequence
from typing import Annotated

import typer

from invigil.app.cli.running import with_ports
from invigil.platform.ports import Ports
from invigil.sit.recording.api import FAULTS_ZH, Verified, verify_attempt


def verify_recording(attempt: Annotated[str, typer.Argument(help="the attempt, att_…")]) -> None:
    """Verify every segment of an attempt against manifest, hash and key; exit 1 when something is wrong or there is nothing."""

    async def run(ports: Ports) -> Sequence[Verified]:
        async with ports.db.reading() as tx:
            return await verify_attempt(tx, ports.media, attempt)

    verified = with_ports(run)
    for one in verified:
        state = "完好（whole）" if not one.faults else "有问题（faulty）"
        typer.echo(f"{one.take.track} {one.take.id}: {one.segment_count} 段 {one.size} 字节 {state}")
        for fault in one.faults:
            place = "" if fault.seq is None else f"第 {fault.seq} 段 "
            typer.echo(f"  {place}{FAULTS_ZH[fault.kind]}（{fault.kind}）", err=True)
    if not verified:
        typer.echo("没有录制（nothing recorded）", err=True)
    if not verified or any(one.faults for one in verified):
        raise typer.Exit(1)
