"""Uploaded files of imports are kept for a while after the import is over, and then deleted (P13)."""

from datetime import timedelta

from invigil.base.audit.api import record
from invigil.kernel.principals import SYSTEM
from invigil.platform.jobs import JobContext
from invigil.prepare.questions.refusals import ImportState
from invigil.prepare.questions.store import imports as store

# What nobody works with any more.
OVER = (ImportState.WRITTEN, ImportState.REFUSED, ImportState.DISCARDED)
SWEEP_SIZE = 500


async def delete_old_sources(ctx: JobContext) -> dict[str, object]:
    """Delete the files of imports that have been over for the set number of days, each one recorded. Repeatable.

    Gone are the upload and all that was made of it for the preview; what was written into the records stays.
    Source: P13; setting INVIGIL_IMPORT_SOURCES_DAYS.
    """
    blobs, days = ctx.ports.blobs, ctx.ports.settings.import_sources_days
    async with ctx.db.reading() as tx:
        expired = await store.list_expired(tx, OVER, tx.now - timedelta(days=days), limit=SWEEP_SIZE)
    for import_id in expired:
        # The files go first: a crash in between leaves an entry that is treated again, never a file believed gone.
        keys = await blobs.list(f"questions/imports/{import_id}")
        for key in keys:
            await blobs.delete(key)
        async with ctx.db.transaction() as tx:
            await store.write_source_deleted(tx, import_id)
            await record(
                tx, SYSTEM, act="questions.import.expire", on=import_id, details={"days": days, "files": len(keys)}
            )
    return {"deleted": len(expired)}
