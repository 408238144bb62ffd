"""The staff socket: one login, several topics, each with its own access rule; snapshots, events and stills come down."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
import structlog
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from invigil.base.accounts.api import ForgedRequest, LoginRevoked, is_open_login
from invigil.kernel.principals import Principal
from invigil.kernel.refusals import Refusal
from invigil.platform.bus import Subscription
from invigil.platform.http import Ports, ports_of
from invigil.platform.http.gate import gate_of
from invigil.watch.board.live import LiveBoards, StillsDesk
from invigil.watch.board.protocol import (
    RefusedMessage,
    StaffClientMessage,
    StaffTimeMessage,
    UnwatchMessage,
    WantStillsMessage,
    WatchMessage,
    decode_staff_message,
    encode_message,
)
from invigil.watch.board.topics import TOPIC_PANEL, TOPIC_PATROL, TOPIC_ROOM, check_may_follow
from invigil.watch.proctoring.api import RoomStaffChanged

log = structlog.get_logger()
# Three heartbeats of ten seconds.
SILENT_FOR_S = 35
# A login that ran out is found by this; one that is revoked is told at once.
CHECK_LOGIN_EVERY_S = 60
# A page follows its room, a patrol and a panel or two.
MAX_TOPICS = 40
CLOSE_NOT_ADMITTED = 4401
CLOSE_BEHIND = 4408


@dataclass(eq=False)
class Console:
    """One open staff page."""

    socket: WebSocket
    who: Principal
    reader: Subscription
    topics: set[str] = field(default_factory=set)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


class StaffDesk:
    """The open staff pages of this process: whoever loses a login or a room loses what they were shown by it (P7, P8)."""

    def __init__(self, ports: Ports, boards: LiveBoards, stills: StillsDesk) -> None:
        self.ports = ports
        self.boards = boards
        self.stills = stills
        self._open: set[Console] = set()
        ports.hub.subscribe(LoginRevoked, self._end_login)
        ports.hub.subscribe(RoomStaffChanged, self._check_again)

    async def take(self, console: Console) -> None:
        """Count a page in."""
        self._open.add(console)

    async def let_go(self, console: Console) -> None:
        """Count a page out."""
        self._open.discard(console)
        for topic in tuple(console.topics):
            await self.unfollow(console, topic)

    async def follow(self, console: Console, message: WatchMessage) -> None:
        """Let a page follow a topic, or say why not. A page that watches again, watches anew."""
        await self.unfollow(console, message.topic)
        try:
            if len(console.topics) >= MAX_TOPICS:
                return
            async with self.ports.db.reading() as tx:
                kind, identifier = await check_may_follow(tx, console.who, message.topic)
            console.topics.add(message.topic)
            if kind is TOPIC_ROOM:
                await self.boards.follow_room(console.reader, identifier, message.since)
                await self.boards.watch_begins(identifier, console.who.id)
            elif kind is TOPIC_PANEL:
                await self.boards.follow_panel(console.reader, identifier, message.since)
            elif kind is TOPIC_PATROL:
                await self.boards.follow_patrol(console.reader, identifier, message.since)
        except Refusal as refusal:
            console.topics.discard(message.topic)
            self._refuse(console, message.topic, refusal)

    async def unfollow(self, console: Console, topic: str) -> None:
        """Let a page follow a topic no longer."""
        if topic not in console.topics:
            return
        console.topics.discard(topic)
        console.reader.leave(topic)
        room_id = TOPIC_ROOM.read(topic)
        if room_id is not None:
            await self.stills.leave(console.reader)
            await self.boards.watch_ends(room_id, console.who.id)

    async def want_stills(self, console: Console, message: WantStillsMessage) -> None:
        """Send stills of a room the page follows; of no other."""
        if TOPIC_ROOM.of(message.room_id) in console.topics:
            await self.stills.want(console.reader, message)

    async def _end_login(self, news: LoginRevoked) -> None:
        for console in self._open:
            if console.who.login_id == news.login_id:
                console.is_over.set()

    async def _check_again(self, _news: RoomStaffChanged) -> None:
        for console in tuple(self._open):
            for topic in tuple(console.topics):
                try:
                    async with self.ports.db.reading() as tx:
                        await check_may_follow(tx, console.who, topic)
                except Refusal as refusal:
                    await self.unfollow(console, topic)
                    self._refuse(console, topic, refusal)

    @staticmethod
    def _refuse(console: Console, topic: str, refusal: Refusal) -> None:
        message = RefusedMessage(topic, refusal.code, refusal.message_zh, refusal.message_en)
        console.reader.offer(encode_message(message))


async def serve_staff(socket: WebSocket) -> None:
    """Serve one staff page until it goes, its login ends, or it falls behind."""
    ports = ports_of(socket)
    desk: StaffDesk = socket.app.state.staff_desk
    try:
        # A browser always names the origin of a socket; a page of another site would bring the cookie along.
        if "origin" not in socket.headers:
            raise ForgedRequest
        async with ports.db.reading() as tx:
            who = await gate_of(socket).admit(tx, socket, "board.socket")
    except Refusal as refusal:
        await socket.accept()
        await socket.close(CLOSE_NOT_ADMITTED, refusal.code)
        return
    await socket.accept()
    with ports.bus.subscribe() as reader:
        console = Console(socket, who, reader)
        await desk.take(console)
        try:
            await _converse(desk, console)
        finally:
            await desk.let_go(console)


async def _converse(desk: StaffDesk, console: Console) -> None:
    work = [
        asyncio.create_task(_read(desk, console)),
        asyncio.create_task(_write(console)),
        asyncio.create_task(_watch_login(desk.ports, console)),
    ]
    await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
    for task in work:
        task.cancel()
    for fault in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(fault, Exception) and not isinstance(fault, WebSocketDisconnect | TimeoutError):
            log.error("board.socket.fault", staff=console.who.id, exc_info=fault)
    if console.socket.application_state is WebSocketState.CONNECTED:
        code, reason = (
            (CLOSE_NOT_ADMITTED, "accounts.not_logged_in")
            if console.is_over.is_set()
            else (CLOSE_BEHIND, "board.behind")
            if console.reader.is_cut_off
            else (1000, "")
        )
        with suppress(RuntimeError, WebSocketDisconnect):
            await console.socket.close(code, reason)


async def _read(desk: StaffDesk, console: Console) -> None:
    while True:
        async with asyncio.timeout(SILENT_FOR_S):
            received = await console.socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received["code"])
        try:
            message: StaffClientMessage = decode_staff_message(received.get("text") or "")
        except msgspec.DecodeError:
            log.info("board.socket.unknown_message", staff=console.who.id)
            continue
        match message:
            case WatchMessage():
                await desk.follow(console, message)
            case UnwatchMessage(topic):
                await desk.unfollow(console, topic)
            case WantStillsMessage():
                await desk.want_stills(console, message)
            case _:
                console.reader.offer(encode_message(StaffTimeMessage(desk.ports.clock.now().isoformat())))


async def _write(console: Console) -> None:
    while (message := await console.reader.messages.get()) is not None:
        if message[:1] == b"{":
            await console.socket.send_text(message.decode())
        else:
            await console.socket.send_bytes(message)


async def _watch_login(ports: Ports, console: Console) -> None:
    """Return when the login has ended."""
    while not console.is_over.is_set():
        try:
            async with asyncio.timeout(CHECK_LOGIN_EVERY_S):
                await console.is_over.wait()
        except TimeoutError:
            async with ports.db.reading() as tx:
                if not await is_open_login(tx, console.who.login_id):
                    console.is_over.set()


routes = (WebSocketRoute("/api/staff/socket", serve_staff, name="board.socket"),)
