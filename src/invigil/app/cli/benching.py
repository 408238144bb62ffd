"""`invigil bench NAME`: figures as ratios to a baseline measured in the same run."""

import importlib
import json
from enum import StrEnum
from typing import Annotated

import typer

from invigil.app.bench.report import BenchReport


class BenchName(StrEnum):
    """What can be measured."""

    SAVE = "save"
    HAND_IN = "hand-in"
    IMPORT = "import"
    PAPERS = "papers"
    GRADING = "grading"
    SOCKETS = "sockets"
    BOARD = "board"
    SEGMENTS = "segments"
    PATROL = "patrol"
    WALL = "wall"
    RESTART = "restart"
    REMUX = "remux"
    REPLAY = "replay"


class DatabaseName(StrEnum):
    """On which database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


# Loaded when asked for: measuring one thing needs none of the others.
_WHERE = {
    BenchName.SAVE: "invigil.app.bench.answers:run_save",
    BenchName.HAND_IN: "invigil.app.bench.answers:run_hand_in",
    BenchName.IMPORT: "invigil.app.bench.imports:run",
    BenchName.PAPERS: "invigil.app.bench.papers:run",
    BenchName.GRADING: "invigil.app.bench.grading:run",
    BenchName.SEGMENTS: "invigil.app.bench.segments:run",
    BenchName.SOCKETS: "invigil.app.bench.sockets:run",
    BenchName.BOARD: "invigil.app.bench.board:run",
    BenchName.PATROL: "invigil.app.bench.patrol:run",
    BenchName.WALL: "invigil.app.bench.wall:run",
    BenchName.RESTART: "invigil.app.bench.restarts:run",
    BenchName.REMUX: "invigil.app.bench.remux:run",
    BenchName.REPLAY: "invigil.app.bench.replay:run",
}


def bench(
    name: BenchName,
    database: Annotated[DatabaseName, typer.Option(help="which database to measure on")] = DatabaseName.SQLITE,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object as the last line")] = False,
) -> None:
    """Measure one promise on this machine; takes at most 45 s. Figures mean something as ratios only."""
    module, _, function = _WHERE[name].partition(":")
    report: BenchReport = getattr(importlib.import_module(module), function)(database.value)
    if as_json:
        typer.echo(json.dumps(report.as_document(), ensure_ascii=False))
        return
    typer.echo(f"{report.name}: {report.value} {report.unit}（基线 {report.baseline}，比值 {report.ratio}）")
    typer.echo(report.note)
