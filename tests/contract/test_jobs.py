"""Jobs on both databases: states, progress, files, cancelling, and survival of kill -9 (F2, P4)."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.platform.jobs import Job, JobKind, JobNotFound, Jobs, JobState, store
from invigil.platform.jobs.context import JobContext, JobLostError
from invigil.platform.jobs.execution import Execution, run_queued
from invigil.platform.jobs.identity import name_this_process
from invigil.platform.jobs.model import MOST_STARTS
from invigil.platform.jobs.process import worker_process
from invigil.platform.jobs.worker import JobWorker
from invigil.platform.ports import Ports
from tests.job_kinds import (
    ADD,
    BREAK,
    REFUSE,
    SLEEP,
    STEP,
    STEPS,
    Ticked,
    effects,
    known_ports,
    register,
    test_metadata,
)

OWNER = Principal(PrincipalKind.STAFF, "staff_1", "王考务", frozenset({Role.ADMINISTRATOR}))
OTHER = Principal(PrincipalKind.STAFF, "staff_2", "李监考", frozenset({Role.PROCTOR}))
CLONE = str(Path(__file__).resolve().parents[2])
# Imported under its own name, so that the events made in the child are the parent's events as well.
WORKER = (sys.executable, "-c", "import tests.job_kinds; tests.job_kinds.main()")


@pytest.fixture
async def ports(database_url: str, tmp_path: Path) -> AsyncIterator[Ports]:
    """The ports of a process over the database, with the table of the tests."""
    opened = known_ports(database_url, tmp_path)
    async with opened.db.engine.begin() as connection:
        await connection.run_sync(test_metadata.create_all)
    yield opened
    await opened.db.dispose()


async def leave(ports: Ports, kind: JobKind, arguments: Mapping[str, Any]) -> JobId:
    async with ports.db.transaction() as tx:
        return await ports.jobs.enqueue(tx, kind, arguments, owner=OWNER, title=Words("测试任务", "A test"))


async def read(ports: Ports, job_id: str, who: Principal = OWNER) -> Job:
    async with ports.db.reading() as tx:
        return await ports.jobs.access(tx, job_id, who)


async def until(probe: Callable[[], Awaitable[bool]], seconds: float = 100) -> None:
    async with asyncio.timeout(seconds):
        while not await probe():  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.05)


async def ended(ports: Ports, job_id: str) -> Job:
    async def probe() -> bool:
        return (await read(ports, job_id)).state.is_final

    await until(probe)
    return await read(ports, job_id)


async def count_effects(ports: Ports, job_id: str) -> int:
    async with ports.db.reading() as tx:
        return int((await tx.execute(select(func.count()).where(effects.c.job_id == job_id))).scalar_one())


async def test_done_with_result_progress_and_file(ports: Ports) -> None:
    job_id = await leave(ports, ADD, {"a": 2, "b": 3, "says": "得 5"})
    assert (await read(ports, job_id)).state is JobState.QUEUED
    assert await run_queued(ports) == 1
    job = await read(ports, job_id)
    assert job.state is JobState.DONE
    assert job.result == {"sum": 5, "owner": "staff_1", "roles": ["administrator"]}
    assert (job.done, job.total, job.message) == (2, 2, Words("得 5", "It is done"))
    assert job.file is not None
    assert job.file.file_name == "和.txt"
    assert job.owner.display_name == "王考务"
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.queued_at <= job.started_at <= job.finished_at


async def test_what_was_being_done_is_not_said_of_a_job_that_has_ended(ports: Ports) -> None:
    silent = await leave(ports, ADD, {"a": 2, "b": 3})
    assert await run_queued(ports) == 1
    assert (await read(ports, silent)).message == NOTHING_TO_SAY


async def test_nothing_is_left_when_the_transaction_is_undone(ports: Ports) -> None:

    async def leave_and_fail() -> None:
        async with ports.db.transaction() as tx:
            await ports.jobs.enqueue(tx, ADD, {"a": 1, "b": 1}, owner=OWNER, title=Words("不会发生", "A test"))
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        await leave_and_fail()
    assert await run_queued(ports) == 0


async def test_refused_keeps_code_and_sentence_and_is_not_tried_again(ports: Ports) -> None:
    job_id = await leave(ports, REFUSE, {"row": 7})
    assert await run_queued(ports) == 1
    job = await read(ports, job_id)
    assert (job.state, job.refusal_code, job.refusal_zh) == (JobState.REFUSED, "tests.not_today", "今天不行：第 7 行。")
    assert job.refusal_en == "Not today: row 7."


async def test_a_fault_is_tried_again(ports: Ports) -> None:
    job_id = await leave(ports, BREAK, {"until": 3})
    assert await run_queued(ports) == 3
    job = await read(ports, job_id)
    assert (job.state, job.faults, job.result) == (JobState.DONE, 2, {"tries": 3})


async def test_too_many_faults_fail_without_showing_the_inside(ports: Ports) -> None:
    job_id = await leave(ports, BREAK, {"until": 99})
    assert await run_queued(ports) == 3
    job = await read(ports, job_id)
    assert (job.state, job.refusal_code) == (JobState.FAILED, "jobs.fault")
    assert "planted" not in job.refusal_zh + job.refusal_en


async def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        await Jobs().enqueue(None, ADD, {}, owner=OWNER, title=Words("", "A test"))  # type: ignore[arg-type]


async def test_two_kinds_cannot_share_a_name() -> None:
    jobs = Jobs()
    register(jobs)
    with pytest.raises(ValueError, match=r"tests\.sum\.add"):
        jobs.register(JobKind("tests.sum.add", ADD.run))


async def test_another_person_does_not_see_the_job(ports: Ports) -> None:
    job_id = await leave(ports, ADD, {"a": 1, "b": 1})
    with pytest.raises(JobNotFound):
        await read(ports, job_id, OTHER)
    with pytest.raises(JobNotFound):
        await read(ports, "job_no_such", OWNER)
    async with ports.db.reading() as tx:
        assert (await ports.jobs.access(tx, job_id, OTHER, may_see_all=True)).id == job_id
        assert (await ports.jobs.list_of(tx, OTHER, offset=0, limit=10)) == ([], 0)
        assert (await ports.jobs.list_of(tx, OWNER, offset=0, limit=10))[1] == 1
        assert (await ports.jobs.list_of(tx, None, offset=0, limit=10))[1] == 1


async def test_cancel_before_it_began(ports: Ports) -> None:
    job_id = await leave(ports, SLEEP, {})
    async with ports.db.transaction() as tx:
        await ports.jobs.cancel(tx, await ports.jobs.access(tx, job_id, OWNER))
    assert await run_queued(ports) == 0
    assert (await read(ports, job_id)).state is JobState.CANCELLED


async def test_worker_runs_cancels_recurs_and_stops(ports: Ports, database_url: str, tmp_path: Path) -> None:
    early = await leave(ports, ADD, {"a": 1, "b": 1})
    async with JobWorker(ports):
        assert (await ended(ports, early)).result == {"sum": 2, "owner": "staff_1", "roles": ["administrator"]}
        long = await leave(ports, SLEEP, {})

        async def is_waiting() -> bool:
            return (await read(ports, long)).message.zh == "等待"

        await until(is_waiting)
        async with ports.db.transaction() as tx:
            await ports.jobs.cancel(tx, await ports.jobs.access(tx, long, OWNER))
        cancelled = await ended(ports, long)
        assert (cancelled.state, cancelled.message.zh) == (JobState.CANCELLED, "")

        async def has_recurred() -> bool:
            return await count_effects(ports, "tick") >= 2

        await until(has_recurred)
        left = await leave(ports, SLEEP, {})

        async def is_running() -> bool:
            return (await read(ports, left)).state is JobState.RUNNING

        await until(is_running)
    # A worker that leaves gives back what it carried out.
    job = await read(ports, left)
    assert (job.state, job.round) == (JobState.QUEUED, 1)


async def start_child(url: str, folder: Path, name: str = "embedded") -> Process:
    environment = {**os.environ, "PYTHONPATH": CLONE}
    log = (folder / "worker.log").open("ab")
    return await asyncio.create_subprocess_exec(
        *WORKER, url, str(folder), name, env=environment, stdout=log, stderr=log
    )


async def test_kill_9_in_the_middle_loses_nothing_and_does_nothing_twice(
    ports: Ports, database_url: str, tmp_path: Path
) -> None:
    witness = tmp_path / "witness"
    job_id = await leave(ports, STEP, {"witness": str(witness), "pause": 0.1})
    # What waits behind it must come through as well.
    others = [await leave(ports, ADD, {"a": number, "b": 0}) for number in range(4)]
    child = await start_child(database_url, tmp_path)
    try:

        async def has_taken_steps() -> bool:
            return witness.exists() and witness.read_text().count("\n") >= 5

        await until(has_taken_steps)
        child.send_signal(signal.SIGKILL)
        assert await child.wait() == -signal.SIGKILL
        assert (await read(ports, job_id)).state is JobState.RUNNING
        child = await start_child(database_url, tmp_path)
        job = await ended(ports, job_id)
        sums = [(await ended(ports, other)).result for other in others]
    finally:
        child.kill()
        await child.wait()
    assert (job.state, job.result, job.starts) == (JobState.DONE, {"steps": STEPS}, 2)
    assert await count_effects(ports, job_id) == 1
    assert [found["sum"] for found in sums if found] == [0, 1, 2, 3]
    # Taken over by DBOS's recovery in the same round, not by the lease after 40 s.
    assert job.round == 0
    # Nobody's name lies readable in what the engine or the row wrote (P9).
    assert "王考务".encode() not in read_everything(tmp_path)


async def test_serve_keeps_a_worker_and_hears_its_news(
    ports: Ports, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", CLONE)
    heard: list[Ticked] = []

    async def hear(news: Ticked) -> None:
        heard.append(news)

    ports.hub.subscribe(Ticked, hear)
    first, second = (await leave(ports, SLEEP, {}), await leave(ports, ADD, {"a": 1, "b": 1}))

    async def is_running() -> bool:
        return (await read(ports, first)).state is JobState.RUNNING

    async def runner() -> int:
        async with ports.db.reading() as tx:
            held = await store.read_runner(tx, first)
        return int(held[0].split("/")[2]) if held else 0

    async with worker_process((*WORKER, database_url, str(tmp_path)), ports.hub):
        assert (await ended(ports, second)).state is JobState.DONE
        await until(is_running)
        killed = await runner()
        os.kill(killed, signal.SIGKILL)

        async def is_taken_over() -> bool:
            return await runner() not in (0, killed)

        await until(is_taken_over)
        successor = await runner()

        async def has_heard() -> bool:
            return bool(heard)

        await until(has_heard)
    assert heard[0] == Ticked("滴答")
    # The child left with its parent and gave its job back.
    assert has_died_process(successor)
    assert (await read(ports, first)).state is JobState.QUEUED


async def test_a_worker_leaves_when_its_parent_is_killed(ports: Ports, database_url: str, tmp_path: Path) -> None:
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import asyncio, sys\n"
        "from invigil.platform.events import EventHub\n"
        "from invigil.platform.jobs.process import worker_process\n"
        "async def main():\n"
        "    async with worker_process(sys.argv[1:], EventHub()):\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    job_id = await leave(ports, SLEEP, {})
    words = (sys.executable, str(parent), *WORKER, database_url, str(tmp_path))
    serve = await asyncio.create_subprocess_exec(*words, env={**os.environ, "PYTHONPATH": CLONE})

    async def has_begun() -> bool:
        return (await read(ports, job_id)).state is JobState.RUNNING

    try:
        await until(has_begun)
    finally:
        serve.kill()
        await serve.wait()

    async def is_back() -> bool:
        return (await read(ports, job_id)).state is JobState.QUEUED

    await until(is_back)


def has_died_process(number: int) -> bool:
    return not Path(f"/proc/{number}").exists()


async def test_a_job_of_a_silent_machine_is_taken_over_and_cannot_be_finished_by_the_silent_one(ports: Ports) -> None:
    job_id = await leave(ports, ADD, {"a": 1, "b": 1})
    elsewhere = "another-boot/1/77/1"
    async with ports.db.transaction() as tx:
        await store.claim(tx, job_id, 0, elsewhere, tx.now + timedelta(seconds=1))
    execution = Execution(ports)
    assert await execution.release_abandoned() == 0
    await execution.run(job_id, 0)
    assert (await read(ports, job_id)).state is JobState.RUNNING
    async with ports.db.transaction() as tx:
        await store.beat(tx, job_id, elsewhere, tx.now - timedelta(seconds=1), (0, 0, NOTHING_TO_SAY))
    assert await execution.release_abandoned() == 1
    assert await run_queued(ports) == 1
    job = await read(ports, job_id)
    assert (job.state, job.round, job.starts) == (JobState.DONE, 1, 2)
    ctx = JobContext(job_id, OWNER, ports, elsewhere)
    with pytest.raises(JobLostError):
        await settle_late(ctx)


async def settle_late(ctx: JobContext) -> None:
    async with ctx.db.transaction() as tx:
        await ctx.settle(tx, {"sum": 99})


async def test_a_job_that_kills_its_process_each_time_is_given_up(ports: Ports) -> None:
    job_id = await leave(ports, ADD, {"a": 1, "b": 1})
    async with ports.db.transaction() as tx:
        await tx.execute(update(store.jobs).values(starts=MOST_STARTS))
    assert await run_queued(ports) == 1
    job = await read(ports, job_id)
    assert (job.state, job.refusal_code, job.result) == (JobState.FAILED, "jobs.fault", None)


def read_everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_dead_process_of_this_machine_is_replaced_at_the_second_look(ports: Ports) -> None:
    job_id = await leave(ports, ADD, {"a": 1, "b": 1})
    place = name_this_process().rsplit("/", 2)[0]
    async with ports.db.transaction() as tx:
        await store.claim(tx, job_id, 0, f"{place}/{os.getpid()}/1", tx.now + timedelta(hours=1))
    execution = Execution(ports)
    assert [await execution.release_abandoned() for _ in range(3)] == [0, 1, 0]
    assert await run_queued(ports) == 1
    assert (await read(ports, job_id)).round == 1


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_random_kills_of_two_workers_do_everything_exactly_once(
    ports: Ports, database_url: str, tmp_path: Path
) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - draws moments, guards nothing
    chance = random.Random(seed)  # noqa: S311 - the same
    witness = {"witness": str(tmp_path / "witness"), "pause": 0.05}
    ids = [await leave(ports, STEP, witness) for _ in range(20)]
    children = [await start_child(database_url, tmp_path, f"w{number}") for number in range(2)]

    async def all_ended() -> bool:
        return all([(await read(ports, one)).state.is_final for one in ids])

    try:
        for _ in range(8):
            await asyncio.sleep(chance.uniform(1, 6))
            victim = chance.randrange(2)
            children[victim].kill()
            await children[victim].wait()
            children[victim] = await start_child(database_url, tmp_path, f"w{victim}")
        await until(all_ended, 120)
    finally:
        for child in children:
            child.kill()
            await child.wait()
    counts = [await count_effects(ports, one) for one in ids]
    assert counts == [1] * len(ids), f"seed {seed}"
