"""`invigil export` makes the same file, entered in the same register, for a person at the machine."""

import stat
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from invigil.base.audit import store as audit_store
from invigil.kernel.principals import Principal, PrincipalKind
from invigil.serve.exports.cli import export_to_file, make_command
from invigil.serve.exports.model import ExportKind, ExportOrder, FileFormat, Grouping
from tests.integration.serve.sat import sit
from tests.world import World

OPERATOR = Principal(PrincipalKind.SYSTEM, "cli:root", "命令行 root")


async def test_the_file_is_written_for_its_owner_alone(world: World, tmp_path: Path) -> None:
    sat, to = await sit(world), tmp_path / "成绩.csv"
    order = ExportOrder(sat.exam_id, ExportKind.SCORES, Grouping.EMPLOYER, FileFormat.CSV, "报送甲方")
    said = await export_to_file(world.ports, OPERATOR, order, to)
    assert "已导出 5 行" in said
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert "命令行 root" in to.read_text("utf-8-sig")
    async with world.ports.db.reading() as tx:
        found, _ = await audit_store.search(tx, act="exports.", actor_id="cli:root", on="", offset=0, limit=9)
    assert [one.act for one in found] == ["exports.file.download", "exports.file.make", "exports.file.order"]


async def test_a_refused_export_ends_the_command(world: World, tmp_path: Path) -> None:
    sat = await sit(world)
    order = ExportOrder(
        sat.exam_id, ExportKind.SCORES, Grouping.ROOM, FileFormat.XLSX, "报送甲方", employer="没有的公司"
    )
    with pytest.raises(typer.Exit):
        await export_to_file(world.ports, OPERATOR, order, tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()


def test_the_ending_chooses_the_format() -> None:
    app = typer.Typer()
    app.command()(make_command(lambda _act: "已导出"))
    words = ["scores", "成绩.pdf", "--exam", "exam_1", "--purpose", "报送甲方"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert CliRunner().invoke(app, ["scores", "成绩.doc", *words[2:]]).exit_code == 2
