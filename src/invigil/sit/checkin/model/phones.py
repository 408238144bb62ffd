"""The phone of an attempt: its token, its epochs, and the change to another one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import AttemptId


class PhoneState(StrEnum):
    """How the phone stands, for the PC page and staff.

    ABSENT -> CHECKING (claimed) -> READY (all checks passable) -> RECORDING -> FINISHED; from the last four HIDDEN (the page is in
    the background: no picture) and LOST (no sign of life) and back.
    """

    ABSENT = "absent"
    CHECKING = "checking"
    READY = "ready"
    RECORDING = "recording"
    HIDDEN = "hidden"
    LOST = "lost"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class PhoneTicket:
    """Who a phone's page is: the attempt, and which claiming of it."""

    attempt_id: AttemptId
    phone_epoch: int


@dataclass(frozen=True, slots=True)
class Pairing:
    """A one-time token as it is kept: its SHA-256, 32 bytes."""

    token_hash: bytes
    attempt_id: AttemptId
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisteredPhone:
    """A phone that claimed a token. phone_epoch: 1 and one more for every claim; only the newest sends. device_key: hash of the
    random number that the phone's browser keeps, hexadecimal: the same browser of the same phone has the same.
    """

    attempt_id: AttemptId
    phone_epoch: int
    device_key: str
    user_agent: str
    label: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """The wish to go on with another phone. label: of the phone that was turned away. allowed_until: one claim until then."""

    attempt_id: AttemptId
    asked_at: datetime | None
    label: str
    allowed_by: str
    allowed_at: datetime | None
    allowed_until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class PhoneStatus:
    """The phone's last word, in memory. battery: 0 to 1; None where the browser does not tell. phone_epoch: of who said it."""

    state: PhoneState
    battery: float | None
    is_charging: bool | None
    heard_at: datetime
    phone_epoch: int
