"""Media for staff who work on the bank; candidates get theirs with the sealed paper."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from invigil.platform.http import ManagementRouter, Page, Paging, Tx, paging_of, ports_of
from invigil.prepare.questions.service.media import load_medium
from invigil.prepare.questions.store import media as store

router = ManagementRouter(prefix="/api/questions/media", tags=["questions"])

_ANY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class MediumKind(StrEnum):
    """The kinds of media, as their media types begin."""

    PICTURE = "image"
    AUDIO = "audio"
    VIDEO = "video"


class KeptMediumAnswer(BaseModel):
    """A medium of the bank; put `id` into a block's `blob`."""

    id: str
    media_type: str
    byte_count: int
    created_at: datetime


@router.get("", name="questions.media.list", summary="题库中的图片、音频与视频")
async def list_media(kind: MediumKind, tx: Tx, paging: Annotated[Paging, Depends(paging_of)]) -> Page[KeptMediumAnswer]:
    """List the media that can be used again, newest first."""
    found, total = await store.search_media(tx, kind, offset=paging.offset, limit=paging.page_size)
    items = [
        KeptMediumAnswer(id=one.id, media_type=one.media_type, byte_count=one.byte_count, created_at=one.created_at)
        for one in found
    ]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get(
    "/{medium_id}",
    name="questions.media.get",
    summary="查看图片、音频或视频",
    response_class=Response,
    responses={200: _ANY},
)
async def get_medium(medium_id: str, request: Request, tx: Tx) -> Response:
    """Return a medium's bytes with its true type."""
    media_type, content = await load_medium(tx, ports_of(request), medium_id)
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
        # Were a browser to take it for a document, it could still do nothing.
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=media_type, headers=headers)
