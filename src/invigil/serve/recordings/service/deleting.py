"""Deletion at the end of the retention time: ciphertext first, then keys, then a look whether anything is left (C5.5)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.ids import SittingId
from invigil.kernel.principals import SYSTEM
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.jobs import JobContext
from invigil.prepare.exams.api import Sitting, list_ended_sittings
from invigil.serve.recordings import store
from invigil.serve.recordings.model import Deletion
from invigil.serve.recordings.rules.retention import compute_deletion_date, is_held
from invigil.sit.answering.api import Attempt, list_attempts
from invigil.sit.recording.api import Take, forget_take_keys, list_segments, list_takes


@dataclass
class _Tally:
    """What has been deleted so far. hashes: of the segments, in order."""

    attempts: int = 0
    objects: int = 0
    total_bytes: int = 0
    remaining: int = 0
    hashes: list[str] = field(default_factory=list)


async def delete_expired(ctx: JobContext) -> dict[str, Any]:
    """Delete the recordings of every sitting whose time has come; return how many attempts. Repeatable."""
    async with ctx.db.reading() as tx:
        due = [one for one in await list_ended_sittings(tx) if is_due(one, tx)]
    deleted = 0
    for sitting in due:
        deleted += await _delete_of_sitting(ctx, sitting.id)
    return {"attempts": deleted}


def is_due(sitting: Sitting, tx: Transaction) -> bool:
    """Tell whether the retention time of the sitting's recordings is over."""
    return tx.now >= compute_deletion_date(sitting.last_deadline, sitting.rules.recording.retention_days)


async def _delete_of_sitting(ctx: JobContext, sitting_id: SittingId) -> int:
    async with ctx.db.reading() as tx:
        holds = await store.list_holds(tx, sitting_id)
        attempts = await list_attempts(tx, sitting_id=sitting_id)
        waiting = [(one, await _list_open_takes(tx, one)) for one in attempts]
    recorded = [(one, takes) for one, takes in waiting if takes]
    due = [(one, takes) for one, takes in recorded if not is_held(one.id, holds)]
    if not due:
        return 0
    tally = _Tally()
    for attempt, takes in due:
        await _delete_of_attempt(ctx, attempt, takes, tally)
    async with ctx.db.transaction() as tx:
        await _prove(tx, sitting_id, tally, held=len(recorded) - len(due))
    return tally.attempts


async def _list_open_takes(tx: Transaction, attempt: Attempt) -> list[Take]:
    """Return the takes whose key has not been forgotten yet."""
    return [take for take in await list_takes(tx, attempt.id) if take.sealed_key]


async def _delete_of_attempt(ctx: JobContext, attempt: Attempt, takes: Sequence[Take], tally: _Tally) -> None:
    media = ctx.ports.media
    for take in takes:
        async with ctx.db.reading() as tx:
            segments = await list_segments(tx, take)
        # What a page uploaded and never declared lies below the same prefix.
        keys = {segment.key for segment in segments} | set(await media.list(take.prefix))
        for key in sorted(keys):
            await media.delete(key)
        tally.objects += len(keys)
        tally.total_bytes += sum(segment.size for segment in segments)
        tally.hashes += [segment.sha256 for segment in segments]
        tally.remaining += len(await media.list(take.prefix))
    # The keys go last: a crash before leaves takes that are deleted again, never ciphertext that nobody looks for.
    async with ctx.db.transaction() as tx:
        await forget_take_keys(tx, attempt.id)
    tally.attempts += 1


async def _prove(tx: Transaction, sitting_id: SittingId, tally: _Tally, *, held: int) -> None:
    digest = hashlib.sha256("\n".join(tally.hashes).encode()).hexdigest()
    proof = Deletion(
        new_id("del"), sitting_id, tally.attempts, tally.objects, tally.total_bytes, digest, held, tally.remaining,
        tx.now,
    )  # fmt: skip
    await store.insert_deletion(tx, proof)
    details = {
        "attempts": proof.attempts, "objects": proof.objects, "bytes": proof.total_bytes, "digest": digest,
        "held": held, "remaining": proof.remaining,
    }  # fmt: skip
    await record(tx, SYSTEM, act="recordings.retention.delete", on=sitting_id, details=details)
