"""The worker: DBOS hands queued jobs to processes and gives a dead process's jobs to its successor.

Why a process of its own: a Python thread that computes (marking 50,000 sheets, making 50,000 papers) takes the
interpreter lock for 5 ms at a time, and the loop that acknowledges answers waits for it at every callback: a durable
insert took 0.30 ms alone, 15.8 ms beside a computing thread, 0.24 ms beside a computing process (ADR-0003). So `serve`
starts the worker as a child process (`process.worker_process`), and at scale `worker` processes run on machines of their
own. Inside the worker everything lives on one event loop with one Database: DBOS's threads only ask that loop to carry a
job out.

What DBOS is trusted with: dispatch to one process of many, the limit of jobs at once, and the restart of what a killed
process left behind. What it is not trusted with: the truth. That is the jobs_job row; every queued row is handed over
again at start and every second (the workflow's id is the job's id and round, so that this is idempotent), and a lost
DBOS database costs nothing. DBOS keeps identifiers only, in a SQLite file or in a PostgreSQL schema of its own.
"""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import make_url

from invigil.kernel.ids import JobId
from invigil.kernel.principals import SYSTEM
from invigil.platform.jobs import store
from invigil.platform.jobs.context import JobContext
from invigil.platform.jobs.execution import Execution
from invigil.platform.jobs.model import Periodic
from invigil.platform.jobs.process import parent_process
from invigil.platform.ports import Ports

log = structlog.get_logger()

QUEUE = "jobs"
SCHEMA = "dbos"
# Two at once: one long job must not keep a short one waiting, and the embedded machine has few cores.
SLOTS = 2
# DBOS itself looks this often; a job left by another process begins within about twice this time.
POLL_SECONDS = 0.25
# Recurring work is looked at this often at the latest, so that a restart never misses a turn by more.
LONGEST_PAUSE_SECONDS = 30.0
TIDY_EVERY_ROUNDS = 40

# DBOS knows one instance per process and calls functions by name: this is the process's worker.
_present: "JobWorker | None" = None


def engine_url(database_url: str, data_folder: Path) -> str:
    """Return where DBOS keeps its own tables: a file beside SQLite's, or a schema in the same PostgreSQL."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{data_folder.absolute()}/jobs.sqlite"
    return make_url(database_url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


async def work_until_told(ports: Ports, *, name: str = "embedded") -> None:
    """Carry jobs out until SIGTERM, SIGINT, or the death of the `serve` that started this process."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with parent_process(ports.hub, stop), JobWorker(ports, name=name):
        log.info("platform.worker.started", name=name)
        await stop.wait()


class JobWorker:
    """Carries jobs out in the event loop that entered it: `async with JobWorker(ports): …`.

    name: told apart from other workers, the same after a restart, so that DBOS finds what this one left behind.
    """

    def __init__(self, ports: Ports, *, name: str = "embedded", slots: int = SLOTS) -> None:
        self._ports = ports
        self._db = ports.db
        self._jobs = ports.jobs
        self._engine_url = engine_url(ports.settings.database_url, ports.settings.data_folder)
        self._name = name
        self._slots = slots
        self._execution = Execution(ports)
        self._woken = asyncio.Event()
        self._handed_over: set[tuple[JobId, int]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        """Start: bring DBOS up (which recovers what a killed process left), hand over the queue, start recurring work."""
        global _present
        if _present is not None:
            raise RuntimeError("one worker per process")
        _present, self._loop = self, asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)
        self._jobs.wake = self._woken.set
        self._tasks.append(asyncio.create_task(self._feed(), name="jobs-feed"))
        for work in self._jobs.periodic:
            self._tasks.append(asyncio.create_task(self._recur(work), name=f"jobs-every-{work.kind.name}"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop: what runs goes back into the queue."""
        global _present  # noqa: PLW0603 - see above
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._execution.stop()
        await asyncio.to_thread(DBOS.destroy)
        self._jobs.wake = lambda: None
        _present = None

    def carry_out(self, job_id: JobId, round_: int) -> None:
        """Carry the job out in the worker's loop and wait for its end. Called in a thread of DBOS."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._execution.run(job_id, round_), loop).result()

    def _launch(self) -> None:
        Path(make_url(self._engine_url).database or "").parent.mkdir(parents=True, exist_ok=True)
        config: DBOSConfig = {
            "name": "invigil",
            "system_database_url": self._engine_url,
            "dbos_system_schema": SCHEMA,
            "sys_db_pool_size": 5,
            "use_listen_notify": False,
            # Our one workflow has no steps, so a newer release may carry on what an older one left.
            "application_version": "1",
            "executor_id": self._name,
            "max_executor_threads": self._slots * 2 + 4,
            "log_level": "ERROR",
            "enable_otlp": False,
        }
        DBOS(config=config)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=self._slots, polling_interval_sec=POLL_SECONDS, on_conflict="always_update"
        )

    async def _feed(self) -> None:
        """Hand queued rows to DBOS, at once when woken and otherwise at every look; a fault is logged, the next look comes."""
        rounds = 0
        while True:
            try:
                if rounds % TIDY_EVERY_ROUNDS == 0:
                    await self._tidy()
                await self._hand_over()
            except Exception:
                log.exception("platform.jobs.feed_failed")
            rounds += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)
            self._woken.clear()

    async def _hand_over(self) -> None:
        if self._ports.room.is_short():
            return  # they wait, and lose nothing
        async with self._db.reading() as tx:
            queued = await store.list_queued(tx, limit=100)
        for job_id, round_ in queued:
            if (job_id, round_) not in self._handed_over:
                await asyncio.to_thread(_enqueue, job_id, round_)
        self._handed_over = set(queued)

    async def _tidy(self) -> None:
        """Take over from silent processes, and let rows that are still queued although their workflow ended be handed over anew."""
        await self._execution.release_abandoned()
        await asyncio.to_thread(_forget_ended)
        self._handed_over = set()

    async def _recur(self, work: Periodic) -> None:
        pause = min(work.interval.total_seconds(), LONGEST_PAUSE_SECONDS)
        while True:
            try:
                async with self._db.transaction() as tx:
                    is_our_turn = await store.take_turn(tx, work.kind.name, tx.now + work.interval)
                if is_our_turn:
                    await work.kind.run(JobContext(JobId(""), SYSTEM, self._ports, self._execution.runner), {})
            except Exception:
                log.exception("platform.job.recurring_failed", kind=work.kind.name)
            await asyncio.sleep(pause)


@DBOS.workflow(name="invigil.jobs.carry_out")
def _carry_out(job_id: str, round_: int) -> None:
    if _present is None:
        raise RuntimeError("no worker in this process")
    _present.carry_out(JobId(job_id), round_)


def _enqueue(job_id: JobId, round_: int) -> None:
    with SetWorkflowID(f"{job_id}.{round_}" if round_ else job_id):
        DBOS.enqueue_workflow(QUEUE, _carry_out, job_id, round_)


def _forget_ended() -> None:
    """Delete what DBOS remembers of ended rounds: the rows say everything."""
    ended = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"], limit=1000, load_input=False, load_output=False
    )
    if ended:
        DBOS.delete_workflows([workflow.workflow_id for workflow in ended])
