"""The candidate page's socket: the server's clock, commands and changes of time reach the page within two seconds."""

import asyncio
from contextlib import suppress

import msgspec
import structlog
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from invigil.kernel.refusals import Refusal
from invigil.platform.bus import Subscription
from invigil.platform.http import ports_of
from invigil.platform.ports import Ports
from invigil.sit.answering.model import Attempt, AttemptState
from invigil.sit.answering.model.refusals import SeatRevoked, TicketInvalid
from invigil.sit.answering.protocol import (
    Device,
    HelloMessage,
    StateMessage,
    attempt_topic,
    decode_client_message,
    encode_message,
)
from invigil.sit.answering.rules import compute_deadline
from invigil.sit.answering.service.gathering import AttemptReader
from invigil.sit.answering.service.hearing import PageEars
from invigil.sit.answering.service.replying import Listener, Replies
from invigil.sit.answering.service.tickets import read_ticket

log = structlog.get_logger()

HELLO_WITHIN_S = 10
# Three heartbeats of ten seconds may be missed before the socket is given up; the page connects again by itself.
# The board shows 断线 long before.
SILENT_FOR_S = 35
# Application close codes (4000–4999).
CLOSE_REFUSED = 4401
CLOSE_BEHIND = 4408


async def serve_page(socket: WebSocket) -> None:
    """Serve one page until it goes, is refused, or falls behind."""
    await socket.accept()
    ports = ports_of(socket)
    try:
        async with asyncio.timeout(HELLO_WITHIN_S):
            first = await _receive(socket)
            attempt = await _welcome(ports, socket.app.state.attempt_reader, first if isinstance(first, str) else "")
    except Refusal as refusal:
        await socket.close(CLOSE_REFUSED, refusal.code)
        return
    except (TimeoutError, WebSocketDisconnect):
        with suppress(RuntimeError):
            await socket.close(CLOSE_REFUSED, "answering.hello_missing")
        return
    with ports.bus.subscribe(attempt_topic(attempt.id)) as subscription:
        await _send(socket, state_message(attempt, ports))
        await converse(socket, attempt, "pc", subscription)


async def _welcome(ports: Ports, reader: AttemptReader, first: str) -> Attempt:
    try:
        message = decode_client_message(first)
    except msgspec.DecodeError as fault:
        raise TicketInvalid from fault
    if not isinstance(message, HelloMessage):
        raise TicketInvalid
    ticket = read_ticket(ports.keys, message.ticket)
    attempt = await reader.read(ticket.attempt_id)
    if attempt is None:
        raise TicketInvalid
    if attempt.seat_epoch != ticket.seat_epoch:
        raise SeatRevoked
    return attempt


async def converse(socket: WebSocket, attempt: Attempt, device: Device, subscription: Subscription) -> None:
    """Hear a device and send it what is published, until either ends; the phone's socket does the same.

    subscription: of the topics that the device reads; what is said to it goes in there too, so that the order holds.
    """
    ears: PageEars = socket.app.state.page_ears
    mark = await ears.welcome(attempt, device)
    subscription.offer(encode_message(ears.stills_wanted(attempt)))
    replies = Replies(ears, Listener(attempt, device, mark), subscription)
    reading = asyncio.create_task(_read(socket, ears, Listener(attempt, device, mark), replies))
    writing = asyncio.create_task(_write(socket, subscription))
    _done, pending = await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    ended = await asyncio.gather(reading, writing, return_exceptions=True)
    await ears.miss(attempt, device, mark)
    for fault in ended:
        if isinstance(fault, Exception) and not isinstance(fault, WebSocketDisconnect | TimeoutError):
            log.error("answering.socket.fault", attempt=attempt.id, device=device, exc_info=fault)
    if socket.application_state is WebSocketState.CONNECTED:
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(CLOSE_BEHIND if subscription.is_cut_off else 1000)


async def _read(socket: WebSocket, ears: PageEars, who: Listener, replies: Replies) -> None:
    while True:
        async with asyncio.timeout(SILENT_FOR_S):
            said = await _receive(socket)
        if isinstance(said, bytes):
            await ears.hear_frame(who.attempt, who.device, who.mark, said)
            continue
        try:
            message = ears.decode(said)
        except msgspec.DecodeError:
            # A newer page may say more than we know; what matters travels by HTTP.
            log.info("answering.socket.unknown_message", attempt=who.attempt.id)
            continue
        await replies.take(message)


async def _receive(socket: WebSocket) -> str | bytes:
    """Return the next text or frame of bytes.

    Raises: WebSocketDisconnect.
    """
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    text: str | None = message.get("text")
    return message.get("bytes") or b"" if text is None else text


async def _write(socket: WebSocket, subscription: Subscription) -> None:
    while (message := await subscription.messages.get()) is not None:
        await socket.send_text(message.decode())


async def _send(socket: WebSocket, message: StateMessage) -> None:
    await socket.send_text(encode_message(message).decode())


def state_message(attempt: Attempt, ports: Ports) -> StateMessage:
    """Return how the attempt stands now."""
    is_paused = attempt.state is AttemptState.PAUSED
    deadline = None if is_paused else compute_deadline(attempt, ports.clock.now()).isoformat()
    return StateMessage(attempt.state, deadline, is_paused)


routes = (WebSocketRoute("/api/sit/socket", serve_page, name="answering.socket"),)
