"""SQL of room plans and confirmation sheets."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from invigil.kernel.ids import ExamId
from invigil.platform.db import Transaction
from invigil.prepare.rooms.model import Confirmation, ConfirmationState, PlanState, RoomPlan
from invigil.prepare.rooms.store.tables import confirmations, plans


async def read_plan(tx: Transaction, exam_id: ExamId) -> RoomPlan:
    """Return where the rooms of an examination stand; editable when nothing is written."""
    row = (await tx.execute(select(plans).where(plans.c.exam_id == exam_id))).first()
    if row is None:
        return RoomPlan(exam_id, PlanState.EDITABLE, "", None)
    return RoomPlan(exam_id, PlanState(row.state), row.reason, row.changed_at)


async def write_plan(tx: Transaction, exam_id: ExamId, state: PlanState, reason: str = "") -> None:
    """Write where the rooms of an examination stand."""
    await tx.execute(delete(plans).where(plans.c.exam_id == exam_id))
    await tx.execute(insert(plans).values(exam_id=exam_id, state=state, reason=reason, changed_at=tx.now))


async def insert_confirmation(tx: Transaction, sheet: Confirmation) -> None:
    """Write a new version."""
    await tx.execute(insert(confirmations).values(**asdict(sheet)))


async def update_confirmation(tx: Transaction, sheet: Confirmation) -> None:
    """Write state, signature and reason; the content never changes."""
    await tx.execute(
        update(confirmations)
        .where(confirmations.c.id == sheet.id)
        .values(
            state=sheet.state,
            signed_by=sheet.signed_by,
            signed_at=sheet.signed_at,
            signature=sheet.signature,
            reason=sheet.reason,
        )
    )


async def read_confirmation(tx: Transaction, confirmation_id: str) -> Confirmation | None:
    """Return one version."""
    row = (await tx.execute(select(confirmations).where(confirmations.c.id == confirmation_id))).first()
    return None if row is None else _confirmation(row)


async def list_confirmations(tx: Transaction, exam_id: ExamId) -> list[Confirmation]:
    """Return every version, newest first."""
    statement = select(confirmations).where(confirmations.c.exam_id == exam_id)
    return [_confirmation(row) for row in await tx.execute(statement.order_by(confirmations.c.version.desc()))]


def _confirmation(row: Row[Any]) -> Confirmation:
    return Confirmation(
        id=row.id,
        exam_id=ExamId(row.exam_id),
        version=row.version,
        number=row.number,
        state=ConfirmationState(row.state),
        content=row.content,
        digest=row.digest,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        signature=row.signature,
        reason=row.reason,
    )
