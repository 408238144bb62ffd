"""A room as its proctors see it: the state of every seat, and what changes it. All instants are aware UTC."""

from datetime import datetime
from typing import Literal

import msgspec

from invigil.sit.answering.api import Device, TrackName, TrackState
from invigil.watch.board.model import SeatState
from invigil.watch.signals.api import Severity

CommandWord = Literal[
    "message",
    "warning",
    "pause",
    "resume",
    "extra_time",
    "lock",
    "unlock",
    "force_hand_in",
    "release_seat",
    "terminate",
]
# proposed → rejected, or → sent → delivered (reached the page) → acknowledged (我知道了).
Delivery = Literal["proposed", "rejected", "sent", "delivered", "acknowledged"]
ClaimedThing = Literal["call", "signal"]


class SittingView(msgspec.Struct, frozen=True):
    """The sitting a room belongs to. calls_climb_after_s: an unanswered call shows on the patrol page after this."""

    id: str
    exam_id: str
    title: str
    state: str
    starts_at: datetime
    ends_at: datetime
    late_entry_until: datetime
    last_deadline: datetime
    tracks_required: list[TrackName]
    allows_extra_time: bool
    calls_climb_after_s: int


class ProctorView(msgspec.Struct, frozen=True):
    """Somebody who watches the room. is_on_duty: signed in for it; is_present: on duty and looking at it now."""

    staff_id: str
    name: str
    is_on_duty: bool
    is_present: bool


class TrackView(msgspec.Struct, frozen=True):
    """How a track stands.

    cause_zh, cause_en: why it is not recorded, "" where there is nothing to say. lag_ms: how far the stored recording is behind, to
    the second; None while nothing is known of it.
    """

    state: TrackState
    cause_zh: str
    cause_en: str
    since: datetime
    lag_ms: int | None


class DeviceView(msgspec.Struct, frozen=True):
    """A candidate's PC or phone. rtt_ms, down_kbps: rounded, so that the board does not flicker; None: not told."""

    is_connected: bool
    battery_percent: int | None
    is_charging: bool | None
    rtt_ms: int | None
    down_kbps: int | None


class SeatSignalView(msgspec.Struct, frozen=True):
    """The newest open signal of a seat."""

    id: str
    kind: str
    zh: str
    en: str
    severity: Severity
    at: datetime


class SeatCommandView(msgspec.Struct, frozen=True):
    """The newest command given to a seat."""

    id: str
    kind: CommandWord
    delivery: Delivery


class ClaimView(msgspec.Struct, frozen=True):
    """Who looks after a call or a signal, so that two proctors do not do the same."""

    thing: ClaimedThing
    thing_id: str
    staff_id: str
    name: str


class SeatView(msgspec.Struct, frozen=True):
    """One seat. attempt_id: None before entering.

    tracks: by name, those that were reported. devices: "pc" and "phone", those that were ever connected. signals: open ones by
    severity. risk: weighted sum of the open signals. waiting_since: of the oldest unanswered call or unread line.
    current_item, answered: as the page says; item_count: of the paper. stopped_tracks: required and not live.
    """

    seat_number: int
    candidate_id: str
    name: str
    ticket_number: str
    attempt_id: str | None
    state: SeatState
    entered_at: datetime | None
    ended_at: datetime | None
    deadline: datetime | None
    is_locked: bool
    tracks: dict[TrackName, TrackView]
    stopped_tracks: list[TrackName]
    devices: dict[Device, DeviceView]
    risk: int
    signals: dict[Severity, int]
    latest_signal: SeatSignalView | None
    hand_raised_at: datetime | None
    call_id: str | None
    unread_chat: int
    waiting_since: datetime | None
    claims: list[ClaimView]
    last_command: SeatCommandView | None
    note_count: int
    current_item: str
    answered: int | None
    item_count: int


class RoomState(msgspec.Struct, frozen=True, tag="room", tag_field="kind"):
    """A room. seats: by number. Topic `room/{room_id}`."""

    room_id: str
    number: int
    subject_code: str
    sitting: SittingView
    proctors: list[ProctorView]
    seats: list[SeatView]


class SeatChanged(msgspec.Struct, frozen=True, tag="seat", tag_field="kind"):
    """A seat as it is now; it replaces the one of the same number, or is new."""

    seat: SeatView


class ProctorsChanged(msgspec.Struct, frozen=True, tag="proctors", tag_field="kind"):
    """Who watches the room now."""

    proctors: list[ProctorView]


class SittingChanged(msgspec.Struct, frozen=True, tag="sitting", tag_field="kind"):
    """The sitting as it is now."""

    sitting: SittingView
