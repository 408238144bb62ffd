"""Receiving workbooks and photo archives: the body is the file itself, never spooled to disk in clear (P9)."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import Header, Query, Request

from invigil.kernel.ids import ExamId
from invigil.kernel.principals import Principal
from invigil.platform.http import SelfCommittingRouter, ports_of
from invigil.platform.http.uploads import read_body
from invigil.prepare.candidates.http.answers import ExamIdQuery, ImportAnswer
from invigil.prepare.candidates.model import ImportKind, UploadTooLarge
from invigil.prepare.candidates.rules.fields import DEFAULT_SUBJECTS
from invigil.prepare.candidates.service.imports import receive_file

MEGABYTE = 1024 * 1024
WORKBOOK_BYTES, ARCHIVE_BYTES = 64 * MEGABYTE, 256 * MEGABYTE
router = SelfCommittingRouter(prefix="/api/candidates/uploads", tags=["candidates"])

_FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
# In a header and not in the address: addresses end up in logs, and people put names into file names.
FileName = Annotated[str, Header(alias="X-File-Name", max_length=600, description="file name, percent-encoded UTF-8")]
SubjectCodes = Annotated[
    list[str], Query(alias="subject", max_length=50, description="subject codes of the examination")
]


@dataclass(frozen=True, slots=True)
class _Upload:
    """What comes beside the body."""

    exam_id: ExamId
    kind: ImportKind
    file_name: str
    options: dict[str, object]
    limit_bytes: int


@router.post(
    "/workbook", name="candidates.imports.upload", summary="上传考生名单", status_code=202, openapi_extra=_FILE_BODY
)
async def upload_workbook(
    request: Request,
    exam_id: ExamIdQuery,
    subjects: SubjectCodes = list(DEFAULT_SUBJECTS),  # noqa: B006 - FastAPI copies it
    default_subject: Annotated[str, Query(max_length=32, description="for files without such a column")] = "",
    file_name: FileName = "",
) -> ImportAnswer:
    """Take an Excel or CSV file and read it in the background; nothing is written before it is confirmed."""
    options: dict[str, object] = {"subjects": subjects, "default_subject": default_subject}
    form = _Upload(ExamId(exam_id), ImportKind.WORKBOOK, unquote(file_name), options, WORKBOOK_BYTES)
    return await _receive(request, form)


@router.post(
    "/photos",
    name="candidates.photos.upload",
    summary="上传考生照片包",
    status_code=202,
    openapi_extra=_FILE_BODY,
)
async def upload_photos(request: Request, exam_id: ExamIdQuery, file_name: FileName = "") -> ImportAnswer:
    """Take a ZIP of photos named by identity number and check them in the background."""
    form = _Upload(ExamId(exam_id), ImportKind.PHOTOS, unquote(file_name), {}, ARCHIVE_BYTES)
    return await _receive(request, form)


async def _receive(request: Request, form: _Upload) -> ImportAnswer:
    content = await read_body(request, form.limit_bytes, UploadTooLarge(limit_mb=form.limit_bytes // MEGABYTE))
    who: Principal = request.state.who
    kept = await receive_file(
        ports_of(request),
        who,
        form.exam_id,
        kind=form.kind,
        file_name=form.file_name or "未命名",
        content=content,
        options=form.options,
    )
    return ImportAnswer.of(kept)
