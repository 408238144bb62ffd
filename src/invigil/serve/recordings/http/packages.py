"""Packages for staff: order, register, download in any part, destroy."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from invigil.platform.http import RECORDED, ManagementRouter, Page, Paging, Tx, Who, paging_of, ports_of
from invigil.serve.recordings import store
from invigil.serve.recordings.model import Package, PackageState, Scope
from invigil.serve.recordings.rules.ranges import read_range
from invigil.serve.recordings.service import giving
from invigil.serve.recordings.service.ordering import order_package

router = ManagementRouter(prefix="/api/recordings/packages", tags=["recordings"])


class PackageForm(BaseModel):
    """What to download and why; the purpose goes into the register, so no personal data in it.

    scope_id: of the attempt, room or sitting.
    """

    scope: Scope
    scope_id: str = Field(min_length=1, max_length=40)
    purpose: str = Field(min_length=4, max_length=200)


class PackageAnswer(BaseModel):
    """One entry of the register. fault_count: films that could not be made, the manifest says why. total_bytes: of the ZIP."""

    id: str
    sitting_id: str
    scope: Scope
    scope_id: str
    purpose: str
    job_id: str
    state: PackageState
    ordered_by: str
    ordered_by_name: str
    ordered_at: datetime
    made_at: datetime | None
    expires_at: datetime | None
    destroyed_at: datetime | None
    file_count: int
    fault_count: int
    total_bytes: int
    downloads: int


@router.post("", name="recordings.package.order", summary="申请下载录像", status_code=202)
async def order(form: PackageForm, request: Request, tx: Tx, who: Who) -> PackageAnswer:
    """Order a package; it is made in the background (`job_id` tells how far it is)."""
    jobs = ports_of(request).jobs
    package = await order_package(tx, who, jobs, scope=form.scope, scope_id=form.scope_id, purpose=form.purpose.strip())
    return _answer(package, PackageState.ORDERED)


@router.get("", name="recordings.package.list", summary="录像包登记簿")
async def list_register(
    request: Request,
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    sitting_id: Annotated[str, Query(max_length=40)] = "",
) -> Page[PackageAnswer]:
    """List who took which recordings out, when, why, and how often they were downloaded; newest first."""
    found, total = await store.list_packages(tx, sitting_id, offset=paging.offset, limit=paging.page_size)
    states = await giving.read_states(tx, ports_of(request).jobs, found)
    items = [_answer(one, states[one.id]) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/{package_id}", name="recordings.package.read", summary="一个录像包的登记")
async def read_entry(package_id: str, request: Request, tx: Tx, who: Who) -> PackageAnswer:
    """Return one entry of one's own; anybody's for administrators."""
    package = await giving.access_package(tx, who, package_id)
    return _answer(package, (await giving.read_states(tx, ports_of(request).jobs, [package]))[package.id])


@router.get(
    "/{package_id}/file",
    name="recordings.package.download",
    summary="下载录像包（可断点续传）",
    response_class=Response,
    openapi_extra=RECORDED,
)
async def download(
    package_id: str, request: Request, tx: Tx, who: Who, wanted: Annotated[str, Header(alias="range")] = ""
) -> Response:
    """Send the ZIP, or the part asked for; what is stored stays sealed, it is opened piece by piece on its way out."""
    is_first_part = not wanted or wanted.startswith("bytes=0-")
    archive = await giving.open_archive(tx, who, package_id, is_first_part=is_first_part)
    total = archive.layout.total_bytes
    start, stop = read_range(wanted, total)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'录像_{package_id}.zip', safe='')}",
        "Content-Length": str(stop - start),
        "ETag": f'"{package_id}"',
    }
    if stop - start < total:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{total}"
    content = archive.read(ports_of(request).blobs, start, stop)
    return StreamingResponse(content, 206 if stop - start < total else 200, headers, "application/zip")


@router.post("/{package_id}/destroy", name="recordings.package.destroy", summary="销毁录像包")
async def destroy(package_id: str, request: Request, tx: Tx, who: Who) -> PackageAnswer:
    """Destroy the files before their date; the register keeps the entry."""
    package = await giving.destroy_package(tx, who, ports_of(request).blobs, package_id)
    return _answer(package, PackageState.DESTROYED)


def _answer(one: Package, state: PackageState) -> PackageAnswer:
    return PackageAnswer(
        id=one.id,
        sitting_id=one.sitting_id,
        scope=one.scope,
        scope_id=one.scope_id,
        purpose=one.purpose,
        job_id=one.job_id,
        state=state,
        ordered_by=one.ordered_by,
        ordered_by_name=one.ordered_by_name,
        ordered_at=one.ordered_at,
        made_at=one.made_at,
        expires_at=one.expires_at,
        destroyed_at=one.destroyed_at,
        file_count=one.file_count,
        fault_count=one.fault_count,
        total_bytes=one.total_bytes,
        downloads=one.downloads,
    )
