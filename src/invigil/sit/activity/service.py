"""Keeping the operation log, and reading it together with what the server noted itself."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from invigil.platform.db import Database, Transaction
from invigil.platform.group_commit import GroupCommit
from invigil.sit.activity import store
from invigil.sit.activity.model import LoggedStep, StepsKept
from invigil.sit.activity.rules import step_of_change
from invigil.sit.recording.api import list_changes


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps of one page that wait for their group."""

    attempt_id: str
    steps: Sequence[LoggedStep]


# Hears steps in the transaction that keeps them: what it writes stands exactly when they do. Batches are in order of attempts.
StepHearer = Callable[[Transaction, Sequence[StepsKept]], Awaitable[None]]


class ActivityWriter:
    """Writes the steps of many pages in groups; an acknowledged batch is durable, and so is what its hearers made of it."""

    def __init__(self, db: Database, hearers: Sequence[StepHearer] = ()) -> None:
        self._db = db
        self._hearers = hearers
        self._commits: GroupCommit[Batch, int] = GroupCommit(self._apply, "activity")

    async def keep(self, batch: Batch) -> int:
        """Make the steps durable and return how many were sent; sent again they change nothing. Source: S3.18."""
        return await self._commits.submit(batch)

    async def stop(self) -> None:
        """Finish what waits."""
        await self._commits.stop()

    async def _apply(self, batches: Sequence[Batch]) -> list[int | Exception]:
        async with self._db.transaction() as tx:
            await store.insert_steps(tx, [(one.attempt_id, one.steps) for one in batches])
            kept = [
                StepsKept(one.attempt_id, tuple(one.steps)) for one in sorted(batches, key=lambda one: one.attempt_id)
            ]
            for hear in self._hearers:
                await hear(tx, kept)
            for news in kept:
                tx.emit(news)
        return [len(one.steps) for one in batches]


async def list_steps(tx: Transaction, attempt_id: str) -> list[LoggedStep]:
    """Return an attempt's steps in order of the page's clock, with the stops of its tracks (S3.3, S3.18)."""
    return _in_order([*await store.list_steps(tx, attempt_id), *await _list_track_steps(tx, attempt_id)])


async def list_last_steps(tx: Transaction, attempt_id: str, limit: int) -> list[LoggedStep]:
    """Return the newest steps of an attempt by the page's clock, oldest first."""
    newest = await store.list_last_steps(tx, attempt_id, limit)
    return _in_order([*newest, *await _list_track_steps(tx, attempt_id)])[-limit:]


async def _list_track_steps(tx: Transaction, attempt_id: str) -> list[LoggedStep]:
    steps = [step_of_change(one) for one in await list_changes(tx, attempt_id)]
    return [step for step in steps if step is not None]


def _in_order(steps: list[LoggedStep]) -> list[LoggedStep]:
    return sorted(steps, key=lambda step: (step.at_client, step.device, step.n))
