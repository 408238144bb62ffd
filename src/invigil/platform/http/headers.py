"""Headers that keep pages from running anything that is not ours (P16)."""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMMON = (
    "default-src 'none'; script-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'{connect}; "
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


# Made once: hot routes send them with every answer. What they answer is no page, and connects to nothing.
INTERFACE_HEADERS: RawHeaders = (*_raw(CANDIDATE_POLICY.format(connect="")), (b"cache-control", b"no-store"))


class SecurityHeaders:
    """Adds the policy of the page to every answer, and forbids caching of interface answers.

    connect: origins beside our own that pages may send to and fetch from: the access points of recordings. Empty ones are ours.
    """

    def __init__(self, app: ASGIApp, connect: Iterable[str] = ()) -> None:
        self._app = app
        # Made once: they go out with every answer.
        origins = "".join(f" {origin}" for origin in connect if origin)
        self._console = _raw(CONSOLE_POLICY.format(connect=origins))
        self._candidate = _raw(CANDIDATE_POLICY.format(connect=origins))
        self._interface = (*self._candidate, (b"cache-control", b"no-store"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; headers are added as the answer leaves."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = self._headers_of(scope["path"])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                names = {name for name, _ in given}
                message["headers"] = [*given, *(header for header in ours if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, with_headers)

    def _headers_of(self, path: str) -> RawHeaders:
        if path.startswith("/api/"):
            return self._interface
        return self._console if path.startswith("/console") else self._candidate
