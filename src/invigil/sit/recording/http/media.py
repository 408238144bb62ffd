"""Segments in local mode, and the probe of an access point. Signed addresses alone open these routes; they carry no cookie."""

from collections.abc import AsyncIterator, Mapping

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from invigil.kernel.refusals import Refusal
from invigil.platform.http import ports_of
from invigil.platform.http.refusing import refusal_answer
from invigil.platform.media import (
    SEGMENTS_PATH,
    AddressInvalidError,
    HashMismatchError,
    LocalMedia,
    MediaMissingError,
)
from invigil.platform.room import NoRoom
from invigil.sit.recording.model.forms import MAX_SEGMENT_BYTES
from invigil.sit.recording.model.refusals import (
    AddressInvalid,
    HashMismatch,
    NotLocal,
    SegmentMissing,
    SegmentTooLarge,
    StoreUnavailable,
)

log = structlog.get_logger()
PROBE_PATH = "/api/media/probe"
RETRY_AFTER_S = "5"
_STORED = b'{"stored":true}'
# A page asks once for all its PUTs to another origin.
_PREFLIGHT_LASTS_S = "7200"


async def put_segment(request: Request) -> Response:
    """Take one segment: stream to disk, verify, flush, answer."""
    try:
        await _receive(request)
    except Refusal as refusal:
        answer = refusal_answer(refusal)
        if isinstance(refusal, StoreUnavailable):
            answer.headers["Retry-After"] = RETRY_AFTER_S
        return _allow(request, answer)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it; nothing was kept
    return _allow(request, Response(_STORED, media_type="application/json"))


async def get_segment(request: Request) -> Response:
    """Give one segment, as ciphertext, to whoever has a signed address."""
    try:
        content = await _send(request)
    except Refusal as refusal:
        return _allow(request, refusal_answer(refusal))
    # A segment never changes under its name: a reviewer who goes back need not fetch it again.
    headers = {"Cache-Control": "private, max-age=14400, immutable"}
    return _allow(request, Response(content, media_type="application/octet-stream", headers=headers))


async def answer_probe(request: Request) -> Response:
    """Say that this access point is there."""
    return _allow(request, Response(status_code=204, headers={"Cache-Control": "no-store"}))


async def answer_preflight(request: Request) -> Response:
    """Let our own pages PUT and GET here although they came from another origin."""
    answer = Response(status_code=204)
    answer.headers["Access-Control-Allow-Methods"] = "GET, PUT"
    answer.headers["Access-Control-Allow-Headers"] = "content-type"
    answer.headers["Access-Control-Max-Age"] = _PREFLIGHT_LASTS_S
    return _allow(request, answer)


async def _receive(request: Request) -> None:
    media, key = _local_of(request), request.path_params["key"]
    given = request.query_params
    size, expires = _number(given, "bytes"), _number(given, "expires")
    sha256, now = given.get("sha256", ""), ports_of(request).clock.now()
    try:
        media.check_put(key, size=size, sha256=sha256, expires=expires, code=given.get("code", ""), now=now)
    except AddressInvalidError as fault:
        raise AddressInvalid from fault
    announced = request.headers.get("content-length", "")
    if size > MAX_SEGMENT_BYTES or (announced.isdigit() and int(announced) > size):
        raise SegmentTooLarge
    try:
        await media.receive(key, _bounded(request, size), size=size, sha256=sha256)
    except HashMismatchError as fault:
        raise HashMismatch from fault
    except (NoRoom, OSError) as fault:
        log.exception("recording.upload.disk_fault", key=key)
        raise StoreUnavailable from fault


async def _bounded(request: Request, size: int) -> AsyncIterator[bytes]:
    seen = 0
    async for piece in request.stream():
        seen += len(piece)
        if seen > size:
            raise SegmentTooLarge
        yield piece


async def _send(request: Request) -> bytes:
    media, key, given = _local_of(request), request.path_params["key"], request.query_params
    try:
        expires = _number(given, "expires")
        media.check_get(key, expires=expires, code=given.get("code", ""), now=ports_of(request).clock.now())
        return await media.get(key)
    except AddressInvalidError as fault:
        raise AddressInvalid from fault
    except MediaMissingError as fault:
        raise SegmentMissing from fault


def _local_of(request: Request) -> LocalMedia:
    media = ports_of(request).media
    if not isinstance(media, LocalMedia):
        raise NotLocal
    return media


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise AddressInvalid
    return int(text)


def _allow(request: Request, answer: Response) -> Response:
    """Open the answer to our own pages. Without a configured origin to anybody: what is signed needs no cookie, and gives none."""
    answer.headers["Access-Control-Allow-Origin"] = ports_of(request).settings.http.origin or "*"
    answer.headers["Vary"] = "Origin"
    return answer


_SEGMENT = SEGMENTS_PATH + "{key:path}"
routes = (
    Route(_SEGMENT, put_segment, methods=["PUT"], name="recording.segment.put"),
    Route(_SEGMENT, get_segment, methods=["GET"], name="recording.segment.get"),
    Route(_SEGMENT, answer_preflight, methods=["OPTIONS"], name="recording.segment.preflight"),
    Route(PROBE_PATH, answer_probe, methods=["GET"], name="recording.access_point.probe"),
    Route(PROBE_PATH, answer_preflight, methods=["OPTIONS"], name="recording.access_point.preflight"),
)
