"""The messages themselves: a snapshot, then events, each with the version it leads to."""

from typing import Literal

import msgspec

from invigil.sit.answering.api import TrackName
from invigil.watch.board.protocol.panel import (
    ChatPut,
    CommandPut,
    NotePut,
    PanelSeatChanged,
    PanelState,
    SignalPut,
    StepPut,
)
from invigil.watch.board.protocol.patrol import PatrolState, RoomGlanceChanged
from invigil.watch.board.protocol.room import ProctorsChanged, RoomState, SeatChanged, SittingChanged

BoardState = RoomState | PatrolState | PanelState
BoardEvent = (
    SeatChanged
    | ProctorsChanged
    | SittingChanged
    | RoomGlanceChanged
    | PanelSeatChanged
    | SignalPut
    | CommandPut
    | ChatPut
    | NotePut
    | StepPut
)
StillSource = Literal["camera", "phone", "screen", "rotate"]


class SnapshotMessage(msgspec.Struct, tag="snapshot", tag_field="type"):
    """A topic as it is at this version; forget what was known of it."""

    topic: str
    version: int
    state: BoardState


class EventMessage(msgspec.Struct, tag="event", tag_field="type"):
    """What leads from `version` - 1 to `version`; after a hole the page watches again with `since`."""

    topic: str
    version: int
    event: BoardEvent


class RefusedMessage(msgspec.Struct, tag="refused", tag_field="type"):
    """The topic is not theirs, is not there, or is theirs no longer. code and sentences: of the refusal."""

    topic: str
    code: str
    message: str
    message_en: str


class StaffTimeMessage(msgspec.Struct, tag="time", tag_field="type"):
    """The server's clock, ISO 8601 UTC; answers a heartbeat."""

    server_time: str


class WatchMessage(msgspec.Struct, tag="watch", tag_field="type"):
    """Follow a topic. since: the version known from before a reconnect, 0 for none; what was missed follows, or a snapshot."""

    topic: str
    since: int = 0


class UnwatchMessage(msgspec.Struct, tag="unwatch", tag_field="type"):
    """Follow it no longer."""

    topic: str


class WantStillsMessage(msgspec.Struct, tag="want_stills", tag_field="type"):
    """Which stills of a watched room to send; replaces what was wanted before; no seats: none.

    rotate: one source after the other, ten seconds each. interval_ms: 1000 to 60000, at most one still per seat in it.
    tracks: for one enlarged seat, every track named here instead of `source`.
    """

    room_id: str
    seats: list[int]
    source: StillSource
    interval_ms: int = 1000
    tracks: list[TrackName] = []


class StaffHeartbeat(msgspec.Struct, tag="heartbeat", tag_field="type"):
    """Every ten seconds."""


StaffServerMessage = SnapshotMessage | EventMessage | RefusedMessage | StaffTimeMessage
StaffClientMessage = WatchMessage | UnwatchMessage | WantStillsMessage | StaffHeartbeat

encode_message = msgspec.json.Encoder().encode
decode_staff_message = msgspec.json.Decoder(StaffClientMessage).decode
