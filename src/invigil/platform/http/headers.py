"""Headers that keep pages from running anything that is not ours (P16)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMMON = (
    "default-src 'none'; script-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
    "font-src 'self' data:; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
# The candidate's page shows other people's text (questions): scripts cannot even be made from strings there.
CANDIDATE_POLICY = (
    _COMMON
    + "; style-src 'self'; require-trusted-types-for 'script'; trusted-types vue dompurify invigil 'allow-duplicates'"
)
# The staff console's component library writes inline styles.
CONSOLE_POLICY = _COMMON + "; style-src 'self' 'unsafe-inline'"


RawHeaders = tuple[tuple[bytes, bytes], ...]


def _raw(policy: str) -> RawHeaders:
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
        "permissions-policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
    }
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


# Made once: they go out with every answer.
_INTERFACE: RawHeaders = (*_raw(CANDIDATE_POLICY), (b"cache-control", b"no-store"))
_CONSOLE, _CANDIDATE = _raw(CONSOLE_POLICY), _raw(CANDIDATE_POLICY)


class SecurityHeaders:
    """Adds the policy of the page to every answer, and forbids caching of interface answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; headers are added as the answer leaves."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = _headers_of(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                names = {name for name, _ in given}
                message["headers"] = [*given, *(header for header in ours if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, with_headers)


def _headers_of(path: str) -> RawHeaders:
    if path.startswith("/api/"):
        return _INTERFACE
    return _CONSOLE if path.startswith("/console") else _CANDIDATE
