"""Jobs on both databases: states, progress, files, cancelling, and survival of kill -9 (F2, P4)."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from databases import create_database, drop_database, new_name, postgresql_url
from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.platform.clock import SystemClock
from invigil.platform.db import Database, metadata
from invigil.platform.jobs import Job, JobKind, JobNotFound, Jobs, JobState
from invigil.platform.jobs.execution import run_queued
from invigil.platform.jobs.worker import JobWorker, engine_url
from job_kinds import ADD, BREAK, REFUSE, SLEEP, STEP, STEPS, effects, keys_in, known_jobs

OWNER = Principal(PrincipalKind.STAFF, "staff_1", "王考务", frozenset({Role.ADMINISTRATOR}))
OTHER = Principal(PrincipalKind.STAFF, "staff_2", "李监考", frozenset({Role.PROCTOR}))
SCRIPT = Path(__file__).resolve().parent.parent / "job_kinds.py"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/jobs-test.sqlite"
        return
    server = postgresql_url()
    if server is None:
        pytest.skip("no PostgreSQL here")
    name = new_name("jobs")
    yield create_database(server, name)
    drop_database(server, name)


@pytest.fixture
async def db(url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """The database with the tables of jobs."""
    database = Database(url, clock=SystemClock(), keys=keys_in(tmp_path))
    async with database.engine.begin() as connection:
        tables = [table for name, table in metadata.tables.items() if name.startswith(("jobs_", "tests_"))]
        await connection.run_sync(metadata.create_all, tables)
    yield database
    await database.dispose()


async def leave(jobs: Jobs, db: Database, kind: JobKind, arguments: Mapping[str, Any]) -> JobId:
    async with db.transaction() as tx:
        return await jobs.enqueue(tx, kind, arguments, owner=OWNER, title_zh="测试任务")


async def read(jobs: Jobs, db: Database, job_id: str, who: Principal = OWNER) -> Job:
    async with db.reading() as tx:
        return await jobs.access(tx, job_id, who)


async def until(probe: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await probe():  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.05)


async def ended(jobs: Jobs, db: Database, job_id: str) -> Job:
    async def probe() -> bool:
        return (await read(jobs, db, job_id)).state.is_final

    await until(probe)
    return await read(jobs, db, job_id)


async def count_effects(db: Database, job_id: str) -> int:
    async with db.reading() as tx:
        return int((await tx.execute(select(func.count()).where(effects.c.job_id == job_id))).scalar_one())


async def test_done_with_result_progress_and_file(db: Database) -> None:
    jobs = known_jobs()
    job_id = await leave(jobs, db, ADD, {"a": 2, "b": 3})
    assert (await read(jobs, db, job_id)).state is JobState.QUEUED
    assert await run_queued(jobs, db) == 1
    job = await read(jobs, db, job_id)
    assert job.state is JobState.DONE
    assert job.result == {"sum": 5, "owner": "staff_1", "roles": ["administrator"]}
    assert (job.done, job.total, job.message_zh) == (2, 2, "正在计算")
    assert job.file is not None
    assert job.file.file_name == "和.txt"
    assert job.owner.display_name == "王考务"
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.queued_at <= job.started_at <= job.finished_at


async def test_nothing_is_left_when_the_transaction_is_undone(db: Database) -> None:
    jobs = known_jobs()

    async def leave_and_fail() -> None:
        async with db.transaction() as tx:
            await jobs.enqueue(tx, ADD, {"a": 1, "b": 1}, owner=OWNER, title_zh="不会发生")
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        await leave_and_fail()
    assert await run_queued(jobs, db) == 0


async def test_refused_keeps_code_and_sentence_and_is_not_tried_again(db: Database) -> None:
    jobs = known_jobs()
    job_id = await leave(jobs, db, REFUSE, {"row": 7})
    assert await run_queued(jobs, db) == 1
    job = await read(jobs, db, job_id)
    assert (job.state, job.refusal_code, job.refusal_zh) == (JobState.REFUSED, "tests.not_today", "今天不行：第 7 行。")
    assert job.refusal_en == "Not today: row 7."


async def test_a_fault_is_tried_again(db: Database) -> None:
    jobs = known_jobs()
    job_id = await leave(jobs, db, BREAK, {"until": 3})
    assert await run_queued(jobs, db) == 3
    job = await read(jobs, db, job_id)
    assert (job.state, job.faults, job.result) == (JobState.DONE, 2, {"tries": 3})


async def test_too_many_faults_fail_without_showing_the_inside(db: Database) -> None:
    jobs = known_jobs()
    job_id = await leave(jobs, db, BREAK, {"until": 99})
    assert await run_queued(jobs, db) == 3
    job = await read(jobs, db, job_id)
    assert (job.state, job.refusal_code) == (JobState.FAILED, "jobs.fault")
    assert "planted" not in job.refusal_zh + job.refusal_en


async def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        await Jobs().enqueue(None, ADD, {}, owner=OWNER, title_zh="")  # type: ignore[arg-type]


async def test_two_kinds_cannot_share_a_name() -> None:
    jobs = known_jobs()
    with pytest.raises(ValueError, match=r"tests\.sum\.add"):
        jobs.register(JobKind("tests.sum.add", ADD.run))


async def test_another_person_does_not_see_the_job(db: Database) -> None:
    jobs = known_jobs()
    job_id = await leave(jobs, db, ADD, {"a": 1, "b": 1})
    with pytest.raises(JobNotFound):
        await read(jobs, db, job_id, OTHER)
    with pytest.raises(JobNotFound):
        await read(jobs, db, "job_no_such", OWNER)
    async with db.reading() as tx:
        assert (await jobs.access(tx, job_id, OTHER, may_see_all=True)).id == job_id
        assert (await jobs.list_of(tx, OTHER, offset=0, limit=10)) == ([], 0)
        assert (await jobs.list_of(tx, OWNER, offset=0, limit=10))[1] == 1
        assert (await jobs.list_of(tx, None, offset=0, limit=10))[1] == 1


async def test_cancel_before_it_began(db: Database) -> None:
    jobs = known_jobs()
    job_id = await leave(jobs, db, SLEEP, {})
    async with db.transaction() as tx:
        await jobs.cancel(tx, await jobs.access(tx, job_id, OWNER))
    assert await run_queued(jobs, db) == 0
    assert (await read(jobs, db, job_id)).state is JobState.CANCELLED


async def test_worker_runs_cancels_recurs_and_stops(db: Database, url: str, tmp_path: Path) -> None:
    jobs = known_jobs()
    early = await leave(jobs, db, ADD, {"a": 1, "b": 1})
    async with JobWorker(jobs, db, engine_url=engine_url(url, tmp_path)):
        assert (await ended(jobs, db, early)).result == {"sum": 2, "owner": "staff_1", "roles": ["administrator"]}
        long = await leave(jobs, db, SLEEP, {})

        async def is_waiting() -> bool:
            return (await read(jobs, db, long)).message_zh == "等待"

        await until(is_waiting)
        async with db.transaction() as tx:
            await jobs.cancel(tx, await jobs.access(tx, long, OWNER))
        assert (await ended(jobs, db, long)).state is JobState.CANCELLED

        async def has_recurred() -> bool:
            return await count_effects(db, "tick") >= 2

        await until(has_recurred)
        left = await leave(jobs, db, SLEEP, {})

        async def is_running() -> bool:
            return (await read(jobs, db, left)).state is JobState.RUNNING

        await until(is_running)
    # A worker that leaves gives back what it carried out.
    job = await read(jobs, db, left)
    assert (job.state, job.round) == (JobState.QUEUED, 1)


async def start_child(url: str, folder: Path) -> Process:
    environment = {**os.environ, "PYTHONPATH": str(SCRIPT.parent)}
    log = (folder / "worker.log").open("ab")
    return await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), url, str(folder), env=environment, stdout=log, stderr=log
    )


async def test_kill_9_in_the_middle_loses_nothing_and_does_nothing_twice(
    db: Database, url: str, tmp_path: Path
) -> None:
    jobs = known_jobs()
    witness = tmp_path / "witness"
    job_id = await leave(jobs, db, STEP, {"witness": str(witness), "pause": 0.1})
    # What waits behind it must come through as well.
    others = [await leave(jobs, db, ADD, {"a": number, "b": 0}) for number in range(4)]
    child = await start_child(url, tmp_path)
    try:

        async def has_taken_steps() -> bool:
            return witness.exists() and witness.read_text().count("\n") >= 5

        await until(has_taken_steps)
        child.send_signal(signal.SIGKILL)
        assert await child.wait() == -signal.SIGKILL
        assert (await read(jobs, db, job_id)).state is JobState.RUNNING
        child = await start_child(url, tmp_path)
        job = await ended(jobs, db, job_id)
        sums = [(await ended(jobs, db, other)).result for other in others]
    finally:
        child.kill()
        await child.wait()
    assert (job.state, job.result, job.starts) == (JobState.DONE, {"steps": STEPS}, 2)
    assert await count_effects(db, job_id) == 1
    assert [found["sum"] for found in sums if found] == [0, 1, 2, 3]
    # Taken over by DBOS's recovery in the same round, not by the lease after 40 s.
    assert job.round == 0
