"""Leaving work for later: the port that features see."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.jobs import store
from invigil.platform.jobs.model import Job, JobKind, JobNotFound, JobState, Periodic


class Jobs:
    """The kinds of work this process knows, and the way to leave work."""

    def __init__(self) -> None:
        self.kinds: dict[str, JobKind] = {}
        self.periodic: list[Periodic] = []
        # Set by a runner in the same process, so that work begins at once instead of at its next look.
        self.wake: Callable[[], None] = lambda: None

    def register(self, kind: JobKind) -> None:
        """Make a kind known, once per process and before the runner starts.

        Raises: ValueError - another kind has this name.
        """
        if self.kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of job are called {kind.name}")

    def every(self, interval: timedelta, kind: JobKind) -> None:
        """Carry out the kind once per interval, by one process of all, without a row; a fault is logged, the next turn comes.

        Its arguments are empty and its result is not kept: for sweeps that look at the database and do what is due.
        """
        self.register(kind)
        self.periodic.append(Periodic(kind, interval))

    async def enqueue(
        self, tx: Transaction, kind: JobKind | str, arguments: Mapping[str, Any], *, owner: Principal, title: Words
    ) -> JobId:
        """Leave work that begins after this transaction has committed, and never when it does not.

        arguments: JSON values; no personal data. title: what the owner reads in their list of jobs.
        Raises: KeyError - the kind is not registered.
        """
        name = kind if isinstance(kind, str) else kind.name
        known = self.kinds[name]
        job_id = JobId(new_id("job"))
        await store.add(tx, job_id, kind=known.name, arguments=arguments, owner=owner, title=title)

        async def wake() -> None:
            self.wake()

        tx.after_commit(wake)
        return job_id

    async def access(self, tx: Transaction, job_id: str, who: Principal, *, may_see_all: bool = False) -> Job:
        """Return a job on behalf of someone.

        Raises: JobNotFound - it does not exist, or is another person's and `may_see_all` is false.
        """
        job = await store.find(tx, job_id)
        is_theirs = job is not None and (job.owner.kind, job.owner.id) == (who.kind, who.id)
        if job is None or not (is_theirs or may_see_all):
            raise JobNotFound
        return job

    async def list_of(
        self, tx: Transaction, owner: Principal | None, *, offset: int, limit: int
    ) -> tuple[list[Job], int]:
        """Return one page of a person's jobs (None: everybody's), newest first, and the total."""
        return await store.list_of(tx, owner, offset=offset, limit=limit)

    async def find_last(self, tx: Transaction, kind: str) -> Job | None:
        """Return the newest job of a kind, whoever ordered it; None when there is none."""
        return await store.find_last(tx, kind)

    async def read_states(self, tx: Transaction, ids: Sequence[str]) -> dict[JobId, JobState]:
        """Return how these jobs stand, for a feature that shows its own list; unknown ones are left out."""
        return await store.read_states(tx, ids)

    async def cancel(self, tx: Transaction, job: Job) -> None:
        """Stop a queued job at once and a running one at its next rest; nothing happens to one that has ended."""
        if not await store.finish(tx, job.id, None, JobState.CANCELLED):
            await store.request_cancel(tx, job.id)

    async def list_old_files(self, tx: Transaction, before: datetime, *, limit: int) -> list[tuple[JobId, str]]:
        """Return id and blob key of jobs that ended before this instant and still have their file."""
        return await store.list_old_files(tx, before, limit=limit)

    async def forget_file(self, tx: Transaction, job_id: JobId) -> None:
        """Write that the job's file is gone."""
        await store.forget_file(tx, job_id)

    async def delete_old(self, tx: Transaction, before: datetime) -> int:
        """Delete jobs that ended before this instant and have no file; return how many."""
        return await store.delete_old(tx, before)
