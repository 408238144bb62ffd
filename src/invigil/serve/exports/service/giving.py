"""Giving a file out, and destroying it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.principals import SYSTEM, Principal
from invigil.platform.blobs import SealedBlobs
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext, Jobs, JobState
from invigil.serve.exports import store
from invigil.serve.exports.model import Export, ExportDestroyed, ExportNotFound, ExportNotReady, ExportState
from invigil.serve.exports.rules.access import may_take_anything, say_actor

SWEEP_SIZE = 50


class FileChangedError(Exception):
    """The stored file is not the one in the register: storage is damaged or was tampered with; nothing is given out."""


async def access_export(tx: Transaction, who: Principal, export_id: str) -> Export:
    """Return an entry whose file this person may take: their own, or anybody's for an administrator.

    Raises: ExportNotFound.
    """
    export = await store.read_export(tx, export_id)
    if export is None or not (export.ordered_by == say_actor(who) or may_take_anything(who)):
        raise ExportNotFound
    return export


async def give_out(tx: Transaction, who: Principal, blobs: SealedBlobs, export_id: str) -> tuple[Export, bytes]:
    """Return the file; the download is counted and recorded, or it does not happen.

    Raises: ExportNotFound; ExportNotReady; ExportDestroyed; FileChangedError.
    """
    export = await access_export(tx, who, export_id)
    if export.destroyed_at is not None or (export.expires_at is not None and export.expires_at <= tx.now):
        raise ExportDestroyed
    if export.made_at is None:
        raise ExportNotReady
    content = await blobs.get(export.blob_key)
    if hashlib.sha256(content).hexdigest() != export.sha256:
        raise FileChangedError(export.id)
    await store.count_download(tx, export.id)
    await record(tx, who, act="exports.file.download", on=export.id, details={"sha256": export.sha256})
    return export, content


async def destroy(tx: Transaction, who: Principal, blobs: SealedBlobs, export_id: str) -> Export:
    """Destroy a file before its date; one that is gone already stays gone.

    Raises: ExportNotFound; ExportNotReady - nothing has been made yet.
    Source: N "return or destroy".
    """
    export = await access_export(tx, who, export_id)
    if export.made_at is None:
        raise ExportNotReady
    if export.destroyed_at is None:
        await _destroy(tx, who, blobs, export, "exports.file.destroy")
    return await access_export(tx, who, export_id)


async def destroy_expired(ctx: JobContext) -> dict[str, Any]:
    """Destroy the files whose date has come; return how many."""
    async with ctx.db.reading() as tx:
        expired = await store.list_expired(tx, limit=SWEEP_SIZE)
    for export in expired:
        async with ctx.db.transaction() as tx:
            await _destroy(tx, SYSTEM, ctx.ports.blobs, export, "exports.file.expire")
    return {"destroyed": len(expired)}


async def read_states(tx: Transaction, jobs: Jobs, found: Sequence[Export]) -> dict[str, ExportState]:
    """Return the state of each entry."""
    waiting = [export.job_id for export in found if export.made_at is None]
    ends = await jobs.read_states(tx, waiting) if waiting else {}
    return {export.id: _state(export, ends.get(export.job_id)) for export in found}


def _state(export: Export, job: JobState | None) -> ExportState:
    if export.destroyed_at is not None:
        return ExportState.DESTROYED
    if export.made_at is not None:
        return ExportState.READY
    return ExportState.FAILED if job is None or job.is_final else ExportState.ORDERED


async def _destroy(tx: Transaction, who: Principal, blobs: SealedBlobs, export: Export, act: str) -> None:
    # The file goes first: a crash in between leaves an entry that is destroyed again, never a file that is believed gone.
    await blobs.delete(export.blob_key)
    await store.write_destroyed(tx, export.id, tx.now)
    await record(tx, who, act=act, on=export.id, details={"sha256": export.sha256})
