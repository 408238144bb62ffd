"""《考场安排确认单》: submit, read, sign, return, print, amend."""

from datetime import datetime
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, Field

from invigil.base.accounts.api import read_staff_names
from invigil.base.audit.api import record
from invigil.kernel.ids import ExamId
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, SelfCommittingRouter, Tx, Who, ports_of
from invigil.platform.http.downloads import file_response
from invigil.prepare.exams.api import access_exam
from invigil.prepare.rooms.model import Confirmation, ConfirmationState, PlanState
from invigil.prepare.rooms.service import confirming as service
from invigil.prepare.rooms.service.printing import print_confirmation
from invigil.prepare.rooms.store import confirmations as store

router = ManagementRouter(tags=["rooms"])
download_router = SelfCommittingRouter(tags=["rooms"])


class SignForm(BaseModel):
    """The SHA-256 of the content the official has read: nothing else is signed."""

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class WhyForm(BaseModel):
    """Why this is done."""

    reason: str = Field(min_length=2, max_length=500)


class ConfirmationAnswer(BaseModel):
    """A version of the sheet in a list."""

    id: str
    exam_id: str
    version: int
    number: str
    state: ConfirmationState
    digest: str
    candidates: int
    rooms: int
    submitted_by: str
    submitted_at: datetime
    signed_by: str
    signed_at: datetime | None
    reason: str


class ConfirmationDetail(ConfirmationAnswer):
    """A version with its content, and how it differs from the one signed before (empty for the first)."""

    content: dict[str, Any]
    signature: str
    signed_before: str
    changes: list[str]


class PlanAnswer(BaseModel):
    """Whether rooms can be changed, and every version of the sheet, newest first."""

    state: PlanState
    reason: str
    confirmations: list[ConfirmationAnswer]


@router.get("/api/exams/{exam_id}/room-plan", name="rooms.plan.show", summary="考场安排确认情况")
async def show_plan(exam_id: ExamId, tx: Tx) -> PlanAnswer:
    """Show where the confirmation stands."""
    await access_exam(tx, exam_id)
    plan = await store.read_plan(tx, exam_id)
    sheets = [_answer(one) for one in await store.list_confirmations(tx, exam_id)]
    return PlanAnswer(state=plan.state, reason=plan.reason, confirmations=sheets)


@router.post(
    "/api/exams/{exam_id}/room-confirmations",
    name="rooms.confirmations.submit",
    summary="提交考场安排确认单",
    status_code=201,
)
async def submit(exam_id: ExamId, tx: Tx, who: Who) -> ConfirmationDetail:
    """Put the rooms of every real sitting before the board; they are frozen meanwhile."""
    return await _detail(tx, await service.submit_plan(tx, who, exam_id))


@router.post("/api/exams/{exam_id}/room-plan/amendment", name="rooms.plan.amend", summary="发起考场安排变更")
async def amend(exam_id: ExamId, form: WhyForm, tx: Tx, who: Who) -> PlanAnswer:
    """Make signed rooms editable; the next version must be signed again."""
    await service.amend_plan(tx, who, exam_id, reason=form.reason)
    return await show_plan(exam_id, tx)


@router.get("/api/room-confirmations/{confirmation_id}", name="rooms.confirmations.show", summary="考场安排确认单详情")
async def show(confirmation_id: str, tx: Tx) -> ConfirmationDetail:
    """Show a version with its content and differences."""
    return await _detail(tx, await service.access_confirmation(tx, confirmation_id))


@router.post(
    "/api/room-confirmations/{confirmation_id}/signature",
    name="rooms.confirmations.sign",
    summary="甲方签署考场安排确认单",
)
async def sign(confirmation_id: str, form: SignForm, tx: Tx, who: Who) -> ConfirmationDetail:
    """Sign for the board; the rooms are frozen from then on."""
    return await _detail(tx, await service.sign_confirmation(tx, who, confirmation_id, digest=form.digest))


@router.post(
    "/api/room-confirmations/{confirmation_id}/return", name="rooms.confirmations.return", summary="退回或撤回确认单"
)
async def give_back(confirmation_id: str, form: WhyForm, tx: Tx, who: Who) -> ConfirmationDetail:
    """Give the sheet back (board official) or withdraw it (administrator)."""
    return await _detail(tx, await service.return_confirmation(tx, who, confirmation_id, reason=form.reason))


@download_router.get(
    "/api/room-confirmations/{confirmation_id}/file",
    name="rooms.confirmations.download",
    summary="下载考场安排确认单 PDF",
    response_class=Response,
)
async def download(confirmation_id: str, request: Request, who: Who) -> Response:
    """Print a version; who took it is recorded first. Printing takes a second and holds no transaction."""
    async with ports_of(request).db.transaction() as tx:
        sheet = await service.access_confirmation(tx, confirmation_id)
        before, changes = await service.list_changes(tx, sheet)
        await record(tx, who, act="rooms.confirmation.download", on=sheet.id)
        names = await read_staff_names(tx)
    pdf = await print_confirmation(sheet, before, changes, names)
    return file_response(pdf, f"考场安排确认单_{sheet.number}.pdf", "application/pdf")


async def _detail(tx: Transaction, sheet: Confirmation) -> ConfirmationDetail:
    before, changes = await service.list_changes(tx, sheet)
    return ConfirmationDetail(
        **_answer(sheet).model_dump(),
        content=dict(sheet.content),
        signature=sheet.signature.hex(),
        signed_before="" if before is None else before.number,
        changes=changes,
    )


def _answer(sheet: Confirmation) -> ConfirmationAnswer:
    return ConfirmationAnswer(
        id=sheet.id,
        exam_id=sheet.exam_id,
        version=sheet.version,
        number=sheet.number,
        state=sheet.state,
        digest=sheet.digest,
        candidates=sheet.content["candidates"],
        rooms=sheet.content["rooms"],
        submitted_by=sheet.submitted_by,
        submitted_at=sheet.submitted_at,
        signed_by=sheet.signed_by,
        signed_at=sheet.signed_at,
        reason=sheet.reason,
    )
