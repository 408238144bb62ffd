"""The rooms' facade."""

from invigil.prepare.rooms.model import ROOM_CAPACITY, Confirmation, ConfirmationState, PlanState, Room, Seat
from invigil.prepare.rooms.model.refusals import RoomNotFound
from invigil.prepare.rooms.service.arranging import Arranged, arrange_sitting
from invigil.prepare.rooms.service.confirming import (
    find_signed_confirmation,
    return_confirmation,
    sign_confirmation,
    submit_plan,
)
from invigil.prepare.rooms.service.handing_over import hand_over_room, list_free_proctors
from invigil.prepare.rooms.service.mock import book_mock_seat
from invigil.prepare.rooms.service.proctoring import Assigned, assign_sitting
from invigil.prepare.rooms.service.recusing import add_relative, declare_employer
from invigil.prepare.rooms.service.viewing import access_room, find_seen_rooms
from invigil.prepare.rooms.store.seating import (
    list_rooms,
    list_rooms_of_proctor,
    list_seats,
    list_seats_of_candidate,
    list_seats_of_room,
    list_seats_of_rooms,
    read_arrangement,
    read_room,
    read_rooms,
)
from invigil.prepare.rooms.store.seating import read_seat as seat_of

__all__ = [
    "ROOM_CAPACITY",
    "Arranged",
    "Assigned",
    "Confirmation",
    "ConfirmationState",
    "PlanState",
    "Room",
    "RoomNotFound",
    "Seat",
    "access_room",
    "add_relative",
    "arrange_sitting",
    "assign_sitting",
    "book_mock_seat",
    "declare_employer",
    "find_seen_rooms",
    "find_signed_confirmation",
    "hand_over_room",
    "list_free_proctors",
    "list_rooms",
    "list_rooms_of_proctor",
    "list_seats",
    "list_seats_of_candidate",
    "list_seats_of_room",
    "list_seats_of_rooms",
    "read_arrangement",
    "read_room",
    "read_rooms",
    "return_confirmation",
    "seat_of",
    "sign_confirmation",
    "submit_plan",
]
