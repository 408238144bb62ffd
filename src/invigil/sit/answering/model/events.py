"""News about attempts and their pages, past tense."""

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
    """An attempt's deadline or state was changed by staff. command_id: by which the page answers; "": any new one."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    kind: str
    reason: str
    command_id: str = ""


@dataclass(frozen=True, slots=True)
class TimeChangeProposed:
    """A change of time waits for its second person, or has been rejected."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class PageArrived:
    """A page or phone has said hello."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    device: str


@dataclass(frozen=True, slots=True)
class PageChanged:
    """A page or phone has come, gone, beaten its heart or told of its tracks; `read_device` says how it is now."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    device: str


@dataclass(frozen=True, slots=True)
class StillCame:
    """A still of a track; kept in presence only. at_ms: when it was taken, server's clock."""

    attempt_id: AttemptId
    room_id: RoomId
    seat_number: int
    track: str
    at_ms: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class CommandAnswered:
    """A command has reached its page, or (is_read) the candidate has read it."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    command_id: str
    is_read: bool
