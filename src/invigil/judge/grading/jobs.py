"""Background jobs of grading."""

from collections.abc import Mapping
from typing import Any

from invigil.judge.grading.service.grading import grade
from invigil.judge.grading.service.runs import GRADING
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext, JobKind


async def _grade(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """arguments: run_id. Repeatable: results that are written are not written again."""

    async def settle(tx: Transaction, result: Mapping[str, Any]) -> None:
        await ctx.conclude(f"已评 {result['people']} 人，合格 {result['passed']} 人")
        await ctx.settle(tx, result)

    await ctx.report(0, 0, "核对答卷与回执")
    return await grade(ctx.db, ctx.owner, arguments["run_id"], ctx.report, settle)


KINDS = (JobKind(GRADING, _grade),)
