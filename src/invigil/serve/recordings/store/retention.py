"""SQL of holds and deletions."""

from typing import Any

from sqlalchemy import Row, and_, insert, select, update

from invigil.kernel.ids import AttemptId, SittingId, StaffId
from invigil.platform.db import Transaction
from invigil.serve.recordings.model import Deletion, Hold
from invigil.serve.recordings.store.tables import REASON_PLACE, deletions, holds

_REASON = "recordings.hold_reason"


async def insert_hold(tx: Transaction, one: Hold) -> None:
    """Write a hold."""
    reason = tx.keys.seal_text(one.reason, purpose=_REASON, bound_to=REASON_PLACE.format(id=one.id))
    await tx.execute(
        insert(holds).values(
            id=one.id,
            sitting_id=one.sitting_id,
            attempt_id=one.attempt_id or "",
            reason=reason,
            set_by=one.set_by,
            set_at=one.set_at,
            lifted_by="",
        )
    )


async def lift_hold(tx: Transaction, hold_id: str, by: str) -> bool:
    """End a hold; False when none of this name is in force."""
    condition = and_(holds.c.id == hold_id, holds.c.lifted_at.is_(None))
    changed = await tx.execute(update(holds).where(condition).values(lifted_by=by, lifted_at=tx.now))
    return bool(changed.rowcount)


async def list_holds(tx: Transaction, sitting_id: str) -> list[Hold]:
    """Return the holds of a sitting, newest first, lifted ones included."""
    query = select(holds).where(holds.c.sitting_id == sitting_id).order_by(holds.c.set_at.desc(), holds.c.id)
    return [_hold(tx, row) for row in await tx.execute(query)]


async def insert_deletion(tx: Transaction, one: Deletion) -> None:
    """Write the proof of a deletion."""
    await tx.execute(
        insert(deletions).values(
            id=one.id,
            sitting_id=one.sitting_id,
            attempts=one.attempts,
            objects=one.objects,
            total_bytes=one.total_bytes,
            digest=one.digest,
            held=one.held,
            remaining=one.remaining,
            deleted_at=one.deleted_at,
        )
    )


async def list_deletions(tx: Transaction, sitting_id: str) -> list[Deletion]:
    """Return the proofs of a sitting, newest first."""
    query = select(deletions).where(deletions.c.sitting_id == sitting_id).order_by(deletions.c.deleted_at.desc())
    return [
        Deletion(
            row.id, SittingId(row.sitting_id), row.attempts, row.objects, row.total_bytes, row.digest, row.held,
            row.remaining, row.deleted_at,
        )
        for row in await tx.execute(query)
    ]  # fmt: skip


def _hold(tx: Transaction, row: Row[Any]) -> Hold:
    return Hold(
        id=row.id,
        sitting_id=SittingId(row.sitting_id),
        attempt_id=AttemptId(row.attempt_id) if row.attempt_id else None,
        reason=tx.keys.open_text(row.reason, purpose=_REASON, bound_to=REASON_PLACE.format(id=row.id)),
        set_by=StaffId(row.set_by),
        set_at=row.set_at,
        lifted_by=StaffId(row.lifted_by) if row.lifted_by else None,
        lifted_at=row.lifted_at,
    )
