"""`invigil audit`: prove that the record of acts is whole."""

from pathlib import Path
from typing import Annotated

import typer

from invigil.app.checkpoints import checkpoint_file, read_outside_checkpoints
from invigil.app.cli.running import with_ports
from invigil.base.audit.api import Finding, verify
from invigil.platform.ports import Ports

app = typer.Typer(no_args_is_help=True, help="审计链（the record of acts）")


@app.command("verify")
def verify_chain(
    checkpoints: Annotated[
        Path | None, typer.Option(help="signed checkpoints kept outside the database; default: beside the data folder")
    ] = None,
) -> None:
    """Find any edit, deletion, insertion or reordering; exit 1 when something is found."""

    async def run(ports: Ports) -> tuple[int, list[Finding]]:
        outside = read_outside_checkpoints(checkpoints or checkpoint_file(ports.settings))
        async with ports.db.reading() as tx:
            return await verify(tx, outside)

    count, findings = with_ports(run)
    for finding in findings:
        typer.echo(f"第 {finding.position} 条：{finding.kind}")
    if findings:
        typer.echo(f"共 {count} 条记录，发现 {len(findings)} 处问题（not intact）", err=True)
        raise typer.Exit(1)
    typer.echo(f"共 {count} 条记录，审计链完整（intact）")
