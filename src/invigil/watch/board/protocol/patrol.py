"""Every room of a sitting as the patrol sees it: topic `sitting/{sitting_id}/patrol`."""

from datetime import datetime

import msgspec

from invigil.watch.board.model import SeatState
from invigil.watch.board.protocol.room import ProctorView, SittingChanged, SittingView
from invigil.watch.signals.api import Severity

__all__ = ["PatrolState", "RoomGlance", "RoomGlanceChanged", "SittingChanged", "WaitingView"]


class WaitingView(msgspec.Struct, frozen=True):
    """A candidate who called or wrote and has no answer. is_climbed: for longer than the setting allows."""

    attempt_id: str
    seat_number: int
    since: datetime
    is_climbed: bool


class RoomGlance(msgspec.Struct, frozen=True):
    """A room in a line. counts: seats by state. signals: open ones by severity. waiting: oldest first.

    is_silent: candidates are in the exam and not one of them is heard. stopped_tracks: required tracks that are not live.
    """

    room_id: str
    number: int
    subject_code: str
    seated: int
    counts: dict[SeatState, int]
    signals: dict[Severity, int]
    risk: int
    is_silent: bool
    stopped_tracks: int
    proctors: list[ProctorView]
    waiting: list[WaitingView]


class PatrolState(msgspec.Struct, frozen=True, tag="patrol", tag_field="kind"):
    """A sitting. rooms: by number, those with seats."""

    sitting: SittingView
    rooms: list[RoomGlance]


class RoomGlanceChanged(msgspec.Struct, frozen=True, tag="room_glance", tag_field="kind"):
    """A room as it is now; it replaces the one of the same id."""

    room: RoomGlance
