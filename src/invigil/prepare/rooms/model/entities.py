"""Rooms, seats, proctors and what they declare."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import CandidateId, RoomId, SittingId, StaffId

# One proctor for at most thirty candidates (S4.6): the room is the unit of everything.
ROOM_CAPACITY = 30


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate as the arrangement sees one.

    employer: normalised, "" when not given. identity_index: equal for one person's several registrations.
    """

    id: CandidateId
    subject_code: str
    ticket_number: str
    name: str
    employer: str
    identity_index: bytes


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """A room as the arrangement draws it: 1 to 30 candidates of one subject in the order of their seats, from seat 1."""

    number: int
    subject_code: str
    candidate_ids: tuple[CandidateId, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a sitting. number: 1, 2, 3 … in its sitting. proctor_ids: sorted, may be empty."""

    id: RoomId
    sitting_id: SittingId
    number: int
    subject_code: str
    seated: int
    proctor_ids: tuple[StaffId, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a candidate sits. seat_number: 1 to 30, unique in its room. subject_code: of the room and so of the candidate."""

    room_id: RoomId
    room_number: int
    seat_number: int
    sitting_id: SittingId
    candidate_id: CandidateId
    subject_code: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a sitting's candidates were seated.

    version: grows with every change to its rooms, seats or proctors; a change names the version it was made on.
    seed: draws the same arrangement of the same candidates again. sitting_version: the sitting it was made for.
    """

    sitting_id: SittingId
    version: int
    seed: str
    spreads_employers: bool
    sitting_version: int
    arranged_by: str
    arranged_at: datetime


class Relation(StrEnum):
    """How a candidate is related to a member of staff; close relatives step back (C5.2)."""

    SPOUSE = "spouse"  # 配偶
    LINEAL = "lineal"  # 直系血亲
    COLLATERAL = "collateral"  # 三代以内旁系血亲
    IN_LAW = "in_law"  # 近姻亲
    OTHER = "other"  # 其他可能影响公正的关系


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody a member of staff must not proctor, in clear.

    identity_number: normal form, "" when not known; then everybody of this name counts.
    """

    id: str
    staff_id: StaffId
    relation: Relation
    name: str
    identity_number: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a member of staff has declared about themself. employer: as written, "" when none."""

    staff_id: StaffId
    employer: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class Proctor:
    """A proctor as the assignment sees one.

    employer: normalised, "" when none. relative_ids: candidates they must not proctor.
    """

    id: StaffId
    employer: str
    relative_ids: frozenset[CandidateId]
