"""The rules of pairing tokens and phones, pure."""

from datetime import datetime, timedelta

from invigil.sit.answering.api import SILENT_AFTER
from invigil.sit.checkin.model import CheckKind, Pairing, PhoneChange, PhoneState, PhoneStatus, RegisteredPhone
from invigil.sit.checkin.model.refusals import OtherPhone, TokenExpired, TokenInvalid, TokenUsed

# Long enough to reach for the phone and open its camera; the page draws a new code by itself before.
TOKEN_LASTS = timedelta(seconds=120)
# Codes of one attempt that hold at a time: the page renews every 100 s, a person may press the button besides.
MOST_TOKENS = 6
# A permitted change of phone: time to find, charge and place the other one.
CHANGE_LASTS = timedelta(minutes=15)


def check_token(pairing: Pairing | None, now: datetime) -> Pairing:
    """Pass a token that holds now: known, unused, younger than TOKEN_LASTS.

    Raises: TokenInvalid, TokenUsed, TokenExpired.
    """
    if pairing is None:
        raise TokenInvalid
    if pairing.used_at is not None:
        raise TokenUsed
    if now >= pairing.expires_at:
        raise TokenExpired
    return pairing


def check_same_phone(
    current: RegisteredPhone | None, device_key: str, change: PhoneChange | None, now: datetime
) -> bool:
    """Tell whether this claim changes the phone; pass when there is none yet, it is the same one, or staff allowed a change.

    Raises: OtherPhone.
    Source: issue "a second phone needs the proctor"; P7.
    """
    if current is None or current.device_key == device_key:
        return False
    if change is None or change.allowed_until is None or now >= change.allowed_until:
        raise OtherPhone
    return True


def compute_phone_state(
    phone: RegisteredPhone | None, status: PhoneStatus | None, failing: frozenset[CheckKind], now: datetime
) -> PhoneState:
    """Return how the phone stands. failing: its checks that are missing or not passable."""
    if phone is None:
        return PhoneState.ABSENT
    if status is None or now - status.heard_at > SILENT_AFTER:
        return PhoneState.LOST
    if status.state in {PhoneState.CHECKING, PhoneState.READY}:
        return PhoneState.CHECKING if failing else PhoneState.READY
    return status.state
