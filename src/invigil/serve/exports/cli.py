"""`invigil export`: take a file out at the machine itself; entered in the register like any other."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from invigil.kernel.ids import ExamId, JobId, SittingId
from invigil.kernel.principals import Principal
from invigil.platform.jobs import Job, JobState
from invigil.platform.jobs.execution import Execution
from invigil.platform.operating import command_line_operator
from invigil.platform.ports import Ports
from invigil.serve.exports.model import Export, ExportKind, ExportOrder, FileFormat, Grouping
from invigil.serve.exports.service.giving import give_out
from invigil.serve.exports.service.ordering import order_export

WithPorts = Callable[[Callable[[Ports], Awaitable[str]]], str]
LOOK_SECONDS = 0.5


def make_command(with_ports: WithPorts) -> Callable[..., None]:
    """Return the command for the command line to mount; `with_ports` runs an act over the opened ports."""

    def export(
        kind: Annotated[ExportKind, typer.Argument(help="what to export")],
        to: Annotated[Path, typer.Argument(help="file to write; its ending (.xlsx, .csv, .pdf) chooses the format")],
        exam: Annotated[str, typer.Option(help="examination id, exam_…")],
        purpose: Annotated[str, typer.Option(help="why; it goes into the register, no personal data")],
        *,
        by: Annotated[Grouping, typer.Option(help="how rows are grouped")] = Grouping.SITTING,
        sitting: Annotated[
            list[str] | None, typer.Option(help="sitting id; repeat for several; default: all real ones")
        ] = None,
        full_identity: Annotated[bool, typer.Option("--full-identity", help="identity numbers unmasked")] = False,
    ) -> None:
        """Export scores, absences, hand-in times, violations or answer sheets.

        Entered in the register of exports, marked with your system user and the time, recorded in the audit. Example:

          invigil export scores 成绩.xlsx --exam exam_01… --by employer --purpose 报送甲方
        """
        wanted = ExportOrder(
            exam_id=ExamId(exam),
            kind=kind,
            grouping=by,
            format=_format_of(to),
            purpose=purpose,
            sitting_ids=tuple(SittingId(one) for one in sitting or ()),
            shows_identity=full_identity,
        )
        typer.echo(with_ports(lambda ports: export_to_file(ports, command_line_operator(), wanted, to)))

    return export


async def export_to_file(ports: Ports, who: Principal, wanted: ExportOrder, to: Path) -> str:
    """Order, make and fetch a file, write it for its owner alone, and return the sentence to print.

    Raises: Refusal - the rules turn the export down; RuntimeError - a fault of ours.
    """
    async with ports.db.transaction() as tx:
        export = await order_export(tx, who, ports.jobs, wanted)
    await _make(ports, who, export)
    async with ports.db.transaction() as tx:
        made, content = await give_out(tx, who, ports.blobs, export.id)
    await asyncio.to_thread(_write_private, to, content)
    return f"已导出 {made.row_count} 行到 {to}（编号 {made.id}，SHA-256 {made.sha256}）"


async def _make(ports: Ports, who: Principal, export: Export) -> None:
    """Carry the job out here, or wait for the worker that was faster."""
    await Execution(ports).run(export.job_id, 0)
    while not (job := await _read_job(ports, who, export.job_id)).state.is_final:  # noqa: ASYNC110 - another process makes it true
        await asyncio.sleep(LOOK_SECONDS)
    if job.state is not JobState.DONE:
        typer.echo(job.refusal_zh or "任务未完成", err=True)
        raise typer.Exit(1)


async def _read_job(ports: Ports, who: Principal, job_id: JobId) -> Job:
    async with ports.db.reading() as tx:
        return await ports.jobs.access(tx, job_id, who)


def _format_of(to: Path) -> FileFormat:
    try:
        return FileFormat(to.suffix.lower().removeprefix("."))
    except ValueError as fault:
        raise typer.BadParameter("文件名须以 .xlsx、.csv 或 .pdf 结尾") from fault


def _write_private(to: Path, content: bytes) -> None:
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
