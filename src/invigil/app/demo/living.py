"""A room that lives: simulated candidates of the open sitting hold their sockets, so that the wall shows them at once."""

import asyncio
import random
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from invigil.app.demo.candidates import DEVICE, SimulatedCandidate, enter
from invigil.app.demo.pictures import draw_camera, draw_phone, draw_screen
from invigil.app.demo.running import Demo
from invigil.platform.entropy import new_id
from invigil.sit.answering.api import TRACKS, Device, TrackName, protocol
from invigil.sit.checkin.protocol import PhoneStatusMessage, encode_message

HEARTBEAT_S = 10.0
# As long as nobody looks, and at most this often when somebody does.
STILLS_S, LEAST_STILLS_S = 10.0, 1.0
ANSWER_S = 20.0
CONNECT_AGAIN_S = 3.0
STILL_VERSION = 1
_DRAW = {"screen": draw_screen, "camera": draw_camera, "phone": draw_phone}
_TRACKS: dict[Device, tuple[TrackName, ...]] = {"pc": ("screen", "camera"), "phone": ("phone",)}


@dataclass
class SimulatedDevice:
    """One device of a simulated candidate at its socket. number: which candidate, from 0."""

    number: int
    device: Device
    path: str
    ticket: str
    since_ms: int

    def hello(self) -> bytes:
        """Return the first message."""
        return protocol.encode_message(protocol.HelloMessage(self.ticket))

    def beat(self, seq: int, answered: int) -> Iterator[bytes]:
        """Yield a sign of life and how the tracks stand."""
        battery = max(20, 96 - self.number)
        if self.device == "pc":
            item = f"i{seq % 40 + 1}"
            yield protocol.encode_message(
                protocol.HeartbeatMessage(
                    seq, pending=False, item=item, answered=answered, rtt_ms=18 + self.number, battery_percent=battery
                )
            )
        else:
            yield encode_message(PhoneStatusMessage("recording", battery / 100, is_charging=True))
        tracks = [protocol.TrackReport(track, "live", "", "", 0, 0, self.since_ms) for track in _TRACKS[self.device]]
        yield protocol.encode_message(protocol.TracksMessage(tracks))

    def incident(self) -> Iterator[bytes]:
        """Yield what a proctor should notice: one candidate leaves the page, another raises a hand."""
        if self.device == "pc" and self.number == 2:
            yield protocol.encode_message(protocol.SignalMessage("screen_left", now_ms(), "演示：切换到其他窗口", "i3"))
        if self.device == "pc" and self.number == 5:
            yield protocol.encode_message(protocol.RaiseHandMessage(new_id("call"), is_raised=True))

    def stills(self, wanted: list[TrackName], step: int) -> Iterator[bytes]:
        """Yield a still of every wanted track of this device."""
        for track in _TRACKS[self.device]:
            if track in wanted:
                head = bytes((STILL_VERSION, TRACKS.index(track))) + now_ms().to_bytes(8)
                yield head + _DRAW[track](self.number, step)


def now_ms() -> int:
    """Return the time in ms since 1970; the demonstration runs on the server's own machine."""
    return time.time_ns() // 1_000_000


def live(show: Demo, sitting_id: str, tickets: list[str]) -> None:
    """Let these candidates enter the sitting and stay there with two devices each until the process ends."""
    asyncio.run(_live(show, sitting_id, tickets))


async def _live(show: Demo, sitting_id: str, tickets: list[str]) -> None:
    async with asyncio.TaskGroup() as room:
        for number, ticket in enumerate(tickets):
            candidate = await asyncio.to_thread(enter, show.browser(), ticket, sitting_id)
            room.create_task(_answer(candidate, number))
            for device in _devices(candidate, number):
                room.create_task(_hold(show, device, candidate))


def _devices(candidate: SimulatedCandidate, number: int) -> Iterator[SimulatedDevice]:
    headers = {"Invigil-Ticket": candidate.entry["ticket"]}
    yield SimulatedDevice(number, "pc", "/api/sit/socket", candidate.entry["ticket"], now_ms())
    token = candidate.browser.post("/api/checkin/pair", headers=headers)["token"]
    claim = {
        "token": token,
        "device": {"device_id": f"demonstration-phone-{number:04}", "user_agent": DEVICE["user_agent"]},
    }
    phone = candidate.browser.post("/api/phone/claim", claim)
    yield SimulatedDevice(number, "phone", "/api/phone/socket", phone["ticket"], now_ms())


async def _answer(candidate: SimulatedCandidate, number: int) -> None:
    source, share = random.Random(number), 0.05  # noqa: S311 - a demonstration, the same every time
    while True:
        await asyncio.to_thread(candidate.answer_some, source, share)
        share = min(0.95, share + 0.05)
        await asyncio.sleep(ANSWER_S)


async def _hold(show: Demo, device: SimulatedDevice, candidate: SimulatedCandidate) -> None:
    trusted = ssl.create_default_context(cafile=str(show.settings.data_folder / "tls" / "certificate.pem"))
    url, is_first = show.origin.replace("https", "wss") + device.path, True
    while True:
        try:
            async with connect(url, ssl=trusted, origin=show.origin) as socket:  # type: ignore[arg-type]
                await _converse(socket, device, candidate, tells_incident=is_first)
        except (OSError, WebSocketException):
            pass
        is_first = False
        await asyncio.sleep(CONNECT_AGAIN_S)


async def _converse(
    socket: ClientConnection, device: SimulatedDevice, candidate: SimulatedCandidate, *, tells_incident: bool
) -> None:
    await socket.send(device.hello().decode())
    wanted = protocol.StillsMessage(list(TRACKS), int(STILLS_S * 1000))
    hearing = asyncio.create_task(_hear(socket, wanted))
    beat_at = still_at = step = 0.0
    try:
        while not hearing.done():
            now = time.monotonic()
            if now >= beat_at:
                for message in device.beat(candidate.seq, min(len(candidate.items), candidate.seq * 2)):
                    await socket.send(message.decode())
                if beat_at == 0 and tells_incident:
                    for message in device.incident():
                        await socket.send(message.decode())
                beat_at = now + HEARTBEAT_S
            if now >= still_at:
                for frame in device.stills(wanted.tracks, int(step)):
                    await socket.send(frame)
                step, still_at = step + 1, now + max(LEAST_STILLS_S, wanted.interval_ms / 1000)
            await asyncio.wait({hearing}, timeout=0.5)
    finally:
        hearing.cancel()


async def _hear(socket: ClientConnection, wanted: protocol.StillsMessage) -> None:
    """Note which stills the server wants; the rest is for people."""
    async for frame in socket:
        message = msgspec.json.decode(frame)
        if message.get("type") == "stills":
            wanted.tracks, wanted.interval_ms = message["tracks"], message["interval_ms"]
