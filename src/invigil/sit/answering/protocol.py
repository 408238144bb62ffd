"""What travels over the candidate page's socket, declared once; `invigil protocol` writes the TypeScript types from here."""

from typing import Literal

import msgspec

TOPIC_ATTEMPT = "attempt/{attempt_id}"  # read by: the page that holds the attempt's newest ticket

CommandKind = Literal[
    "message", "warning", "pause", "resume", "extra_time", "reopen", "lock", "force_hand_in", "seat_revoked"
]


class TimeMessage(msgspec.Struct, tag="time", tag_field="type"):
    """The server's clock, ISO 8601 UTC."""

    server_time: str


class CommandMessage(msgspec.Struct, tag="command", tag_field="type"):
    """Staff or the system act on this attempt. deadline: the deadline now in force; None while paused."""

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


class HelloMessage(msgspec.Struct, tag="hello", tag_field="type"):
    """The first message of a page."""

    ticket: str


class HeartbeatMessage(msgspec.Struct, tag="heartbeat", tag_field="type"):
    """Every ten seconds. seq: the page's newest; pending: whether some of it is not acknowledged yet."""

    seq: int
    pending: bool


class AckMessage(msgspec.Struct, tag="ack", tag_field="type"):
    """The candidate has read a command (我知道了)."""

    id: str


ServerMessage = TimeMessage | CommandMessage | StateMessage
ClientMessage = HelloMessage | HeartbeatMessage | AckMessage

encode_message = msgspec.json.Encoder().encode
decode_client_message = msgspec.json.Decoder(ClientMessage).decode


def attempt_topic(attempt_id: str) -> str:
    """Return the bus topic of one attempt."""
    return TOPIC_ATTEMPT.format(attempt_id=attempt_id)
