"""Routers of the management API: the gate first, then one transaction, then the answer."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from invigil.platform.http.gate import gate_of, ports_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

# For a GET that writes an audit record: `openapi_extra=RECORDED` gives it a writing transaction.
RECORDED = {"x-recorded": True}


class _ManagementRoute(APIRoute):
    """Admits, opens the transaction, answers after the commit: an answer of success means durable."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        name = self.name
        is_reading = (self.methods or set()) <= {"GET", "HEAD"} and not (self.openapi_extra or {}).get("x-recorded")

        async def run(request: Request) -> Response:
            db = ports_of(request).db
            async with db.reading() if is_reading else db.transaction() as tx:
                request.state.tx = tx
                request.state.who = await gate_of(request).admit(tx, request, name)
                return await handle(request)

        return run


class _SelfCommittingRoute(APIRoute):
    """Admits in a short reading transaction; the endpoint opens its own, e.g. to keep a failed login's count."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        name = self.name

        async def run(request: Request) -> Response:
            async with ports_of(request).db.reading() as tx:
                request.state.who = await gate_of(request).admit(tx, request, name)
            return await handle(request)

        return run


class ManagementRouter(APIRouter):
    """Routes whose `name` stands in the policy table; GET reads, everything else writes in one transaction."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - passed on to FastAPI as they are
        super().__init__(route_class=_ManagementRoute, **options)


class SelfCommittingRouter(APIRouter):
    """Routes that pass the gate and then commit by themselves (uploads, logins, long streams)."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - passed on to FastAPI as they are
        super().__init__(route_class=_SelfCommittingRoute, **options)
