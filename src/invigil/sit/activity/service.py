"""Keeping the operation log."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.platform.db import Database
from invigil.platform.group_commit import GroupCommit
from invigil.sit.activity import store
from invigil.sit.activity.model import LoggedStep, StepsKept


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps of one page that wait for their group."""

    attempt_id: str
    steps: Sequence[LoggedStep]


class ActivityWriter:
    """Writes the steps of many pages in groups; an acknowledged batch is durable."""

    def __init__(self, db: Database) -> None:
        self._db = db
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
            for one in batches:
                tx.emit(StepsKept(one.attempt_id, tuple(one.steps)))
        return [len(one.steps) for one in batches]
