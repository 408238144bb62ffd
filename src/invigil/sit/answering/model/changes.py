"""Changes of an attempt's time: proposed by one person, approved by another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from invigil.kernel.ids import AttemptId, StaffId


class ChangeKind(StrEnum):
    """What is changed."""

    EXTRA_TIME = "extra_time"
    PAUSE = "pause"
    RESUME = "resume"
    REOPEN = "reopen"


class ChangeState(StrEnum):
    """PROPOSED -> APPLIED or REJECTED; both are final."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class TimeChange:
    """One change.

    minutes: of extra time, or of the time a reopened attempt gets; zero for pause and resume.
    """

    id: str
    attempt_id: AttemptId
    kind: ChangeKind
    extra: timedelta
    reason: str
    state: ChangeState
    proposed_by: StaffId
    proposed_at: datetime
    decided_by: StaffId | None
    decided_at: datetime | None
