"""Reading an uploaded file into memory: it never touches the disk in clear."""

from starlette.requests import Request

from invigil.kernel.refusals import Refusal


async def read_body(request: Request, limit: int, too_large: Refusal) -> bytes:
    """Return the body.

    limit: bytes. Raises: too_large - as soon as more than `limit` bytes are announced or have come.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise too_large
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise too_large
    return bytes(content)
