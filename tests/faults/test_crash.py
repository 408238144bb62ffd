"""F1, F2: 200 seats save and hand in while the real server is killed with -9; nothing that was acknowledged is lost.

The long form: `invigil fault crash --minutes 10 --database postgresql`, which kills PostgreSQL as well (F3).
"""

import asyncio
from pathlib import Path

import pytest

from invigil.app.faults.crash import CrashPlan, run_crash
from tests.databases import postgresql_url

KILLS = 3


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_nothing_acknowledged_is_lost(database: str, tmp_path: Path) -> None:
    if database == "postgresql" and postgresql_url() is None:
        pytest.skip("PostgreSQL cannot be had here")
    plan = CrashPlan(database=database, seats=200, seconds=6, seed=2025, kill_every_s=(0.6, 2.0), at_least_kills=KILLS)
    report = asyncio.run(run_crash(plan, tmp_path / "history.jsonl"))
    assert report.violations == ()
    assert report.kills >= KILLS
    assert report.acknowledged > plan.seats
    assert report.web_restarts_s, "the web process alone was never killed"
    assert report.unanswered > 0, "no request was ever in doubt: the kills hit nothing"
