"""The phone's socket: its word and its picture come up, the server's clock and the attempt's state go down."""

import asyncio
from contextlib import suppress
from typing import NamedTuple

import msgspec
import structlog
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from invigil.kernel.refusals import Refusal
from invigil.platform.bus import Subscription
from invigil.platform.http import ports_of
from invigil.platform.ports import Ports
from invigil.sit.answering.api import (
    SILENT_AFTER,
    Attempt,
    AttemptState,
    Listener,
    PageEars,
    Replies,
    compute_deadline,
)
from invigil.sit.answering.api import protocol as page
from invigil.sit.checkin.model import PhoneState, PhoneStatus, PhoneTicket
from invigil.sit.checkin.model.refusals import PhoneReplaced, PhoneTicketInvalid
from invigil.sit.checkin.protocol import (
    PhoneClientMessage,
    PhoneStatusMessage,
    ReplacedMessage,
    decode_phone_message,
    encode_message,
    is_for_phone,
    phone_topic,
    read_replaced,
)
from invigil.sit.checkin.service.notifying import tell_page_about_phone
from invigil.sit.checkin.service.phones import Phones
from invigil.sit.checkin.service.tickets import access_by_phone, read_phone_ticket

log = structlog.get_logger()

HELLO_WITHIN_S = 10
# Three heartbeats of ten seconds may be missed before the socket is given up; the phone connects again by itself. The PC page is told
# when the first is missing.
SILENT_FOR_S = 35
CLOSE_REFUSED = 4401
CLOSE_BEHIND = 4408


class Line(NamedTuple):
    """One phone on the line. mark: tells its page from others, as the page ears give it."""

    ports: Ports
    ears: PageEars
    phones: Phones
    ticket: PhoneTicket
    attempt: Attempt
    mark: str


async def serve_phone(socket: WebSocket) -> None:
    """Serve one phone until it goes, is refused or replaced, or falls behind."""
    await socket.accept()
    ports = ports_of(socket)
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            ticket, attempt = await _welcome(ports, await _receive(socket))
    except Refusal as refusal:
        await socket.close(CLOSE_REFUSED, refusal.code)
        return
    except (TimeoutError, WebSocketDisconnect):
        with suppress(RuntimeError):
            await socket.close(CLOSE_REFUSED, "checkin.hello_missing")
        return
    ears: PageEars = socket.app.state.page_ears
    line = Line(ports, ears, socket.app.state.phones, ticket, attempt, await ears.welcome(attempt, "phone"))
    try:
        with ports.bus.subscribe(phone_topic(attempt.id), page.attempt_topic(attempt.id)) as subscription:
            subscription.offer(encode_message(_state_message(attempt, ports)))
            subscription.offer(encode_message(ears.stills_wanted(attempt)))
            await _converse(socket, line, subscription)
    finally:
        # However the connection ended: neither the PC page nor the wall may show a phone that has gone.
        await ears.miss(attempt, "phone", line.mark)
        if line.phones.leave(attempt.id, ticket.phone_epoch):
            await tell_page_about_phone(ports, line.phones, attempt.id)


async def _welcome(ports: Ports, first: bytes | str) -> tuple[PhoneTicket, Attempt]:
    try:
        message = decode_phone_message(first)
    except msgspec.DecodeError as fault:
        raise PhoneTicketInvalid from fault
    if not isinstance(message, page.HelloMessage):
        raise PhoneTicketInvalid
    ticket = read_phone_ticket(ports.keys, message.ticket)
    async with ports.db.reading() as tx:
        return ticket, await access_by_phone(tx, ticket)


async def _converse(socket: WebSocket, line: Line, subscription: Subscription) -> None:
    """Read and write at once; whichever ends first ends the other."""
    reading = asyncio.create_task(_read(socket, line, subscription))
    writing = asyncio.create_task(_write(socket, line.ticket, subscription))
    _done, pending = await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    ended = await asyncio.gather(reading, writing, return_exceptions=True)
    is_replaced = any(isinstance(fault, PhoneReplaced) for fault in ended)
    for fault in ended:
        if isinstance(fault, Exception) and not isinstance(fault, WebSocketDisconnect | TimeoutError | PhoneReplaced):
            log.error("checkin.socket.fault", attempt=line.attempt.id, exc_info=fault)
    if socket.application_state is WebSocketState.CONNECTED:
        code, why = (CLOSE_REFUSED, PhoneReplaced.code) if is_replaced else (1000, "")
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(CLOSE_BEHIND if subscription.is_cut_off else code, why)


async def _read(socket: WebSocket, line: Line, subscription: Subscription) -> None:
    replies = Replies(line.ears, Listener(line.attempt, "phone", line.mark), subscription)
    while True:
        frame = await _receive_in_time(socket, line)
        if isinstance(frame, bytes):
            await line.ears.hear_frame(line.attempt, "phone", line.mark, frame)
            continue
        try:
            message = line.ears.decode(frame, PhoneClientMessage)
        except msgspec.DecodeError:
            # A newer page may say more than we know; what matters travels by HTTP.
            log.info("checkin.socket.unknown_message", attempt=line.attempt.id)
            continue
        await replies.take(await _take_status(line, message) if isinstance(message, PhoneStatusMessage) else message)


async def _receive_in_time(socket: WebSocket, line: Line) -> bytes | str:
    """Return the next frame.

    Raises: TimeoutError - the phone is given up; WebSocketDisconnect.
    """
    first_s = SILENT_AFTER.total_seconds()
    try:
        async with asyncio.timeout(first_s):
            return await _receive(socket)
    except TimeoutError:
        await line.ears.note_silence(line.attempt, "phone", line.mark)
    async with asyncio.timeout(SILENT_FOR_S - first_s):
        return await _receive(socket)


async def _take_status(line: Line, message: PhoneStatusMessage) -> page.HeartbeatMessage:
    """Keep what the phone says of itself and return it as the heartbeat that the board reads."""
    now = line.ports.clock.now()
    state = PhoneState(message.state)
    status = PhoneStatus(state, message.battery, message.is_charging, now, line.ticket.phone_epoch)
    if line.phones.hear(line.attempt.id, status):
        await tell_page_about_phone(line.ports, line.phones, line.attempt.id)
    percent = None if message.battery is None else round(min(1.0, max(0.0, message.battery)) * 100)
    return page.HeartbeatMessage(0, pending=False, battery_percent=percent, is_charging=message.is_charging)


async def _receive(socket: WebSocket) -> bytes | str:
    """Return the next frame.

    Raises: WebSocketDisconnect.
    """
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    text: str | None = message.get("text")
    return message.get("bytes") or b"" if text is None else text


async def _write(socket: WebSocket, ticket: PhoneTicket, subscription: Subscription) -> None:
    """Send what is meant for phones.

    Raises: PhoneReplaced - a later claim counts now.
    """
    while (message := await subscription.messages.get()) is not None:
        if not is_for_phone(message):
            continue
        replaced = read_replaced(message)
        if replaced is not None and replaced.phone_epoch <= ticket.phone_epoch:
            continue  # the news of our own claim
        await socket.send_text(message.decode())
        if isinstance(replaced, ReplacedMessage):
            raise PhoneReplaced


def _state_message(attempt: Attempt, ports: Ports) -> page.StateMessage:
    is_paused = attempt.state is AttemptState.PAUSED
    deadline = None if is_paused else compute_deadline(attempt, ports.clock.now()).isoformat()
    return page.StateMessage(attempt.state, deadline, is_paused)


routes = (WebSocketRoute("/api/phone/socket", serve_phone, name="checkin.phone.socket"),)
