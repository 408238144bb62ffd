"""How long recordings are kept: the date, legal holds, proofs of deletion."""

from datetime import datetime

from pydantic import BaseModel, Field

from invigil.kernel.ids import AttemptId, SittingId
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.prepare.exams.api import access_sitting
from invigil.serve.recordings import store
from invigil.serve.recordings.model import Deletion, Hold
from invigil.serve.recordings.rules.retention import compute_deletion_date
from invigil.serve.recordings.service import holding

router = ManagementRouter(prefix="/api/recordings/sittings", tags=["recordings"])


class HoldForm(BaseModel):
    """Keep from being deleted. attempt_id: None for the whole sitting."""

    attempt_id: str | None = Field(default=None, max_length=40)
    reason: str = Field(min_length=4, max_length=400)


class HoldAnswer(BaseModel):
    """A legal hold. attempt_id: None for the whole sitting."""

    id: str
    attempt_id: str | None
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class DeletionAnswer(BaseModel):
    """Proof of a deletion. digest: SHA-256 over the hashes of all segments deleted."""

    id: str
    attempts: int
    objects: int
    total_bytes: int
    digest: str
    held: int
    remaining: int
    deleted_at: datetime


class RetentionAnswer(BaseModel):
    """When the recordings of a sitting are deleted, what stands in the way, what has been deleted."""

    sitting_id: str
    retention_days: int
    deletes_at: datetime
    holds: list[HoldAnswer]
    deletions: list[DeletionAnswer]


@router.get("/{sitting_id}/retention", name="recordings.retention.show", summary="录像保存期限、保全与销毁证明")
async def show_retention(sitting_id: SittingId, tx: Tx) -> RetentionAnswer:
    """Return how long the recordings of a sitting are kept."""
    sitting = await access_sitting(tx, sitting_id)
    days = sitting.rules.recording.retention_days
    return RetentionAnswer(
        sitting_id=sitting_id,
        retention_days=days,
        deletes_at=compute_deletion_date(sitting.last_deadline, days),
        holds=[answer_hold(one) for one in await store.list_holds(tx, sitting_id)],
        deletions=[answer_deletion(one) for one in await store.list_deletions(tx, sitting_id)],
    )


@router.post("/{sitting_id}/holds", name="recordings.hold.set", summary="设置录像保全", status_code=201)
async def set_hold(sitting_id: SittingId, form: HoldForm, tx: Tx, who: Who) -> HoldAnswer:
    """Keep recordings from being deleted."""
    attempt_id = AttemptId(form.attempt_id) if form.attempt_id else None
    return answer_hold(await holding.set_hold(tx, who, sitting_id, attempt_id, form.reason.strip()))


@router.post("/{sitting_id}/holds/{hold_id}/lift", name="recordings.hold.lift", summary="解除录像保全", status_code=204)
async def lift_hold(sitting_id: SittingId, hold_id: str, tx: Tx, who: Who) -> None:
    """End a hold."""
    await holding.lift_hold(tx, who, sitting_id, hold_id)


def answer_hold(one: Hold) -> HoldAnswer:
    """Return a hold as it is shown."""
    return HoldAnswer(
        id=one.id,
        attempt_id=one.attempt_id,
        reason=one.reason,
        set_by=one.set_by,
        set_at=one.set_at,
        lifted_by=one.lifted_by,
        lifted_at=one.lifted_at,
    )


def answer_deletion(one: Deletion) -> DeletionAnswer:
    """Return a proof as it is shown."""
    return DeletionAnswer(
        id=one.id,
        attempts=one.attempts,
        objects=one.objects,
        total_bytes=one.total_bytes,
        digest=one.digest,
        held=one.held,
        remaining=one.remaining,
        deleted_at=one.deleted_at,
    )
