"""The background job of sealing anew."""

from collections.abc import Mapping
from typing import Any

from invigil.base.audit.api import record
from invigil.base.rekeying.service import RESEAL, reseal_everything
from invigil.platform.jobs import JobContext, JobKind


async def _reseal(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    result = await reseal_everything(ctx.ports, ctx.report)
    async with ctx.db.transaction() as tx:
        await record(tx, ctx.owner, act="rekeying.records.reseal", on=ctx.job_id, details=result)
        await ctx.conclude(f"已换用新密钥：{result['cells']} 项记录、{result['blobs']} 个文件")
        await ctx.settle(tx, result)
    return result


KINDS = (JobKind(RESEAL, _reseal),)
