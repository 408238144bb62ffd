"""F3: the primary PostgreSQL dies while seats answer; its synchronous standby holds everything that was acknowledged."""

from pathlib import Path

import pytest

from invigil.app.faults.failover import run_failover
from tests.databases import postgresql_url

SEATS, SECONDS, SEED = 20, 6.0, 2025


@pytest.mark.postgresql
async def test_nothing_acknowledged_is_lost_when_the_standby_takes_over(tmp_path: Path) -> None:
    if postgresql_url() is None:
        pytest.skip("PostgreSQL cannot be had here")
    report = await run_failover(tmp_path / "history.jsonl", seats=SEATS, seconds=SECONDS, seed=SEED)
    assert report.violations == ()
    assert report.acknowledged > report.acknowledged_after > SEATS / 3
