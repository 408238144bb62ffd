"""Background jobs of grading."""

from collections.abc import Mapping
from typing import Any

from invigil.judge.grading.service.grading import grade
from invigil.judge.grading.service.runs import GRADING
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext, JobKind


async def _grade(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """arguments: run_id. Repeatable: results that are written are not written again."""

    async def settle(tx: Transaction, result: Mapping[str, Any]) -> None:
        await ctx.conclude(
            Words(
                f"已评 {result['people']} 人，合格 {result['passed']} 人",
                f"Graded: {result['people']}, passed: {result['passed']}",
            )
        )
        await ctx.settle(tx, result)

    await ctx.report(0, 0, Words("核对答卷与回执", "Checking answer sheets and receipts"))
    return await grade(ctx.db, ctx.owner, arguments["run_id"], ctx.report, settle)


KINDS = (JobKind(GRADING, _grade),)
