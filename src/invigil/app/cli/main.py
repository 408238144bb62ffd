"""`invigil`: everything an operator does by hand, with help that teaches."""

import os

import typer

from invigil.app.cli import (
    auditing,
    benching,
    demonstrating,
    faulting,
    generating,
    importing,
    keys,
    recordings,
    serving,
    staff,
    verifying,
    working,
)
from invigil.app.cli.running import with_ports
from invigil.app.composition import UMASK
from invigil.platform.telemetry import configure_logging
from invigil.serve.exports.cli import make_command

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="""Invigil 明鉴：考生在家参加、考核机构信得过的闭卷考试系统。

    Settings come from the environment (INVIGIL_DATA_FOLDER, INVIGIL_DATABASE__URL, INVIGIL_HTTP__PORT, …); the defaults keep
    everything in var/data on SQLite. First steps on a new machine:

      invigil migrate            make or upgrade the database
      invigil staff create …     make the first administrator
      invigil serve              start the web process (and background jobs)

    Or see everything at once with sample data: make demo
    """,
)
app.command("serve")(serving.serve)
app.command("worker")(working.worker)
app.command("migrate")(serving.migrate)
app.command("bench")(benching.bench)
app.command("demo")(demonstrating.demo)
app.command("openapi")(generating.openapi)
app.command("protocol")(generating.protocol)
app.command("verify-receipt")(verifying.verify_receipt)
app.command("verify-recording")(recordings.verify_recording)
app.command("export")(make_command(with_ports))
app.add_typer(importing.app, name="import")
app.add_typer(staff.app, name="staff")
app.add_typer(keys.app, name="keys")
app.add_typer(auditing.app, name="audit")
app.add_typer(faulting.app, name="fault")


def main() -> None:
    """Run the command line."""
    # Nothing that a command writes is for other users of the machine.
    os.umask(UMASK)
    configure_logging()
    app()
