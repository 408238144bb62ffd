"""Old jobs go: first their files, later their rows. What was done stands in the audit record."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.principals import SYSTEM
from invigil.platform.jobs import JobContext, JobKind

# The file of a job can be made again at any time; nothing readable lies about longer than it takes to fetch it (N).
FILES_KEPT = timedelta(days=7)
ROWS_KEPT = timedelta(days=90)
SWEEP_INTERVAL = timedelta(minutes=30)
AT_ONCE = 50


async def _sweep(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    jobs = ctx.ports.jobs
    async with ctx.db.reading() as tx:
        old = await jobs.list_old_files(tx, tx.now - FILES_KEPT, limit=AT_ONCE)
    for job_id, blob_key in old:
        await ctx.ports.blobs.delete(blob_key)
        async with ctx.db.transaction() as tx:
            await jobs.forget_file(tx, job_id)
            await record(tx, SYSTEM, act="background.file.expire", on=job_id)
    async with ctx.db.transaction() as tx:
        deleted = await jobs.delete_old(tx, tx.now - ROWS_KEPT)
    return {"files": len(old), "rows": deleted}


SWEEP = JobKind("background.jobs.sweep", _sweep)
