"""Notes, lines of the conversation, calls, claims, attendance, hand-over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import AttemptId, RoomId, SittingId, StaffId
from invigil.kernel.words import Words


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


NOTE_KINDS: Mapping[NoteKind, Words] = {
    NoteKind.DEVICE: Words("违规设备或软件", "Forbidden device or software"),
    NoteKind.IDENTITY: Words("身份疑问", "Doubt about identity"),
    NoteKind.OTHER_PERSON: Words("他人在场", "Somebody else is there"),
    NoteKind.MATERIALS: Words("翻阅资料", "Reads forbidden material"),
    NoteKind.COMMUNICATION: Words("交流或传递信息", "Talks or passes information on"),
    NoteKind.LEFT_SEAT: Words("离座或离开画面", "Left the seat or the picture"),
    NoteKind.RECORDING: Words("录制异常", "Trouble with the recording"),
    NoteKind.NETWORK: Words("网络或设备故障", "Network or device failed"),
    NoteKind.HELP: Words("考生求助", "Asked for help"),
    NoteKind.OTHER: Words("其他", "Other"),
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
class NotesAsked:
    """Which notes of a sitting are looked for. kind, subject_code, attempt_id: None or "" for every one."""

    sitting_id: SittingId
    room_ids: frozenset[RoomId]
    subject_code: str = ""
    kind: NoteKind | None = None
    attempt_id: str = ""


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
