"""What a running job holds in its hand."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal
from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.platform.db import Database, Transaction
from invigil.platform.jobs import store
from invigil.platform.jobs.model import Job, JobFile, JobState, Progress

if TYPE_CHECKING:
    from invigil.platform.ports import Ports

UNTOUCHED: Progress = (0, 0, NOTHING_TO_SAY)


class JobContext:
    """The job's identity, its owner, the worker's ports, and the ways to say how it goes.

    ports: the worker's; a job opens its own short transactions on `db`.
    """

    def __init__(self, job_id: JobId, owner: Principal, ports: "Ports", runner: str) -> None:
        self.job_id = job_id
        self.owner = owner
        self.ports = ports
        self.runner = runner
        self.progress = UNTOUCHED
        self.outcome = NOTHING_TO_SAY
        self.file: JobFile | None = None
        self.is_settled = False

    @property
    def db(self) -> Database:
        """The worker's database."""
        return self.ports.db

    async def report(self, done: int, total: int, message: Words = NOTHING_TO_SAY) -> None:
        """Say how far the job is; written about twice a second, so it may be called for every row.

        Safe inside a transaction: it only notes the figures, the heartbeat writes them.
        """
        self.progress = (done, total, message if message.zh else self.progress[2])

    async def conclude(self, outcome: Words) -> None:
        """Say what came of the job, as "已写入 30 名考生".

        What `report` said is being done ends with the job; this sentence stays. Call it before `settle`.
        """
        self.progress = (self.progress[1], self.progress[1], outcome)
        self.outcome = outcome

    @property
    def end(self) -> Progress:
        """Progress as it is kept of a job that has ended."""
        return (*self.progress[:2], self.outcome)

    async def attach(self, file_name: str, media_type: str, blob_key: str) -> None:
        """Give the job a file for download; it shows when the job is done. A second call replaces the first.

        The blob belongs to the job from now on and is destroyed a week after its end: attach nothing that must stay.
        """
        self.file = JobFile(file_name, media_type, blob_key)

    async def settle(self, tx: Transaction, result: Mapping[str, Any]) -> None:
        """Mark the job done in the transaction that makes its effect, so that a crash cannot separate the two.

        Call it last in the job's last transaction and return the same result.
        Raises: JobLostError - another process has taken the job over; the transaction must not stand.
        """
        if not await store.finish(
            tx, self.job_id, self.runner, JobState.DONE, progress=self.end, result=result, file=self.file
        ):
            raise JobLostError(self.job_id)

        async def note() -> None:
            self.is_settled = True

        tx.after_commit(note)

    @classmethod
    def of(cls, job: Job, ports: "Ports", runner: str) -> "JobContext":
        """Return the context of a job that was just claimed."""
        return cls(job.id, job.owner, ports, runner)


class JobLostError(Exception):
    """The lease ran out and another process carries the job out now; whatever this one was about to write is undone."""
