"""Carrying one job out: claim, run, heartbeat, and writing how it ended."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from invigil.kernel.ids import JobId
from invigil.kernel.refusals import Refusal
from invigil.platform.jobs import store
from invigil.platform.jobs.context import UNTOUCHED, JobContext, JobLostError
from invigil.platform.jobs.identity import has_died, name_this_process
from invigil.platform.jobs.model import MOST_STARTS, Job, JobState, Progress

if TYPE_CHECKING:
    from invigil.platform.ports import Ports

log = structlog.get_logger()

# How long a process may be silent before another one takes its job (F2: no job stuck after 60 s). On the machine where it
# died the next process takes it at once.
LEASE = timedelta(seconds=40)
# How often progress reaches the page and a wish to cancel reaches the job.
BEAT_SECONDS = 0.5
# The wait before the next attempt after a fault: 2 s, 4 s, 8 s …
FIRST_WAIT = timedelta(seconds=2)

FAULT = (
    "jobs.fault",
    "系统出现故障，任务没有完成；已记录，请稍后重试或联系运维。",
    "A fault on our side; the job was not completed. It has been logged.",
)


class Execution:
    """Runs jobs in the present event loop, on behalf of this process."""

    def __init__(self, ports: "Ports") -> None:
        self.runner = name_this_process()
        self._ports = ports
        self._db = ports.db
        self._jobs = ports.jobs
        self._is_stopping = False
        self._dead_before: set[tuple[JobId, str]] = set()
        self._works: set[asyncio.Task[object]] = set()
        self._ends: set[asyncio.Task[None]] = set()

    async def run(self, job_id: JobId, round_: int) -> None:
        """Carry out this round of the job, if it is there to be taken; how it ends stands in its row."""
        if self._is_stopping:
            return
        job = await self._claim(job_id, round_)
        if job is not None:
            end = asyncio.create_task(self._carry_out(job), name=f"end-{job_id}")
            self._ends.add(end)
            end.add_done_callback(self._ends.discard)
            await asyncio.shield(end)

    async def stop(self) -> None:
        """Break off what runs, put it back into the queue, and take nothing new."""
        self._is_stopping = True
        for work in self._works:
            work.cancel()
        await asyncio.gather(*self._ends, return_exceptions=True)

    async def release_abandoned(self) -> int:
        """Put jobs back into the queue whose process is silent for too long, or is known dead since the last look.

        A dead process's own successor comes first: between two looks DBOS gives it the job in the same round.
        Returns how many.
        """
        async with self._db.reading() as tx:
            running = await store.list_running(tx)
            now = tx.now
        dead = {(job_id, runner) for job_id, runner, _ in running if has_died(runner)}
        abandoned = [
            (job_id, runner)
            for job_id, runner, until in running
            if until < now or (job_id, runner) in dead & self._dead_before
        ]
        self._dead_before = dead
        for job_id, runner in abandoned:
            async with self._db.transaction() as tx:
                await store.requeue(tx, job_id, runner, not_before=tx.now, is_fault=False)
            log.warning("platform.job.released", job=job_id)
        return len(abandoned)

    async def _claim(self, job_id: JobId, round_: int) -> Job | None:
        async with self._db.transaction() as tx:
            held = await store.read_runner(tx, job_id)
            if held is not None and has_died(held[0]):
                # DBOS gives a dead process's work to the next process again: this is that work, in the same round.
                await store.let_go(tx, job_id, held[0])
            job = await store.claim(tx, job_id, round_, self.runner, tx.now + LEASE)
            if job is not None and job.starts > MOST_STARTS:
                log.error("platform.job.given_up", job=job_id, kind=job.kind, starts=job.starts)
                await store.finish(tx, job_id, self.runner, JobState.FAILED, refusal=FAULT)
                return None
            return job

    async def _carry_out(self, job: Job) -> None:
        ctx = JobContext.of(job, self._ports, self.runner)
        work: asyncio.Task[object] = asyncio.create_task(self._work(job, ctx), name=f"work-{job.id}")
        self._works.add(work)
        beating = asyncio.create_task(self._beat(ctx, work), name=f"beat-{job.id}")
        try:
            await asyncio.wait([work])
        finally:
            self._works.discard(work)
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
        await self._write_end(job, ctx, work)

    async def _work(self, job: Job, ctx: JobContext) -> object:
        return await self._jobs.kinds[job.kind].run(ctx, job.arguments)

    async def _write_end(self, job: Job, ctx: JobContext, work: asyncio.Task[object]) -> None:
        if work.cancelled():
            await self._write_break(ctx)
            return
        fault = work.exception()
        if fault is None:
            if not ctx.is_settled:
                await self._finish(ctx, JobState.DONE, result=work.result())
        elif isinstance(fault, Refusal):
            log.info("platform.job.refused", job=job.id, kind=job.kind, code=fault.code)
            await self._finish(ctx, JobState.REFUSED, refusal=(fault.code, fault.message_zh, fault.message_en))
        elif isinstance(fault, JobLostError):
            log.warning("platform.job.lost", job=job.id, kind=job.kind)
        else:
            await self._write_fault(job, ctx, fault)

    async def _write_break(self, ctx: JobContext) -> None:
        """A cancelled task means: somebody asked, this process is leaving, or the job has been taken over."""
        if not self._is_stopping:
            await self._finish(ctx, JobState.CANCELLED)
            return
        async with self._db.transaction() as tx:
            await store.requeue(tx, ctx.job_id, self.runner, not_before=tx.now, is_fault=False)

    async def _write_fault(self, job: Job, ctx: JobContext, fault: BaseException) -> None:
        kind = self._jobs.kinds.get(job.kind)
        is_last = kind is None or job.faults + 1 >= kind.attempts
        log.error(
            "platform.job.fault", job=job.id, kind=job.kind, faults=job.faults + 1, is_last=is_last, exc_info=fault
        )
        if is_last:
            await self._finish(ctx, JobState.FAILED, refusal=FAULT)
            return
        async with self._db.transaction() as tx:
            not_before = tx.now + FIRST_WAIT * 2**job.faults
            await store.requeue(tx, job.id, self.runner, not_before=not_before, is_fault=True)

    async def _finish(
        self, ctx: JobContext, state: JobState, *, result: object = None, refusal: tuple[str, str, str] = ("", "", "")
    ) -> None:
        kept = result if isinstance(result, dict) else None
        file = ctx.file if state is JobState.DONE else None
        async with self._db.transaction() as tx:
            await store.finish(
                tx, ctx.job_id, self.runner, state, progress=ctx.end, result=kept, file=file, refusal=refusal
            )

    async def _beat(self, ctx: JobContext, work: asyncio.Task[object]) -> None:
        """Renew the lease and write progress until cancelled; break the work off when asked to, or when it is lost."""
        written, written_at = UNTOUCHED, asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            age = asyncio.get_running_loop().time() - written_at
            try:
                written, written_at = await self._beat_once(ctx, work, written, written_at, age)
            except Exception:
                log.exception("platform.job.beat_failed", job=ctx.job_id)
                if age > LEASE.total_seconds():
                    work.cancel()

    async def _beat_once(
        self, ctx: JobContext, work: asyncio.Task[object], written: Progress, written_at: float, age: float
    ) -> tuple[Progress, float]:
        progress = ctx.progress
        if progress == written and age < LEASE.total_seconds() / 4:
            async with self._db.reading() as tx:
                is_ours, shall_stop = await store.read_wish(tx, ctx.job_id, self.runner)
        else:
            async with self._db.transaction() as tx:
                await store.beat(tx, ctx.job_id, self.runner, tx.now + LEASE, progress)
                is_ours, shall_stop = await store.read_wish(tx, ctx.job_id, self.runner)
            written, written_at = progress, asyncio.get_running_loop().time()
        if not ctx.is_settled and (shall_stop or not is_ours):
            work.cancel()
        return written, written_at


async def run_queued(ports: "Ports") -> int:
    """Carry out everything that is queued, here and now, until nothing is left; return how many rounds ran.

    For commands and tests, which wait for the work instead of leaving it to a worker; attempts after a fault come at once.
    """
    execution = Execution(ports)
    rounds = 0
    while True:
        async with ports.db.reading() as tx:
            queued = await store.list_queued(tx, limit=100, is_impatient=True)
        if not queued:
            return rounds
        for job_id, round_ in queued:
            await execution.run(job_id, round_)
            rounds += 1
