"""Candidates and proctors for the tests of pure rules."""

from invigil.kernel.ids import CandidateId, RoomId, StaffId
from invigil.prepare.rooms.model import Person, Proctor
from invigil.prepare.rooms.rules.recusal import Occupants


def person(number: int, *, subject: str = "A", employer: str = "") -> Person:
    """Return a candidate."""
    return Person(
        CandidateId(f"cand_{number:06}"), subject, f"T{number:06}", f"考生{number}", employer, number.to_bytes(32)
    )


def proctor(number: int, *, employer: str = "", relatives: tuple[str, ...] = ()) -> Proctor:
    """Return a proctor."""
    return Proctor(StaffId(f"staff_{number:04}"), employer, frozenset(CandidateId(one) for one in relatives))


def occupants(number: int, *, candidates: tuple[str, ...] = (), employers: tuple[str, ...] = ()) -> Occupants:
    """Return who sits in a room."""
    return Occupants(
        RoomId(f"room_{number:04}"), frozenset(CandidateId(one) for one in candidates), frozenset(employers)
    )
