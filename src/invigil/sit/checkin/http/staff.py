"""What staff see and do: the report, the change of phone, letting a failed check through."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel, Field

from invigil.kernel.ids import AttemptId
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.sit.checkin.http.answers import StaffCheckIn, staff_answer
from invigil.sit.checkin.model import CheckKind, Device
from invigil.sit.checkin.service import pairing, reporting

router = ManagementRouter(prefix="/api/checkin/attempts", tags=["checkin"])


class AllowForm(BaseModel):
    """Why the candidate may go on with another phone."""

    reason: str = Field(min_length=2, max_length=200)


class AllowAnswer(BaseModel):
    """Until when one other phone may be paired."""

    allowed_until: datetime


class WaiveForm(BaseModel):
    """Which failed check is let through, and why."""

    device: Device
    kind: CheckKind
    reason: str = Field(min_length=2, max_length=200)


@router.get("/{attempt_id}", name="checkin.report.show", summary="考生的考前检测报告")
async def show_report(attempt_id: AttemptId, request: Request, tx: Tx, who: Who) -> StaffCheckIn:
    """Show both devices' checks and the phones that were paired; a proctor sees their own rooms only."""
    found = await reporting.show_to_staff(tx, who, attempt_id)
    return staff_answer(found, request.app.state.phones, tx.now)


@router.post("/{attempt_id}/allow-phone", name="checkin.phone.allow", summary="同意考生更换手机")
async def allow_phone(attempt_id: AttemptId, form: AllowForm, tx: Tx, who: Who) -> AllowAnswer:
    """Let one other phone be paired within 15 minutes."""
    return AllowAnswer(allowed_until=await pairing.allow_other_phone(tx, who, attempt_id, form.reason))


@router.post("/{attempt_id}/waive", name="checkin.check.waive", summary="放行未通过的检测", status_code=204)
async def waive_check(attempt_id: AttemptId, form: WaiveForm, tx: Tx, who: Who) -> None:
    """Let a failed check through, or a candidate without a phone."""
    await reporting.waive(tx, who, attempt_id, device=form.device, kind=form.kind, reason=form.reason)
