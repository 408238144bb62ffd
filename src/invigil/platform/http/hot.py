"""The short way for the few routes that 50,000 pages use at once: from the server straight to the endpoint.

A request on the usual way passes a dozen layers (routing, parsing, form and exit stacks), each of which stays in memory while
the answer waits for its group commit: that cost as much as saving itself. A hot route has a fixed path, a small body and an
answer in JSON; `HotDoor` stands before all layers, finds it in a table, and nothing else is between it and the server.
"""

from collections.abc import Awaitable, Callable, Iterable

import msgspec
from fastapi import FastAPI
from starlette.datastructures import State
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from invigil.kernel.refusals import Refusal
from invigil.platform.http.body_limit import DEFAULT_BYTES, BodyTooLarge
from invigil.platform.http.headers import INTERFACE_HEADERS
from invigil.platform.http.refusing import fault_answer, refusal_answer


class HotCall(msgspec.Struct, frozen=True, gc=False):
    """What a hot endpoint gets. state: of the application. headers: as they came, names in lower case."""

    state: State
    headers: Iterable[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> str:
        """Return a header, empty when it is missing. name: in lower case."""
        for given, value in self.headers:
            if given == name:
                return value.decode("latin-1")
        return ""


# Returns the JSON of a 200 answer; raises refusals.
HotEndpoint = Callable[[HotCall], Awaitable[bytes]]


class HotRoute(Route):
    """A POST with a fixed path and a small body. It stands among the other routes, and also works without the door."""

    def __init__(self, path: str, endpoint: HotEndpoint, *, name: str) -> None:
        self.answer = _HotAnswer(endpoint)
        super().__init__(path, self.answer, methods=["POST"], name=name)


class _HotAnswer:
    """The endpoint as a plain ASGI application."""

    def __init__(self, endpoint: HotEndpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _read_body(receive)
            if body is None:
                return  # the page has gone; what it said is not whole
            content = await self._endpoint(HotCall(scope["app"].state, scope["headers"], body))
        except Refusal as refusal:
            await refusal_answer(refusal, INTERFACE_HEADERS)(scope, receive, send)
            return
        except Exception as fault:  # noqa: BLE001 - logged and answered as every fault is
            await fault_answer(scope["path"], fault, INTERFACE_HEADERS)(scope, receive, send)
            return
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(content)),
            *INTERFACE_HEADERS,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


class HotDoor:
    """Lets hot routes pass the shortest way, and everything else on."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._answers = {route.path: route.answer for route in routes if isinstance(route, HotRoute)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        answer = self._answers.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        await (answer or self._app)(scope, receive, send)


class HotApplication(FastAPI):
    """FastAPI whose hot routes are found before any middleware."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the layers with the door before them."""
        return HotDoor(super().build_middleware_stack(), self.router.routes)


async def _read_body(receive: Receive) -> bytes | None:
    """Return the whole body; None when the page went away before it had come.

    Raises: BodyTooLarge.
    """
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > DEFAULT_BYTES:
            raise BodyTooLarge(limit_mb=DEFAULT_BYTES >> 20)
        if not message.get("more_body", False):
            return body
