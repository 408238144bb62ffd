"""No request body larger than its route needs."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from invigil.kernel.refusals import Refusal
from invigil.platform.http.refusing import refusal_answer

log = structlog.get_logger()

# An answer sheet of 100 questions has ~1 kB; every form of ours fits.
DEFAULT_BYTES = 1 << 20
# 50,000 photographs of 30 kB in one archive are 1.5 GB: such archives are sent in parts of up to this size.
UPLOAD_BYTES = 256 << 20
UPLOAD_MARK = "/uploads"
# A segment of a recording, in local mode; its signed address says how long it is.
SEGMENT_BYTES = 4 << 20
SEGMENT_MARK = "/api/media/segments/"


class BodyTooLarge(Refusal):
    """The body is larger than the route takes."""

    code, status = "http.body_too_large", 413
    zh = "提交的内容超过 {limit_mb} MB，请分批提交。"
    en = "The body is larger than {limit_mb} MB."


class _Exceeded(Exception):  # noqa: N818 - never leaves this module
    pass


class BodyLimit:
    """Refuses bodies over 1 MB, over 256 MB on routes whose path contains `/uploads`, over 4 MB for a segment."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body stays within the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = _limit_of(scope["path"])
        declared = _declared_length(scope)
        if declared is None:
            await self._pass_counted(scope, receive, send, limit)
        elif declared > limit:
            await _refuse(scope, receive, send, limit)
        else:
            # The server never reads more of a body than its head declares.
            await self._app(scope, receive, send)

    async def _pass_counted(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        seen = 0
        is_answered = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _Exceeded
            return message

        async def watched(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _Exceeded:
            if is_answered:
                raise
            await _refuse(scope, receive, send, limit)


def _limit_of(path: str) -> int:
    if path.startswith(SEGMENT_MARK):
        return SEGMENT_BYTES
    return UPLOAD_BYTES if UPLOAD_MARK in path else DEFAULT_BYTES


async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
    log.info("platform.http.body_too_large", path=scope["path"])
    await refusal_answer(BodyTooLarge(limit_mb=limit >> 20))(scope, receive, send)


def _declared_length(scope: Scope) -> int | None:
    """Return the length that the head declares; None where it declares none, or the body comes in chunks."""
    length = None
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length" and value.isdigit():
            length = int(value)
    return length
