"""The server process of a measurement: the real application over plain HTTP on loopback, with routes beside it that do nothing."""

import os
import sys

import uvicorn
import uvloop
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from invigil.app.composition import opened_ports
from invigil.app.serving import tune_interpreter
from invigil.app.web import create_app
from invigil.platform.settings import Settings

NOOP_PATH = "/api/bench/noop"
BARE_SOCKET_PATH = "/api/bench/socket"
_ANSWER = b'{"ok":true}'


async def _noop(request: Request) -> Response:
    await request.body()
    return Response(_ANSWER, media_type="application/json")


async def _hold(socket: WebSocket) -> None:
    await socket.accept()
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _serve(port: int) -> None:
    async with opened_ports(Settings()) as ports:
        app = create_app(ports)
        tune_interpreter()
        app.router.routes.insert(1, Route(NOOP_PATH, _noop, methods=["POST"]))
        app.router.routes.insert(1, WebSocketRoute(BARE_SOCKET_PATH, _hold))
        config = uvicorn.Config(
            app, port=port, ws="websockets-sansio", http="httptools", log_level="error", access_log=False
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    os.setpgrp()
    uvloop.run(_serve(int(sys.argv[1])))
