"""Notes, lines of the conversation, calls, claims, attendance, hand-over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import AttemptId, RoomId, SittingId, StaffId


class NoteKind(StrEnum):
    """What a note (监考记录) is about."""

    DEVICE = "device"
    IDENTITY = "identity"
    OTHER_PERSON = "other_person"
    MATERIALS = "materials"
    COMMUNICATION = "communication"
    LEFT_SEAT = "left_seat"
    RECORDING = "recording"
    NETWORK = "network"
    HELP = "help"
    OTHER = "other"


NOTE_KINDS_ZH: Mapping[NoteKind, str] = {
    NoteKind.DEVICE: "违规设备或软件",
    NoteKind.IDENTITY: "身份疑问",
    NoteKind.OTHER_PERSON: "他人在场",
    NoteKind.MATERIALS: "翻阅资料",
    NoteKind.COMMUNICATION: "交流或传递信息",
    NoteKind.LEFT_SEAT: "离座或离开画面",
    NoteKind.RECORDING: "录制异常",
    NoteKind.NETWORK: "网络或设备故障",
    NoteKind.HELP: "考生求助",
    NoteKind.OTHER: "其他",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What a proctor wrote down, with what was on the tracks then.

    id: made by the console, so that a repeat changes nothing. item: of the question on screen, "" when unknown.
    last_step: number of the newest step, 0 when none. stills: track → blob key.
    """

    id: str
    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    subject_code: str
    kind: NoteKind
    text: str
    item: str
    last_step: int
    stills: Mapping[str, str]
    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line between candidate and staff. by: staff id, "" for the candidate. read_at: by staff, of a candidate's line."""

    id: str
    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    sender: str
    by: str
    text: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """A raised hand. It waits while neither answered nor lowered. page_id: by which the page knows it."""

    id: str
    page_id: str
    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    raised_at: datetime
    answered_at: datetime | None
    answered_by: str
    lowered_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Nobody has come yet."""
        return self.answered_at is None and self.lowered_at is None


@dataclass(frozen=True, slots=True)
class Claim:
    """Who looks after a call or a signal. thing: "call" or "signal"."""

    thing: str
    thing_id: str
    attempt_id: AttemptId
    room_id: RoomId
    staff_id: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class Attendance:
    """A proctor's duty in a room; until: None while it lasts."""

    id: str
    room_id: RoomId
    staff_id: StaffId
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """A room given to a colleague, with what they must know."""

    id: str
    room_id: RoomId
    from_staff_id: StaffId
    to_staff_id: StaffId
    note: str
    at: datetime
