"""The attempt: one candidate's run of one sitting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from invigil.kernel.ids import AttemptId, CandidateId, ExamId, RoomId, SittingId


class AttemptState(StrEnum):
    """Where an attempt stands, and what leads out of it.

    OPEN -> PAUSED (approved pause) -> OPEN (resume); OPEN -> LOCKED (proctor) -> OPEN; OPEN -> HANDED_IN (candidate);
    OPEN, LOCKED -> AUTO_HANDED_IN (deadline and grace are over); OPEN, PAUSED, LOCKED -> TERMINATED (breach of rules);
    HANDED_IN, AUTO_HANDED_IN -> OPEN (approved reopening, a new round).
    """

    OPEN = "open"  # may be written while the window stands open; before T0 this is the waiting room
    PAUSED = "paused"
    LOCKED = "locked"
    HANDED_IN = "handed_in"
    AUTO_HANDED_IN = "auto_handed_in"
    TERMINATED = "terminated"


FINAL_STATES = frozenset({AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN, AttemptState.TERMINATED})


class Outcome(StrEnum):
    """How a seat ended, as grading and exports read it."""

    HANDED_IN = "handed_in"
    AUTO_HANDED_IN = "auto_handed_in"
    TERMINATED = "terminated"
    ABSENT = "absent"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One candidate's run of one sitting.

    seat_epoch: grows with every entering; only the newest ticket writes. login_id: the login that holds the seat.
    item_count: of the paper. starts_at: T0 of the sitting. duration: working time. extra_time: approved, >= 0. paused_for: of ended pauses.
    paused_at: set while PAUSED. grace: how long after the deadline a save made before it may still arrive.
    round: 1, and one more for every reopening.
    """

    id: AttemptId
    exam_id: ExamId
    sitting_id: SittingId
    is_mock: bool
    room_id: RoomId
    seat_number: int
    candidate_id: CandidateId
    paper_set_id: str
    subject_code: str
    item_count: int
    state: AttemptState
    seat_epoch: int
    login_id: str
    starts_at: datetime
    duration: timedelta
    extra_time: timedelta
    paused_for: timedelta
    paused_at: datetime | None
    grace: timedelta
    early_hand_in_after: timedelta
    entered_at: datetime
    ended_at: datetime | None
    round: int
