"""What pages and phones say over their sockets: presence is kept here, everything else goes to whoever asked for it.

Both sockets (the PC page's and the phone's) hear through the same ears, so that a message means the same from both.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar, Union, cast, get_args

import msgspec

from invigil.kernel.refusals import Refusal
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.platform.presence import Presence
from invigil.sit.answering.model import Attempt
from invigil.sit.answering.model.events import PageArrived, PageChanged, StillCame
from invigil.sit.answering.model.pages import DeviceState, Still
from invigil.sit.answering.protocol import (
    TRACKS,
    ClientMessage,
    Device,
    HeartbeatMessage,
    StillsMessage,
    TimeMessage,
    TrackName,
    TracksMessage,
    attempt_topic,
    encode_message,
)
from invigil.sit.answering.rules import read_still_frame

M = TypeVar("M", bound=msgspec.Struct)
Reply = msgspec.Struct | None
Handler = Callable[[Attempt, Device, Any], Awaitable[Reply]]

# Nobody watches: a still now and then, so that a wall that opens has something to show.
IDLE_INTERVAL_MS = 10_000
# A page that sends more than it was asked for is not believed to be honest, but is only ignored.
SHORTEST_BETWEEN_STILLS = timedelta(milliseconds=400)
# A lag is told in these steps: a board that flickers is read by nobody.
LAG_STEP_MS = 5_000

_encode = msgspec.json.Encoder().encode
_decode_device = msgspec.json.Decoder(DeviceState).decode
_decode_wanted = msgspec.json.Decoder(StillsMessage).decode


class PageEars:
    """Hears pages; other features say which messages they want (`on`), in the composition of the application."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._handlers: dict[type[msgspec.Struct], Handler] = {}
        self._slow: set[type[msgspec.Struct]] = set()
        self._decoders: dict[object, msgspec.json.Decoder[Any]] = {}

    def on(
        self, kind: type[M], handler: Callable[[Attempt, Device, M], Awaitable[Reply]], *, takes_time: bool = False
    ) -> None:
        """Let the handler have every message of this kind; what it returns is sent back to the page.

        A refusal it raises means: the message says nothing usable. One handler for a kind. A kind that the sockets' own protocols
        do not declare is understood from now on. takes_time: another machine is asked; what the page says next does not wait.
        """
        if kind in self._handlers:
            raise ValueError(f"{kind.__name__} is heard already")
        self._handlers[kind] = cast("Handler", handler)
        self._decoders.clear()
        if takes_time:
            self._slow.add(kind)

    def decode(self, said: bytes | str, protocol: Any = ClientMessage) -> msgspec.Struct:  # noqa: ANN401 - a union of structs
        """Return the message in a text frame. protocol: union of the messages that the socket declares itself.

        Raises: msgspec.DecodeError - not a message that anybody here hears, or out of bounds.
        """
        decoder = self._decoders.get(protocol)
        if decoder is None:
            foreign = [kind for kind in self._handlers if kind not in get_args(ClientMessage)]
            decoder = msgspec.json.Decoder(Union[(protocol, *foreign)])
            self._decoders[protocol] = decoder
        found: msgspec.Struct = decoder.decode(said)
        return found

    def takes_time(self, message: msgspec.Struct) -> bool:
        """Tell whether the answer to this message may take long."""
        return type(message) in self._slow

    async def welcome(self, attempt: Attempt, device: Device) -> str:
        """Note that a page stands, and return the mark by which it is told from later ones of the same device."""
        mark = new_id("page")
        now = self._ports.clock.now()
        _see(self._ports.presence, attempt, device, now)
        self._ports.presence.keep(_place(attempt.id, device), "mark", mark.encode())
        # Another page begins anew: what the one before told of its tracks does not hold.
        self._keep(attempt, device, DeviceState(is_connected=True))
        await self._tell_changed(attempt, device)
        await self._ports.hub.tell(PageArrived(attempt.id, attempt.sitting_id, attempt.room_id, device))
        return mark

    async def miss(self, attempt: Attempt, device: Device, mark: str) -> None:
        """Note that a page has gone, unless another one of the same device has come."""
        if not self._is_newest(attempt, device, mark):
            return
        state = read_device(self._ports.presence, attempt.id, device) or DeviceState()
        gone = msgspec.structs.replace(state, is_connected=False, gone_at=self._ports.clock.now())
        self._keep(attempt, device, gone)
        for track in TRACKS:
            self._ports.presence.drop(_place(attempt.id, device), f"still/{track}")
        await self._tell_changed(attempt, device)

    async def hear(self, attempt: Attempt, device: Device, mark: str, message: msgspec.Struct) -> Reply:
        """Take a message and return the answer, if there is one. Messages of a page that is no longer the newest say nothing."""
        if not self._is_newest(attempt, device, mark):
            return None
        now = self._ports.clock.now()
        _see(self._ports.presence, attempt, device, now)
        if "is_silent" in self._ports.presence.known(_place(attempt.id, device)):
            self._ports.presence.drop(_place(attempt.id, device), "is_silent")
            await self._tell_changed(attempt, device)
        if isinstance(message, HeartbeatMessage):
            await self._take_heartbeat(attempt, device, message, now)
            return TimeMessage(now.isoformat())
        if isinstance(message, TracksMessage):
            await self._take_tracks(attempt, device, message)
        handler = self._handlers.get(type(message))
        if handler is None:
            return None
        try:
            return await handler(attempt, device, message)
        except Refusal:
            return None

    async def note_silence(self, attempt: Attempt, device: Device, mark: str) -> None:
        """Note that a connected device has said nothing for longer than it should; its next word is news."""
        if self._is_newest(attempt, device, mark):
            self._ports.presence.keep(_place(attempt.id, device), "is_silent", b"1")
            await self._tell_changed(attempt, device)

    async def hear_frame(self, attempt: Attempt, device: Device, mark: str, frame: bytes) -> None:
        """Take a still; what is malformed, too large, too early or of another device's track is passed over."""
        still = read_still_frame(frame, device)
        if still is None or not self._is_newest(attempt, device, mark):
            return
        presence, now = self._ports.presence, self._ports.clock.now()
        _see(presence, attempt, device, now)
        place = _place(attempt.id, device)
        before = presence.last_seen(f"{place}/{still.track}")
        if before is not None and now - before < SHORTEST_BETWEEN_STILLS:
            return
        presence.see(f"{place}/{still.track}", now)
        presence.keep(place, f"still/{still.track}", still.at_ms.to_bytes(8) + still.jpeg)
        await self._ports.hub.tell(
            StillCame(attempt.id, attempt.room_id, attempt.seat_number, still.track, still.at_ms, still.jpeg)
        )

    def stills_wanted(self, attempt: Attempt) -> StillsMessage:
        """Return which stills this attempt's devices are to send now."""
        wanted = self._ports.presence.known(attempt.id).get("stills_wanted")
        return StillsMessage(list(TRACKS), IDLE_INTERVAL_MS) if wanted is None else _decode_wanted(wanted)

    async def _take_heartbeat(self, attempt: Attempt, device: Device, beat: HeartbeatMessage, now: datetime) -> None:
        presence = self._ports.presence
        state = read_device(presence, attempt.id, device) or DeviceState()
        told = DeviceState(
            is_connected=True,
            item=beat.item[:8],
            answered=beat.answered,
            rtt_ms=beat.rtt_ms,
            down_kbps=beat.down_kbps,
            battery_percent=beat.battery_percent,
            is_charging=beat.is_charging,
            tracks=state.tracks,
            lags_ms=_lags(presence, attempt.id, now),
        )
        if told != state:
            self._keep(attempt, device, told)
            await self._tell_changed(attempt, device)

    async def _take_tracks(self, attempt: Attempt, device: Device, message: TracksMessage) -> None:
        state = read_device(self._ports.presence, attempt.id, device) or DeviceState(is_connected=True)
        own = [one for one in message.tracks if (one.track == "phone") == (device == "phone")]
        tracks = {one.track: (one.state, one.cause[:40], one.since_ms) for one in own}
        if tracks != state.tracks:
            self._keep(attempt, device, msgspec.structs.replace(state, tracks=tracks))
            await self._tell_changed(attempt, device)

    def _is_newest(self, attempt: Attempt, device: Device, mark: str) -> bool:
        return self._ports.presence.known(_place(attempt.id, device)).get("mark") == mark.encode()

    def _keep(self, attempt: Attempt, device: Device, state: DeviceState) -> None:
        self._ports.presence.keep(_place(attempt.id, device), "state", _encode(state))

    async def _tell_changed(self, attempt: Attempt, device: Device) -> None:
        await self._ports.hub.tell(PageChanged(attempt.id, attempt.sitting_id, attempt.room_id, device))


