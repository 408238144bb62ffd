"""One candidate as a proctor sees them enlarged: topic `attempt/{attempt_id}/panel`."""

from datetime import datetime
from typing import Literal

import msgspec

from invigil.sit.answering.api import Device, Sender, TrackName
from invigil.watch.board.protocol.room import CommandWord, Delivery, SeatView
from invigil.watch.signals.api import Severity

# The log on the panel is a tail; the whole of it is at GET /api/activity/of-attempt/{id}.
SHOWN_STEPS = 100

Importance = Literal["plain", "notable", "important"]


class SignalView(msgspec.Struct, frozen=True):
    """Something noticed. count: how often it was merged into this one; last_at: the newest time. is_open: nobody handled it yet."""

    id: str
    attempt_id: str
    kind: str
    zh: str
    en: str
    severity: Severity
    device: Device
    at: datetime
    last_at: datetime
    count: int
    item: str
    detail_zh: str
    detail_en: str
    is_open: bool
    handled_by_name: str


class CommandView(msgspec.Struct, frozen=True):
    """A command and how far it has come. minutes: of extra time, otherwise 0."""

    id: str
    attempt_id: str
    kind: CommandWord
    text: str
    reason_category: str
    reason: str
    minutes: int
    by_name: str
    at: datetime
    delivery: Delivery
    requires_ack: bool
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    decided_by_name: str


class ChatView(msgspec.Struct, frozen=True):
    """One line of the conversation. is_read: staff have read the candidate's line."""

    id: str
    sender: Sender
    sender_name: str
    text: str
    at: datetime
    is_read: bool


class NoteView(msgspec.Struct, frozen=True):
    """A note (监考记录). last_step: number of the newest step then, 0 when none. tracks: those whose still was taken."""

    id: str
    attempt_id: str
    kind: str
    kind_zh: str
    kind_en: str
    text: str
    at: datetime
    by_name: str
    subject_code: str
    item: str
    last_step: int
    tracks: list[TrackName]


class StepView(msgspec.Struct, frozen=True):
    """One step of the operation log."""

    n: int
    device: Device
    at_client: datetime
    at_server: datetime
    kind: str
    zh: str
    en: str
    item: str
    detail_zh: str
    detail_en: str
    importance: Importance


class PanelState(msgspec.Struct, frozen=True, tag="panel", tag_field="kind"):
    """A candidate. signals, commands, chat, notes: by time. steps: the newest `SHOWN_STEPS` by the page's clock."""

    attempt_id: str
    room_id: str
    sitting_id: str
    subject_code: str
    seat: SeatView
    signals: list[SignalView]
    commands: list[CommandView]
    chat: list[ChatView]
    notes: list[NoteView]
    steps: list[StepView]


class PanelSeatChanged(msgspec.Struct, frozen=True, tag="panel_seat", tag_field="kind"):
    """The seat as it is now."""

    seat: SeatView


class SignalPut(msgspec.Struct, frozen=True, tag="signal", tag_field="kind"):
    """A signal is new, or is now so."""

    signal: SignalView


class CommandPut(msgspec.Struct, frozen=True, tag="command", tag_field="kind"):
    """A command is new, or is now so."""

    command: CommandView


class ChatPut(msgspec.Struct, frozen=True, tag="chat", tag_field="kind"):
    """A line is new, or is now so."""

    line: ChatView


class NotePut(msgspec.Struct, frozen=True, tag="note", tag_field="kind"):
    """A note is new, or is now so."""

    note: NoteView


class StepPut(msgspec.Struct, frozen=True, tag="step", tag_field="kind"):
    """A step has come."""

    step: StepView
