"""What travels over the candidate's sockets (PC page and phone), declared once; `invigil protocol` writes the TypeScript types.

Fields with a default may be left out by a page: an older page survives a newer server, and the other way round.
"""

from typing import Literal

import msgspec

from invigil.platform.bus import Topic
from invigil.sit.answering.model.tracks import TRACKS, Device, Sender, TrackName, TrackState

__all__ = ["TRACKS", "Device", "Sender", "TrackName", "TrackState"]

TOPIC_ATTEMPT = Topic("attempt/{attempt_id}", read_by="the page or phone that holds the attempt's newest ticket")

CommandKind = Literal[
    "message",
    "warning",
    "pause",
    "resume",
    "extra_time",
    "reopen",
    "lock",
    "unlock",
    "force_hand_in",
    "terminate",
    "seat_revoked",
]


class TimeMessage(msgspec.Struct, tag="time", tag_field="type"):
    """The server's clock, ISO 8601 UTC."""

    server_time: str


class CommandMessage(msgspec.Struct, tag="command", tag_field="type"):
    """Staff or the system act on this attempt; the page answers `delivered` at once. deadline: now in force; None while paused."""

    id: str
    kind: CommandKind
    text: str
    deadline: str | None
    reason: str
    requires_ack: bool


class StateMessage(msgspec.Struct, tag="state", tag_field="type"):
    """How the attempt stands; sent after hello and after every change."""

    state: str
    deadline: str | None
    paused: bool


class StillsMessage(msgspec.Struct, tag="stills", tag_field="type"):
    """Which stills to send, and how often each; sent after hello and whenever what is watched changes."""

    tracks: list[TrackName]
    interval_ms: int


class TrackReport(msgspec.Struct):
    """How one track stands at its device. take_id: empty before the first take. local_seq: the newest segment made here."""

    track: TrackName
    state: TrackState
    cause: str
    take_id: str
    local_seq: int
    pending_bytes: int
    since_ms: int


class ChatMessage(msgspec.Struct, tag="chat", tag_field="type"):
    """One line of the conversation with the proctor, the candidate's own included (then it is stored). at: ISO 8601 UTC."""

    id: str
    sender: Sender
    text: str
    at: str


class HandMessage(msgspec.Struct, tag="hand", tag_field="type"):
    """How the raised hand stands: raised and not yet answered, or answered by staff, or lowered."""

    id: str
    is_raised: bool
    is_answered: bool


class PhoneTrackMessage(msgspec.Struct, tag="phone_track", tag_field="type"):
    """To the PC page, after hello and at every change: how the phone's track stands, by the phone's last word.

    is_linked: whether the phone is heard; one that is not may go on recording by itself. state: off before its first recording.
    """

    is_linked: bool
    state: TrackState
    cause: str
    since_ms: int


class HelloMessage(msgspec.Struct, tag="hello", tag_field="type"):
    """The first message of a page. ticket: of the attempt, or of the phone on the phone's socket."""

    ticket: str


class HeartbeatMessage(msgspec.Struct, tag="heartbeat", tag_field="type"):
    """Every ten seconds. seq: the page's newest; pending: whether some of it is not acknowledged yet.

    item: the question on screen; answered: how many have an answer. battery_percent: 0 to 100.
    """

    seq: int
    pending: bool
    item: str = ""
    answered: int | None = None
    rtt_ms: int | None = None
    down_kbps: int | None = None
    battery_percent: int | None = None
    is_charging: bool | None = None


class DeliveredMessage(msgspec.Struct, tag="delivered", tag_field="type"):
    """A command has reached the page."""

    id: str


class AckMessage(msgspec.Struct, tag="ack", tag_field="type"):
    """The candidate has read a command (我知道了)."""

    id: str


class TracksMessage(msgspec.Struct, tag="tracks", tag_field="type"):
    """How the device's tracks stand; at each change and with every heartbeat."""

    tracks: list[TrackReport]


class SignalMessage(msgspec.Struct, tag="signal", tag_field="type"):
    """Something the page noticed; kinds are those of `watch/signals`. at_ms: the server's clock as the page knows it."""

    kind: str
    at_ms: int
    detail: str = ""
    item: str = ""


class SayMessage(msgspec.Struct, tag="chat", tag_field="type"):
    """The candidate writes to the proctor. id: made by the page; sent again it changes nothing."""

    id: str
    text: str


class RaiseHandMessage(msgspec.Struct, tag="raise_hand", tag_field="type"):
    """The candidate calls the proctor, or takes it back. id: made by the page, the same for raising and lowering."""

    id: str
    is_raised: bool


ServerMessage = (
    TimeMessage | CommandMessage | StateMessage | StillsMessage | ChatMessage | HandMessage | PhoneTrackMessage
)
ClientMessage = (
    HelloMessage
    | HeartbeatMessage
    | DeliveredMessage
    | AckMessage
    | TracksMessage
    | SignalMessage
    | SayMessage
    | RaiseHandMessage
)

encode_message = msgspec.json.Encoder().encode
decode_client_message = msgspec.json.Decoder(ClientMessage).decode


def attempt_topic(attempt_id: str) -> str:
    """Return the bus topic of one attempt."""
    return TOPIC_ATTEMPT.of(attempt_id)
