"""Media for staff who work on the bank; candidates get theirs with the sealed paper."""

from fastapi import Request, Response

from invigil.platform.http import ManagementRouter, Tx, ports_of
from invigil.prepare.questions.service.media import load_medium

router = ManagementRouter(prefix="/api/questions/media", tags=["questions"])

_ANY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


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
