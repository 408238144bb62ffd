"""Giving a package out, in any part, and destroying it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.principals import SYSTEM, Principal
from invigil.platform.blobs import SealedBlobs
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext, Jobs, JobState
from invigil.serve.exports.api import may_take_anything, say_actor
from invigil.serve.recordings import store
from invigil.serve.recordings.model import Package, PackagedFile, PackageState
from invigil.serve.recordings.rules.archive import ArchiveLayout
from invigil.serve.recordings.rules.refusals import PackageDestroyed, PackageNotFound, PackageNotReady
from invigil.serve.recordings.service.making import lay_out
from invigil.serve.recordings.service.pieces import destroy_files, read_slice

SWEEP_SIZE = 50


@dataclass(frozen=True, slots=True)
class Archive:
    """A package as one ZIP that nobody has written down. files: in the order of the layout."""

    package: Package
    layout: ArchiveLayout
    files: Sequence[PackagedFile]

    async def read(self, blobs: SealedBlobs, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield the bytes between two offsets."""
        for piece in self.layout.read(start, stop):
            if piece.file_index < 0:
                yield piece.content
                continue
            source = self.files[piece.file_index].source
            async for part in read_slice(blobs, self.package.id, source, piece.start, piece.length):
                yield part


async def access_package(tx: Transaction, who: Principal, package_id: str) -> Package:
    """Return an entry whose files this person may take: their own, or anybody's for an administrator.

    Raises: PackageNotFound.
    """
    package = await store.read_package(tx, package_id)
    if package is None or not (package.ordered_by == say_actor(who) or may_take_anything(who)):
        raise PackageNotFound
    return package


async def open_archive(tx: Transaction, who: Principal, package_id: str, *, is_first_part: bool) -> Archive:
    """Return the ZIP; a download from its beginning is counted, every part asked for is recorded, or it does not happen.

    Raises: PackageNotFound; PackageDestroyed; PackageNotReady.
    """
    package = await access_package(tx, who, package_id)
    if package.destroyed_at is not None or (package.expires_at is not None and package.expires_at <= tx.now):
        raise PackageDestroyed
    if package.made_at is None:
        raise PackageNotReady
    files = [file for file in await store.list_files(tx, package_id) if file.is_kept]
    if is_first_part:
        await store.count_download(tx, package_id)
    details = {"bytes": package.total_bytes, "is_first_part": is_first_part}
    await record(tx, who, act="recordings.package.download", on=package_id, details=details)
    return Archive(package, lay_out(files, package.made_at), files)


async def destroy_package(tx: Transaction, who: Principal, blobs: SealedBlobs, package_id: str) -> Package:
    """Destroy a package before its date; one that is gone stays gone.

    Raises: PackageNotFound; PackageNotReady.
    """
    package = await access_package(tx, who, package_id)
    if package.made_at is None:
        raise PackageNotReady
    if package.destroyed_at is None:
        await _destroy(tx, who, blobs, package, "recordings.package.destroy")
    return await access_package(tx, who, package_id)


async def destroy_expired(ctx: JobContext) -> dict[str, Any]:
    """Destroy the packages whose date has come; return how many."""
    async with ctx.db.reading() as tx:
        expired = await store.list_expired(tx, limit=SWEEP_SIZE)
    for package in expired:
        async with ctx.db.transaction() as tx:
            await _destroy(tx, SYSTEM, ctx.ports.blobs, package, "recordings.package.expire")
    return {"destroyed": len(expired)}


async def read_states(tx: Transaction, jobs: Jobs, found: Sequence[Package]) -> dict[str, PackageState]:
    """Return the state of each entry."""
    waiting = [one.job_id for one in found if one.made_at is None]
    ends = await jobs.read_states(tx, waiting) if waiting else {}
    return {one.id: _state(one, ends.get(one.job_id)) for one in found}


def _state(one: Package, job: JobState | None) -> PackageState:
    if one.destroyed_at is not None:
        return PackageState.DESTROYED
    if one.made_at is not None:
        return PackageState.READY
    return PackageState.FAILED if job is None or job.is_final else PackageState.ORDERED


async def _destroy(tx: Transaction, who: Principal, blobs: SealedBlobs, package: Package, act: str) -> None:
    # The files go first: a crash in between leaves an entry that is destroyed again, never files that are believed gone.
    await destroy_files(blobs, package.id)
    await store.write_destroyed(tx, package.id, tx.now)
    await record(tx, who, act=act, on=package.id, details={"bytes": package.total_bytes})
