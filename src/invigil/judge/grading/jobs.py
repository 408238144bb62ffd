"""Background jobs of grading."""

from collections.abc import Mapping
from typing import Any

from invigil.judge.grading.service.grading import grade
from invigil.judge.grading.service.runs import GRADING
from invigil.platform.jobs import JobContext, JobKind


async def _grade(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """arguments: run_id. Repeatable: results that are written are not written again."""
    await ctx.report(0, 0, "核对答卷与回执")
    return await grade(ctx.db, ctx.owner, arguments["run_id"], ctx.report, ctx.settle)


KINDS = (JobKind(GRADING, _grade),)
