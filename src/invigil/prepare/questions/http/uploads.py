"""Receiving files of questions and media: the body is the file itself, never spooled to disk in clear (P9)."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import Header, Query, Request
from pydantic import BaseModel

from invigil.kernel.principals import Principal
from invigil.platform.http import SelfCommittingRouter, ports_of
from invigil.platform.http.uploads import read_body
from invigil.prepare.questions.http.documents import SubjectCode
from invigil.prepare.questions.http.imports import QuestionDefaultsForm, QuestionImportAnswer
from invigil.prepare.questions.refusals import UploadTooLarge
from invigil.prepare.questions.service.imports import receive_file
from invigil.prepare.questions.service.media import UPLOAD_BYTES, upload_medium

MEGABYTE = 1024 * 1024
FILE_BYTES = 100 * MEGABYTE
router = SelfCommittingRouter(prefix="/api/questions/uploads", tags=["questions"])

_FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
# In a header and not in the address: addresses end up in logs.
FileName = Annotated[str, Header(alias="X-File-Name", max_length=600, description="file name, percent-encoded UTF-8")]


class QuestionMediumAnswer(BaseModel):
    """A stored medium; put `id` into a block's `blob`."""

    id: str
    media_type: str
    byte_count: int


@router.post(
    "/imports", name="questions.imports.upload", summary="上传试题文件", status_code=202, openapi_extra=_FILE_BODY
)
async def upload_file(
    request: Request,
    subject: Annotated[list[SubjectCode], Query(max_length=20, description="for questions that name none")] = [],  # noqa: B006 - FastAPI copies it
    knowledge_area: Annotated[str, Query(max_length=64)] = "",
    source: Annotated[str, Query(max_length=500)] = "",
    file_name: FileName = "",
) -> QuestionImportAnswer:
    """Take a .docx, .xlsx, .txt, or a .zip of one of these with its media, and read it in the background."""
    content = await read_body(request, FILE_BYTES, UploadTooLarge(limit_mb=FILE_BYTES // MEGABYTE))
    who: Principal = request.state.who
    defaults = QuestionDefaultsForm(subject_codes=subject, knowledge_area=knowledge_area, source=source).to_defaults()
    kept = await receive_file(ports_of(request), who, unquote(file_name) or "未命名", content, defaults)
    return QuestionImportAnswer.of(kept)


@router.post(
    "/media",
    name="questions.media.upload",
    summary="上传图片、音频或视频",
    status_code=201,
    openapi_extra=_FILE_BODY,
)
async def upload_media(request: Request) -> QuestionMediumAnswer:
    """Take a picture, audio or video; its kind is told by its content, pictures are written anew."""
    content = await read_body(request, UPLOAD_BYTES, UploadTooLarge(limit_mb=UPLOAD_BYTES // MEGABYTE))
    medium = await upload_medium(ports_of(request), request.state.who, content)
    return QuestionMediumAnswer(id=medium.id, media_type=medium.media_type, byte_count=medium.byte_count)
