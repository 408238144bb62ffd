"""`invigil import`: the same two-step imports as in the console, at the machine itself."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from invigil.app.cli.running import with_ports
from invigil.kernel.ids import ExamId
from invigil.platform.jobs.execution import run_queued
from invigil.platform.operating import command_line_operator
from invigil.platform.ports import Ports
from invigil.prepare.candidates.model import ImportKind
from invigil.prepare.candidates.service import imports as candidate_imports
from invigil.prepare.candidates.service.reading import load_findings
from invigil.prepare.exams.api import access_exam, list_subjects
from invigil.prepare.questions.service import imports as question_imports
from invigil.prepare.questions.service.staged import Defaults

app = typer.Typer(
    no_args_is_help=True, help="导入考生、照片、试题（imports: shows what was understood; --confirm writes it）"
)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="the file")]
Exam = Annotated[str, typer.Option("--exam", help="examination id, exam_…")]
Confirm = Annotated[bool, typer.Option("--confirm", help="write what is without error; without it nothing is written")]
MOST_ISSUES = 50


@app.command("candidates")
def candidates(file: File, exam: Exam, *, confirm: Confirm = False) -> None:
    """Import candidates from an Excel or CSV file as boards keep it; every row's errors are listed."""
    _import_candidates(file, exam, ImportKind.WORKBOOK, is_confirmed=confirm)


@app.command("photos")
def photos(file: File, exam: Exam, *, confirm: Confirm = False) -> None:
    """Import identity photos from a ZIP in which files are named by identity number."""
    _import_candidates(file, exam, ImportKind.PHOTOS, is_confirmed=confirm)


@app.command("questions")
def questions(
    file: File,
    subject: Annotated[list[str] | None, typer.Option(help="for questions that name none; repeat for several")] = None,
    *,
    confirm: Confirm = False,
) -> None:
    """Import questions from the Excel template, Word, text, or a ZIP of one of these with its media."""

    async def run(ports: Ports) -> dict[str, int]:
        who, defaults = command_line_operator(), Defaults(subject_codes=tuple(subject or ()))
        kept = await question_imports.receive_file(ports, who, file.name, file.read_bytes(), defaults)
        await run_queued(ports)
        if confirm:
            async with ports.db.transaction() as tx:
                await question_imports.confirm_import(tx, who, ports, kept.id)
            await run_queued(ports)
        async with ports.db.reading() as tx:
            found = await question_imports.access_import(tx, kept.id)
        return _judge(found.counts, found.refusal_zh)

    _show(run, is_confirmed=confirm)


def _import_candidates(file: Path, exam: str, kind: ImportKind, *, is_confirmed: bool) -> None:
    async def run(ports: Ports) -> dict[str, int]:
        who = command_line_operator()
        async with ports.db.reading() as tx:
            await access_exam(tx, ExamId(exam))
            subjects = [one.code for one in await list_subjects(tx, ExamId(exam))]
        options: dict[str, object] = {"subjects": subjects, "default_subject": ""}
        kept = await candidate_imports.receive_file(
            ports,
            who,
            ExamId(exam),
            kind=kind,
            file_name=file.name,
            content=file.read_bytes(),
            options=options if kind is ImportKind.WORKBOOK else {},
        )
        await run_queued(ports)
        async with ports.db.reading() as tx:
            found = await candidate_imports.access_import(tx, kept.id)
        counts = _judge(found.counts, found.refusal_zh)
        if kind is ImportKind.WORKBOOK:
            for issue in (await load_findings(ports, kept.id)).issues[:MOST_ISSUES]:
                typer.echo(f"{issue.sheet} {issue.cell or f'第 {issue.row} 行'}：{issue.zh}")
        if is_confirmed:
            async with ports.db.transaction() as tx:
                await candidate_imports.confirm(tx, who, ports, kept.id)
            await run_queued(ports)
            async with ports.db.reading() as tx:
                counts = _judge((found := await candidate_imports.access_import(tx, kept.id)).counts, found.refusal_zh)
        return counts

    _show(run, is_confirmed=is_confirmed)


def _judge(counts: dict[str, int], refusal: str) -> dict[str, int]:
    if refusal:
        typer.echo(refusal, err=True)
        raise typer.Exit(1)
    return counts


def _show(run: Callable[[Ports], Awaitable[dict[str, int]]], *, is_confirmed: bool) -> None:
    for name, number in with_ports(run).items():
        typer.echo(f"{name}: {number}")
    typer.echo("已写入（written）" if is_confirmed else "仅预览，未写入；加 --confirm 写入（preview only）")
