"""News about what proctors do, past tense."""

from dataclasses import dataclass
from typing import Literal

from invigil.kernel.ids import AttemptId, RoomId, SittingId

Part = Literal["commands", "notes", "chat", "calls", "claims"]


@dataclass(frozen=True, slots=True)
class ProctoringChanged:
    """Something about an attempt is new or has changed."""

    part: Part
    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class RoomStaffChanged:
    """Who watches a room, or who is on duty in it, has changed."""

    room_id: RoomId
    sitting_id: SittingId
