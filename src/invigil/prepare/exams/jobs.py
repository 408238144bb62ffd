"""What examinations do by themselves."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invigil.platform.jobs import JobContext, JobKind
from invigil.prepare.exams.service.moving import move_on_by_time

# Nobody waits for this write: every rule asks `compute_sitting_state`. It only keeps lists and reports true.
INTERVAL = timedelta(seconds=5)


async def _move_on(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    async with ctx.db.transaction() as tx:
        return {"moved": await move_on_by_time(tx)}


MOVE_ON = JobKind("exams.sitting.move_on", _move_on)
