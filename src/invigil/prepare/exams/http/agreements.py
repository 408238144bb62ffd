"""《考核承办协议》: registering, listing, reading the scan (C2)."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Form, Request, Response, UploadFile
from pydantic import BaseModel, Field

from invigil.base.audit.api import record
from invigil.kernel.ids import ExamId
from invigil.platform.http import ManagementRouter, SelfCommittingRouter, Tx, Who, ports_of
from invigil.platform.http.downloads import file_response
from invigil.prepare.exams.http.schemas import AgreementAnswer
from invigil.prepare.exams.service import exams as service
from invigil.prepare.exams.store import exams as store

router = ManagementRouter(prefix="/api/exams/{exam_id}/agreements", tags=["exams"])
file_router = SelfCommittingRouter(prefix="/api/exams/{exam_id}/agreements", tags=["exams"])

# Where dates on agreements are written.
BEIJING = ZoneInfo("Asia/Shanghai")


class AgreementForm(BaseModel):
    """A signed agreement and its scan."""

    number: str = Field(min_length=1, max_length=100)
    commissioner: str = Field(min_length=1, max_length=200, description="甲方")
    operator: str = Field(min_length=1, max_length=200, description="乙方")
    signed_on: date
    file: UploadFile


@router.get("", name="exams.agreements.list", summary="考核承办协议")
async def list_agreements(exam_id: ExamId, tx: Tx) -> list[AgreementAnswer]:
    """List the agreements of an examination, newest first; superseded ones stay on record."""
    return [AgreementAnswer.of(one) for one in await store.list_agreements(tx, exam_id)]


@file_router.post("/uploads", name="exams.agreements.register", summary="登记考核承办协议", status_code=201)
async def register_agreement(
    exam_id: ExamId,
    form: Annotated[AgreementForm, Form(media_type="multipart/form-data")],
    request: Request,
    who: Who,
) -> AgreementAnswer:
    """Register the signed agreement with its scan (PDF, JPEG or PNG, at most 50 MB)."""
    ports = ports_of(request)
    draft = service.AgreementDraft(
        form.number,
        form.commissioner,
        form.operator,
        form.signed_on,
        (form.file.filename or "agreement")[-200:],
        await form.file.read(),
    )
    # The scan first: an agreement on record always has its file. A refused registration leaves an unreferenced blob.
    async with ports.db.reading() as tx:
        await service.access_exam(tx, exam_id)
    file_key = await service.store_scan(ports.blobs, exam_id, draft.content)
    today = ports.clock.now().astimezone(BEIJING).date()
    async with ports.db.transaction() as tx:
        registered = await service.register_agreement(tx, who, exam_id, draft, file_key=file_key, today=today)
    return AgreementAnswer.of(registered)


@file_router.get(
    "/{agreement_id}/file", name="exams.agreements.download", summary="下载协议扫描件", response_class=Response
)
async def download_agreement(exam_id: ExamId, agreement_id: str, request: Request, who: Who) -> Response:
    """Give the scan out; who read it is recorded first."""
    ports = ports_of(request)
    async with ports.db.transaction() as tx:
        agreement = await service.access_agreement(tx, exam_id, agreement_id)
        await record(tx, who, act="exams.agreement.download", on=agreement.id)
    content = await ports.blobs.get(agreement.file_key)
    return file_response(content, agreement.file_name, agreement.file_media_type)