def read_device(presence: Presence, attempt_id: str, device: Device) -> DeviceState | None:
    """Return how a device of the attempt is; None when it was never here since this process began."""
    raw = presence.known(_place(attempt_id, device)).get("state")
    return None if raw is None else _decode_device(raw)


def last_seen_of(presence: Presence, attempt_id: str, device: Device) -> datetime | None:
    """Return the device's last sign of life; None when there was none since this process began."""
    return presence.last_seen(attempt_id if device == "pc" else _place(attempt_id, device))


def read_stills(presence: Presence, attempt_id: str) -> dict[TrackName, Still]:
    """Return the newest still of each track whose device is connected."""
    found: dict[TrackName, Still] = {}
    for track in TRACKS:
        device: Device = "phone" if track == "phone" else "pc"
        raw = presence.known(_place(attempt_id, device)).get(f"still/{track}")
        if raw is not None:
            found[track] = Still(track, int.from_bytes(raw[:8]), raw[8:])
    return found


async def want_stills(ports: Ports, attempt_id: str, wanted: StillsMessage | None) -> None:
    """Tell the devices of an attempt which stills to send; None: as when nobody watches."""
    message = wanted or StillsMessage(list(TRACKS), IDLE_INTERVAL_MS)
    ports.presence.keep(attempt_id, "stills_wanted", _encode(message))
    await ports.bus.publish(attempt_topic(attempt_id), encode_message(message))


def note_stored_until(ports: Ports, attempt_id: str, stored_until_ms: dict[TrackName, int]) -> None:
    """Note up to which instant a track's recording is stored; the board shows the lag from the next heartbeat on (S3.14)."""
    known = ports.presence.known(attempt_id)
    for track, until in stored_until_ms.items():
        before = known.get(f"stored/{track}")
        if before is not None and int.from_bytes(before) >= until:
            continue  # an older take is sent in later
        ports.presence.keep(attempt_id, f"stored/{track}", until.to_bytes(8))


def _lags(presence: Presence, attempt_id: str, now: datetime) -> dict[TrackName, int]:
    known = presence.known(attempt_id)
    now_ms = int(now.timestamp() * 1000)
    stored = {track: int.from_bytes(known[f"stored/{track}"]) for track in TRACKS if f"stored/{track}" in known}
    return {track: max(0, now_ms - until) // LAG_STEP_MS * LAG_STEP_MS for track, until in stored.items()}


def _see(presence: Presence, attempt: Attempt, device: Device, now: datetime) -> None:
    # The seat is as its PC page is; a phone alone answers nothing.
    presence.see(attempt.id if device == "pc" else _place(attempt.id, device), now)


def _place(attempt_id: str, device: Device) -> str:
    return f"{attempt_id}/{device}"
