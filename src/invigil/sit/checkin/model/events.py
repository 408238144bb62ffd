"""News about checking in, past tense."""

from dataclasses import dataclass

from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.sit.checkin.model.checks import CheckKind, Device, Verdict


@dataclass(frozen=True, slots=True)
class PhonePaired:
    """A phone has claimed the attempt; earlier ones no longer send."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    phone_epoch: int
    is_other_phone: bool


@dataclass(frozen=True, slots=True)
class OtherPhoneTurnedAway:
    """A second phone wants in and needs the proctor."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    label: str


@dataclass(frozen=True, slots=True)
class OtherPhoneAllowed:
    """Staff let the candidate change the phone."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class CheckReported:
    """A device reported a check, or staff let a failed one through."""

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    device: Device
    kind: CheckKind
    verdict: Verdict
    is_waived: bool
