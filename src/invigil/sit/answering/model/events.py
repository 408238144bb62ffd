"""News about attempts, past tense."""

from dataclasses import dataclass

from invigil.kernel.ids import AttemptId, RoomId, SittingId


@dataclass(frozen=True, slots=True)
class AttemptEntered:
    """A page has entered; earlier pages of the attempt no longer write."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    seat_epoch: int


@dataclass(frozen=True, slots=True)
class AttemptHandedIn:
    """An attempt has ended with a receipt."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class AttemptTimeChanged:
    """An attempt's deadline or state was changed by staff."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    kind: str
    reason: str
