"""Headers that keep pages from running anything that is not ours (P16)."""

from starlette.datastructures import MutableHeaders
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


class SecurityHeaders:
    """Adds the policy of the page to every answer, and forbids caching of interface answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; headers are added as the answer leaves."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), path)
            await send(message)

        await self._app(scope, receive, with_headers)


def _add(headers: MutableHeaders, path: str) -> None:
    headers.setdefault("Content-Security-Policy", CONSOLE_POLICY if path.startswith("/console") else CANDIDATE_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()")
    if path.startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")
