"""F2: the worker of the real server is killed in the middle of a grading; the job ends within a minute and grades once."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from invigil.app.bench.places import measuring_place
from invigil.app.composition import build_ports
from invigil.app.faults.server import VictimServer
from invigil.app.sample.questions import read_sample_files
from invigil.base.audit.store import records
from invigil.judge.grading.service.runs import begin_run
from invigil.judge.grading.store.tables import results, runs
from invigil.kernel.ids import JobId
from invigil.kernel.principals import SYSTEM
from invigil.platform.clock import FixedClock
from invigil.platform.jobs import Job, JobState
from invigil.platform.ports import Ports
from invigil.prepare.questions.api import add_parsed
from tests.conftest import START
from tests.databases import postgresql_url
from tests.integration.judge.grading import graded as sittings
from tests.integration.judge.grading.graded import NAMES, sit_papers
from tests.integration.prepare.papers.bank import BLUEPRINT
from tests.world import World

KILLS = 2
# The first result of a run takes seconds to write: who dies then dies in the middle, however slowly the test looks.
SLOW_RESULTS = {
    "sqlite": (
        """CREATE TRIGGER slow_results BEFORE INSERT ON grading_result WHEN NOT EXISTS (SELECT 1 FROM grading_result)
        BEGIN SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000000) SELECT i FROM n); END""",
    ),
    "postgresql": (
        "CREATE FUNCTION slow_results() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(3); RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER slow_results BEFORE INSERT ON grading_result FOR EACH STATEMENT EXECUTE FUNCTION slow_results()",
    ),
}
# F2: nothing is stuck for longer.
ENDS_WITHIN_S = 60.0


async def _look(ports: Ports, job_id: JobId) -> Job:
    async with ports.db.reading() as tx:
        return await ports.jobs.access(tx, job_id, SYSTEM, may_see_all=True)


async def _kill_in_the_middle(ports: Ports, server: VictimServer, job_id: JobId, starts: int) -> bool:
    """Kill the worker once it has begun the job for the `starts`-th time; return whether the job was still running then."""
    while (job := await _look(ports, job_id)).starts < starts and not job.state.is_final:  # noqa: ASYNC110 - it happens in another process
        await asyncio.sleep(0.001)
    worker = server.worker_process()
    if worker is not None:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    return (await _look(ports, job_id)).state is JobState.RUNNING


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_a_grading_whose_worker_dies_is_done_once(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worker is another process: it needs questions that are really there, which stand in other areas.
    sections = [{**one, "by_area": {}} for one in BLUEPRINT["sections"]]  # type: ignore[attr-defined]
    monkeypatch.setattr(sittings, "BLUEPRINT", {**BLUEPRINT, "sections": sections})
    if database == "postgresql" and postgresql_url() is None:
        pytest.skip("PostgreSQL cannot be had here")
    async with measuring_place(database) as ports, httpx.AsyncClient() as client:
        then = FixedClock(START)
        past = World(build_ports(ports.settings, ports.keys, then), then, client)
        await add_parsed(past.ports, SYSTEM, read_sample_files())
        graded = await sit_papers(past)
        await past.ports.db.dispose()
        async with ports.db.transaction() as tx:
            for step in SLOW_RESULTS[database]:
                await tx.execute(text(step))
            run, job_id = await begin_run(tx, ports.jobs, SYSTEM, graded.sitting_id, reason="")
        server = VictimServer(ports.settings, tmp_path / "server.log", runs_jobs=True)
        try:
            await server.start()
            hits = [await _kill_in_the_middle(ports, server, job_id, number) for number in range(1, KILLS + 1)]
            async with asyncio.timeout(ENDS_WITHIN_S):
                while not (job := await _look(ports, job_id)).state.is_final:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.1)
        finally:
            await server.kill()
        async with ports.db.reading() as tx:
            state = (await tx.execute(select(runs.c.state).where(runs.c.id == run.id))).scalar_one()
            rows = (await tx.execute(select(func.count()).where(results.c.run_id == run.id))).scalar_one()
            acts = (await tx.execute(select(func.count()).where(records.c.act == "grading.run.grade"))).scalar_one()
    assert all(hits), "a worker did not die in the middle of the job"
    assert job.state is JobState.DONE
    assert (state, rows, acts) == ("graded", len(NAMES), 1)
