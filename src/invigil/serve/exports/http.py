"""Exports for staff: order, register, download, destroy."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from invigil.kernel.ids import ExamId, JobId, SittingId
from invigil.platform.http import RECORDED, ManagementRouter, Page, Paging, Tx, Who, paging_of, ports_of
from invigil.platform.http.downloads import file_response
from invigil.serve.exports import store
from invigil.serve.exports.model import (
    MEDIA_TYPES,
    Export,
    ExportKind,
    ExportOrder,
    ExportState,
    FileFormat,
    Grouping,
)
from invigil.serve.exports.service import giving
from invigil.serve.exports.service.ordering import order_export

router = ManagementRouter(prefix="/api/exports", tags=["exports"])


class ExportForm(BaseModel):
    """What to export and why; the purpose goes into the register, so no personal data in it.

    sitting_ids: empty: every real sitting of the examination. subject_code, employer, room_name: empty: all.
    """

    exam_id: str = Field(min_length=1, max_length=40)
    kind: ExportKind
    grouping: Grouping = Grouping.SITTING
    format: FileFormat = FileFormat.XLSX
    purpose: str = Field(min_length=4, max_length=200)
    sitting_ids: list[str] = Field(default_factory=list, max_length=100)
    subject_code: str = Field("", max_length=16)
    employer: str = Field("", max_length=200)
    room_name: str = Field("", max_length=64)
    shows_identity: bool = False


class ExportAnswer(BaseModel):
    """One entry of the register. sha256: of the file as given out, "" until it is made."""

    id: str
    job_id: JobId
    exam_id: str
    kind: ExportKind
    grouping: Grouping
    format: FileFormat
    purpose: str
    sitting_ids: list[str]
    subject_code: str
    employer: str
    room_name: str
    shows_identity: bool
    state: ExportState
    ordered_by: str
    ordered_by_name: str
    ordered_at: datetime
    made_at: datetime | None
    expires_at: datetime | None
    destroyed_at: datetime | None
    file_name: str
    sha256: str
    file_bytes: int
    row_count: int
    is_released: bool
    downloads: int


@router.post("", name="exports.file.order", summary="申请导出", status_code=202)
async def order(form: ExportForm, request: Request, tx: Tx, who: Who) -> ExportAnswer:
    """Order a file; it is made in the background (`job_id` tells how far it is)."""
    export = await order_export(tx, who, ports_of(request).jobs, _order(form))
    return _answer(export, ExportState.ORDERED)


@router.get("", name="exports.file.list", summary="导出登记簿")
async def list_register(
    request: Request,
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    exam_id: Annotated[str, Query(max_length=40)] = "",
    kind: Annotated[ExportKind | None, Query()] = None,
) -> Page[ExportAnswer]:
    """List who took what out, when, why, and how often it was downloaded; newest first. q: purpose or person."""
    found, total = await store.list_exports(
        tx, exam_id, kind=kind or "", q=paging.q, offset=paging.offset, limit=paging.page_size
    )
    states = await giving.read_states(tx, ports_of(request).jobs, found)
    items = [_answer(export, states[export.id]) for export in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/{export_id}", name="exports.file.read", summary="一份导出的登记")
async def read_entry(export_id: str, request: Request, tx: Tx, who: Who) -> ExportAnswer:
    """Return one entry of one's own; anybody's for administrators."""
    export = await giving.access_export(tx, who, export_id)
    return _answer(export, (await giving.read_states(tx, ports_of(request).jobs, [export]))[export.id])


@router.get(
    "/{export_id}/file",
    name="exports.file.download",
    summary="下载导出文件",
    response_class=Response,
    openapi_extra=RECORDED,
)
async def download(export_id: str, request: Request, tx: Tx, who: Who) -> Response:
    """Give the file to who ordered it, or to an administrator; every download is recorded."""
    export, content = await giving.give_out(tx, who, ports_of(request).blobs, export_id)
    return file_response(content, export.file_name, MEDIA_TYPES[export.order.format])


@router.post("/{export_id}/destroy", name="exports.file.destroy", summary="销毁导出文件")
async def destroy(export_id: str, request: Request, tx: Tx, who: Who) -> ExportAnswer:
    """Destroy the file before its date; the register keeps the entry."""
    return _answer(await giving.destroy(tx, who, ports_of(request).blobs, export_id), ExportState.DESTROYED)


def _order(form: ExportForm) -> ExportOrder:
    return ExportOrder(
        exam_id=ExamId(form.exam_id),
        kind=form.kind,
        grouping=form.grouping,
        format=form.format,
        purpose=form.purpose.strip(),
        sitting_ids=tuple(SittingId(one) for one in dict.fromkeys(form.sitting_ids)),
        subject_code=form.subject_code,
        employer=form.employer,
        room_name=form.room_name,
        shows_identity=form.shows_identity,
    )


def _answer(export: Export, state: ExportState) -> ExportAnswer:
    wanted = export.order
    return ExportAnswer(
        id=export.id,
        job_id=export.job_id,
        exam_id=wanted.exam_id,
        kind=wanted.kind,
        grouping=wanted.grouping,
        format=wanted.format,
        purpose=wanted.purpose,
        sitting_ids=list(wanted.sitting_ids),
        subject_code=wanted.subject_code,
        employer=wanted.employer,
        room_name=wanted.room_name,
        shows_identity=wanted.shows_identity,
        state=state,
        ordered_by=export.ordered_by,
        ordered_by_name=export.ordered_by_name,
        ordered_at=export.ordered_at,
        made_at=export.made_at,
        expires_at=export.expires_at,
        destroyed_at=export.destroyed_at,
        file_name=export.file_name,
        sha256=export.sha256,
        file_bytes=export.file_bytes,
        row_count=export.row_count,
        is_released=export.is_released,
        downloads=export.downloads,
    )
