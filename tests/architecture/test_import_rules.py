"""The import rules hold, and each of them can fail: a violation is planted for every contract."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PLANT = "\nfrom {module} import {name}  # planted\n"

# contract id -> (file that gets the planted line, the line)
VIOLATIONS = {
    "wings": ("src/invigil/platform/clock.py", "import invigil.base.audit.model"),
    "features": ("src/invigil/prepare/candidates/model.py", "import invigil.prepare.exams.model"),
    "inside": ("src/invigil/base/audit/store.py", "import invigil.base.audit.service"),
    "pure": ("src/invigil/base/accounts/rules.py", "import sqlalchemy"),
    "drivers": ("src/invigil/base/audit/store.py", "import sqlite3"),
}


def _lint(root: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    if contract is not None:
        command += ["--contract", contract]
    environment = {"PYTHONPATH": str(root / "src"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_every_contract_is_kept() -> None:
    ended = _lint(REPOSITORY)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_every_contract_can_fail(contract: str, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "sample"))
    shutil.copyfile(REPOSITORY / "pyproject.toml", tmp_path / "pyproject.toml")
    path, line = VIOLATIONS[contract]
    file = tmp_path / path
    file.write_text(f"{file.read_text()}\n{line}  # planted\n")
    ended = _lint(tmp_path, contract)
    assert ended.returncode == 1, ended.stdout
    assert "BROKEN" in ended.stdout


def test_a_violation_is_planted_for_every_contract() -> None:
    import tomllib  # noqa: PLC0415

    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    contracts = {one["id"] for one in settings["tool"]["importlinter"]["contracts"]}
    assert contracts == set(VIOLATIONS)
