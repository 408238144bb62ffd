"""What rooms, seats, recusals and confirmations are."""

from invigil.prepare.rooms.model.confirmations import Confirmation, ConfirmationState, PlanState, RoomPlan
from invigil.prepare.rooms.model.entities import (
    ROOM_CAPACITY,
    Arrangement,
    Declaration,
    Person,
    Proctor,
    Relative,
    Room,
    RoomDraft,
    Seat,
)

__all__ = [
    "ROOM_CAPACITY",
    "Arrangement",
    "Confirmation",
    "ConfirmationState",
    "Declaration",
    "Person",
    "PlanState",
    "Proctor",
    "Relative",
    "Room",
    "RoomDraft",
    "RoomPlan",
    "Seat",
]
