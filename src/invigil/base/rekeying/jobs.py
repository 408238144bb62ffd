"""The background job of sealing anew."""

from collections.abc import Mapping
from typing import Any

from invigil.base.audit.api import record
from invigil.base.rekeying.service import RESEAL, reseal_everything
from invigil.kernel.words import Words
from invigil.platform.jobs import JobContext, JobKind


async def _reseal(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    result = await reseal_everything(ctx.ports, ctx.report)
    async with ctx.db.transaction() as tx:
        await record(tx, ctx.owner, act="rekeying.records.reseal", on=ctx.job_id, details=result)
        await ctx.conclude(
            Words(
                f"已换用新密钥：{result['cells']} 项记录、{result['blobs']} 个文件",
                f"Sealed anew: {result['cells']} records, {result['blobs']} files",
            )
        )
        await ctx.settle(tx, result)
    return result


KINDS = (JobKind(RESEAL, _reseal),)
