"""What a board shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import CandidateId, RoomId
from invigil.kernel.refusals import Refusal


class SeatState(StrEnum):
    """How a seat stands, as proctors read it (S3.16)."""

    NOT_STARTED = "not_started"  # nobody has come yet
    LOGGED_IN = "logged_in"  # logged in, not yet entered
    WAITING = "waiting"  # entered, before T0
    IN_EXAM = "in_exam"
    OFFLINE = "offline"  # entered, but the page has not been heard of lately; answering goes on offline
    PAUSED = "paused"  # by an approved pause, or locked by the proctor
    HANDED_IN = "handed_in"
    ABSENT = "absent"  # the time for entering is over
    TERMINATED = "terminated"  # ended for a breach of the rules


SEAT_STATES_ZH: Mapping[SeatState, str] = {
    SeatState.NOT_STARTED: "未开始",
    SeatState.LOGGED_IN: "已登录",
    SeatState.WAITING: "待考",
    SeatState.IN_EXAM: "考核中",
    SeatState.OFFLINE: "断线",
    SeatState.PAUSED: "暂停",
    SeatState.HANDED_IN: "已交卷",
    SeatState.ABSENT: "缺考",
    SeatState.TERMINATED: "违纪终止",
}


@dataclass(frozen=True, slots=True)
class SeatCounts:
    """How many seats stand in each state; every state is there, and they add up to `seated`."""

    by_state: Mapping[SeatState, int]

    @property
    def seated(self) -> int:
        """All seats."""
        return sum(self.by_state.values())

    @property
    def opened(self) -> int:
        """Who has logged in at least: everybody but those who have not come."""
        return self.seated - self.by_state[SeatState.NOT_STARTED] - self.by_state[SeatState.ABSENT]

    @property
    def entered(self) -> int:
        """Who has entered the sitting, consent given."""
        return self.opened - self.by_state[SeatState.LOGGED_IN]


@dataclass(frozen=True, slots=True)
class RoomBoard:
    """A room on the board."""

    room_id: RoomId
    number: int
    subject_code: str
    counts: SeatCounts


@dataclass(frozen=True, slots=True)
class Board:
    """A sitting at an instant. rooms: by number. by_subject: sorted by code."""

    taken_at: datetime
    counts: SeatCounts
    by_subject: Mapping[str, SeatCounts]
    rooms: tuple[RoomBoard, ...]


@dataclass(frozen=True, slots=True)
class SeatStatus:
    """A seat of one room on the board."""

    seat_number: int
    candidate_id: CandidateId
    state: SeatState
    entered_at: datetime | None
    ended_at: datetime | None
    last_seen: datetime | None


class TopicUnknown(Refusal):
    """No topic of this name can be followed."""

    code, status = "board.topic_unknown", 404
    zh = "没有这个实时主题。"
    en = "There is no such topic."
