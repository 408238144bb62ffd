"""One's own background jobs: progress, outcome, file, cancelling. Administrators see everybody's."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal, Role
from invigil.kernel.refusals import Refusal
from invigil.platform.db import Transaction
from invigil.platform.http import RECORDED, ManagementRouter, Page, Paging, Tx, Who, paging_of, ports_of
from invigil.platform.http.downloads import file_response
from invigil.platform.jobs import Job, JobState

router = ManagementRouter(prefix="/api/jobs", tags=["background"])


class JobHasNoFile(Refusal):
    """The job has left no file, or not yet."""

    code = "background.no_file"
    status = 404
    zh = "这个任务没有可下载的文件。"
    en = "This job has no file to download."


class JobAnswer(BaseModel):
    """One job, as its owner's page shows it.

    total: 0 while it is not known. title_en, message_en: empty for jobs of earlier releases. refusal_*: empty unless the state is refused or failed.
    """

    id: str
    kind: str
    title: str
    title_en: str
    state: JobState
    owner_id: str
    owner_name: str
    done: int
    total: int
    message: str
    message_en: str
    result: dict[str, Any] | None
    refusal_code: str
    refusal_message: str
    refusal_message_en: str
    file_name: str | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_cancel_requested: bool


@router.get("", name="background.jobs.list", summary="后台任务")
async def list_jobs(
    request: Request,
    tx: Tx,
    who: Who,
    paging: Annotated[Paging, Depends(paging_of)],
    everybody: Annotated[bool, Query(description="administrators: everybody's jobs")] = False,  # noqa: FBT002 - a query
) -> Page[JobAnswer]:
    """List one's own jobs, newest first."""
    owner = None if everybody and _sees_all(who) else who
    found, total = await ports_of(request).jobs.list_of(tx, owner, offset=paging.offset, limit=paging.page_size)
    return Page(items=[_answer(one) for one in found], total=total, page=paging.page, page_size=paging.page_size)


@router.get("/{job_id}", name="background.jobs.read", summary="后台任务的进度和结果")
async def read_job(job_id: str, request: Request, tx: Tx, who: Who) -> JobAnswer:
    """Tell how a job goes; pages ask about once a second while it runs."""
    return _answer(await _access(request, tx, job_id, who))


@router.post("/{job_id}/cancel", name="background.jobs.cancel", summary="取消后台任务")
async def cancel_job(job_id: str, request: Request, tx: Tx, who: Who) -> JobAnswer:
    """Stop a job: at once while it waits, at its next rest while it runs. One that has ended stays as it is."""
    job = await _access(request, tx, job_id, who)
    await ports_of(request).jobs.cancel(tx, job)
    await record(tx, who, act="background.job.cancel", on=job.id, details={"kind": job.kind})
    return _answer(await _access(request, tx, job_id, who))


@router.get(
    "/{job_id}/file",
    name="background.jobs.download",
    summary="下载后台任务的文件",
    response_class=Response,
    openapi_extra=RECORDED,
)
async def download_file(job_id: str, request: Request, tx: Tx, who: Who) -> Response:
    """Give out the job's file; every download is recorded."""
    job = await _access(request, tx, job_id, who)
    if job.file is None:
        raise JobHasNoFile
    content = await ports_of(request).blobs.get(job.file.blob_key)
    details = {"kind": job.kind, "bytes": len(content)}
    await record(tx, who, act="background.job.download", on=job.id, details=details)
    return file_response(content, job.file.file_name, job.file.media_type)


async def _access(request: Request, tx: Transaction, job_id: str, who: Principal) -> Job:
    return await ports_of(request).jobs.access(tx, job_id, who, may_see_all=_sees_all(who))


def _sees_all(who: Principal) -> bool:
    return Role.ADMINISTRATOR in who.roles


def _answer(job: Job) -> JobAnswer:
    return JobAnswer(
        id=job.id,
        kind=job.kind,
        title=job.title.zh,
        title_en=job.title.en,
        state=job.state,
        owner_id=job.owner.id,
        owner_name=job.owner.display_name,
        done=job.done,
        total=job.total,
        message=job.message.zh,
        message_en=job.message.en,
        result=dict(job.result) if job.result is not None else None,
        refusal_code=job.refusal_code,
        refusal_message=job.refusal_zh,
        refusal_message_en=job.refusal_en,
        file_name=job.file.file_name if job.file else None,
        queued_at=job.queued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        is_cancel_requested=job.is_cancel_requested,
    )
