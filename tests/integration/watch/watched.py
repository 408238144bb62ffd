"""A room that is being sat, its proctor, the second person, and the candidate's open page."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from httpx_ws import aconnect_ws
from httpx_ws.transport import ASGIWebSocketTransport
from sqlalchemy import event

from invigil.kernel.principals import Role
from tests.integration.sit.test_entering import Hall, open_hall
from tests.world import ORIGIN, Person, World

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))


@dataclass
class Counted:
    """What was sent to the database."""

    statements: list[str] = field(default_factory=list)


@contextmanager
def counting(world: World) -> Iterator[Counted]:
    """Count what is sent to the database meanwhile."""
    counted = Counted()

    def note(*args: Any) -> None:
        counted.statements.append(args[2])

    engine = world.ports.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass
class Page:
    """An open socket, and everything it was told."""

    socket: Any
    told: list[dict[str, Any]] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)

    async def say(self, **message: Any) -> None:
        await self.socket.send_json(message)

    async def hear(self, type_: str, **expected: Any) -> dict[str, Any]:
        """Return the next message of this type that says what is expected; what comes before is kept in `told`."""
        while True:
            async with asyncio.timeout(20):
                event = await self.socket.receive()
            if isinstance(event.data, bytes | bytearray):
                self.frames.append(bytes(event.data))
                continue
            message = json.loads(event.data)
            self.told.append(message)
            if message["type"] == type_ and all(message.get(name) == value for name, value in expected.items()):
                return message

    async def hear_any(self, *types: str) -> dict[str, Any]:
        """Return the next message of one of these types."""
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.receive_text(), 20))
            self.told.append(message)
            if message["type"] in types:
                return dict(message)

    async def hear_put(self, kind: str) -> dict[str, Any]:
        """Return the next event of this kind."""
        while True:
            event = (await self.hear("event"))["event"]
            if event["kind"] == kind:
                return dict(event)

    async def hear_seat(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the next seat that is as asked for."""
        while True:
            seat = (await self.hear_put("seat"))["seat"]
            if is_it(seat):
                return dict(seat)

    async def hear_room(self, is_it: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Return the next glance at a room that is as asked for."""
        while True:
            room = (await self.hear_put("room_glance"))["room"]
            if is_it(room):
                return dict(room)

    async def hear_frame(self) -> bytes:
        while not self.frames:
            async with asyncio.timeout(20):
                event = await self.socket.receive()
            if isinstance(event.data, bytes | bytearray):
                self.frames.append(bytes(event.data))
        return self.frames.pop(0)


@asynccontextmanager
async def open_socket(world: World, path: str, headers: dict[str, str] | None = None) -> AsyncIterator[Page]:
    """Open a socket of the application in process."""
    app = world.client._transport.app  # type: ignore[attr-defined]
    async with AsyncExitStack() as stack:
        transport = ASGIWebSocketTransport(app)
        client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
        socket = await stack.enter_async_context(aconnect_ws(f"{ORIGIN}{path}", client, headers=headers or {}))
        yield Page(socket)


@dataclass
class Watched:
    """Everything about the room."""

    world: World
    hall: Hall
    room_id: str
    entry: dict[str, Any]
    proctor: Person
    patrol: Person

    @property
    def attempt_id(self) -> str:
        return str(self.entry["attempt_id"])

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Page]:
        """The candidate's page, after its hello."""
        async with open_socket(self.world, "/api/sit/socket") as page:
            await page.say(type="hello", ticket=self.entry["ticket"])
            await page.hear("stills")
            yield page

    @asynccontextmanager
    async def console(self, who: Person | None = None, **headers: str) -> AsyncIterator[Page]:
        """A staff socket."""
        given = {"origin": ORIGIN, "cookie": (who or self.proctor).headers.get("cookie", "")} | headers
        async with open_socket(self.world, "/api/staff/socket", given) as page:
            yield page

    async def order(self, kind: str, who: Person | None = None, **form: Any) -> httpx.Response:
        body = {
            "command_id": f"order-{kind}-1",
            "room_id": self.room_id,
            "attempt_ids": [self.attempt_id],
            "kind": kind,
        }
        return await (who or self.proctor).post("/api/proctoring/commands", json=body | form)


async def open_watched(world: World) -> Watched:
    """Open the sitting, assign the proctor and let the candidate enter; ten minutes after T0."""
    hall = await open_hall(world)
    proctor = await hall.proctor(name="李监考")
    (room,) = await hall.desk.rooms({"id": hall.sitting_id})
    world.clock.advance(timedelta(minutes=20))
    entry = (await hall.enter()).json()
    return Watched(world, hall, room["id"], entry, proctor, await world.staff(Role.PATROL, name="王巡考"))
