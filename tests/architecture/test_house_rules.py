"""House rules that no linter knows: who reads clocks and disks, how long files are, what names are not used."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "src" / "invigil"
MAX_LINES = 400
# Files that are longer, with their length; this list may only shrink.
LONG_FILES: dict[str, int] = {}
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "common", "misc"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("time", "monotonic")}
# Where clocks may be read: the platform, and what measures or starts whole processes.
MAY_READ_CLOCKS = ("platform/", "app/")

FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations/versions" not in path.as_posix())


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def find_clock_reads(code: str) -> list[str]:
    """Return the calls that read a clock."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            call = (node.func.value.id, node.func.attr)
            if call in CLOCKS:
                found.append(".".join(call))
    return found


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_only_platform_reads_a_clock(path: Path) -> None:
    if not _name(path).startswith(MAY_READ_CLOCKS):
        assert find_clock_reads(path.read_text()) == []


def test_a_clock_read_would_be_found() -> None:
    assert find_clock_reads("from datetime import datetime\nx = datetime.now()") == ["datetime.now"]


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_files_stay_short(path: Path) -> None:
    lines = path.read_text().count("\n")
    assert lines <= max(MAX_LINES, LONG_FILES.get(_name(path), 0))


def test_the_list_of_long_files_only_shrinks() -> None:
    for name, lines in LONG_FILES.items():
        assert (SOURCE / name).read_text().count("\n") == lines, f"{name} has shrunk: mend the list"


def test_no_drawer_for_everything() -> None:
    names = {part for path in FILES for part in (*path.relative_to(SOURCE).parts[:-1], path.stem)}
    assert names & FORBIDDEN_NAMES == set()


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_public_things_say_their_contract(path: Path) -> None:
    tree = ast.parse(path.read_text())
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []
