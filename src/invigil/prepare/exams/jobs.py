"""What examinations do in the background: time moves sittings on, opening deals papers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invigil.kernel.ids import SittingId
from invigil.kernel.words import Words
from invigil.platform.jobs import JobContext, JobKind
from invigil.prepare.exams.service.moving import list_due, move_on
from invigil.prepare.exams.service.papers import DEALING, leave_dealing_of
from invigil.prepare.exams.service.sittings import access_sitting

# Nobody waits for this write: every rule asks `compute_sitting_state`. It only keeps lists and reports true.
INTERVAL = timedelta(seconds=5)


async def _move_on(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    async with ctx.db.reading() as tx:
        due = await list_due(tx)
    # One transaction each: the audit record's lock is never held while waiting for the next sitting's.
    for sitting_id in due:
        async with ctx.db.transaction() as tx:
            await move_on(tx, sitting_id)
    return {"moved": len(due)}


async def _deal(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    async with ctx.db.reading() as tx:
        sitting = await access_sitting(tx, SittingId(arguments["sitting_id"]))
    started = 0
    for at, code in enumerate(sitting.subject_codes):
        await ctx.report(
            at, len(sitting.papers), Words(f"正在安排 {code} 科目的试卷", f"Arranging the papers of subject {code}")
        )
        async with ctx.db.transaction() as tx:
            started += await leave_dealing_of(tx, ctx.ports.jobs, ctx.owner, sitting, code) is not None
    await ctx.conclude(
        Words(f"已安排 {len(sitting.subject_codes)} 个科目", f"Subjects arranged: {len(sitting.subject_codes)}")
    )
    return {"jobs": started}


MOVE_ON = JobKind("exams.sitting.move_on", _move_on)
KINDS = (JobKind(DEALING, _deal),)
