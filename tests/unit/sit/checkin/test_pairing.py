"""Tokens and phones: the rules at their boundaries (P7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from invigil.kernel.ids import AttemptId
from invigil.kernel.refusals import Refusal
from invigil.sit.checkin.model import CheckKind, Pairing, PhoneChange, PhoneState, PhoneStatus, RegisteredPhone
from invigil.sit.checkin.rules.pairing import (
    CHANGE_LASTS,
    SILENT_AFTER,
    TOKEN_LASTS,
    check_same_phone,
    check_token,
    compute_phone_state,
)

T0 = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ATTEMPT = AttemptId("att_1")
TOKEN = Pairing(b"h" * 32, ATTEMPT, T0, T0 + TOKEN_LASTS, None)
PHONE = RegisteredPhone(ATTEMPT, 1, "aa", "ua", "iPhone", T0)


@pytest.mark.parametrize(
    ("token", "at", "code"),
    [
        (None, T0, "checkin.token_invalid"),
        (TOKEN, T0, None),
        (TOKEN, T0 + TOKEN_LASTS - TICK, None),
        (TOKEN, T0 + TOKEN_LASTS, "checkin.token_expired"),
        (replace(TOKEN, used_at=T0), T0, "checkin.token_used"),
        (replace(TOKEN, used_at=T0), T0 + TOKEN_LASTS, "checkin.token_used"),
    ],
)
def test_a_token_holds_once_for_two_minutes(token: Pairing | None, at: datetime, code: str | None) -> None:
    if code is None:
        assert check_token(token, at) == token
        return
    with pytest.raises(Refusal) as refused:
        check_token(token, at)
    assert refused.value.code == code


ALLOWED = PhoneChange(ATTEMPT, T0, "Pixel", "staff_1", T0, T0 + CHANGE_LASTS, "坏了")


@pytest.mark.parametrize(
    ("current", "device_key", "change", "at", "is_changed"),
    [
        (None, "aa", None, T0, False),
        (PHONE, "aa", None, T0, False),
        (PHONE, "bb", None, T0, None),
        (PHONE, "bb", replace(ALLOWED, allowed_until=None), T0, None),
        (PHONE, "bb", ALLOWED, T0 + CHANGE_LASTS - TICK, True),
        (PHONE, "bb", ALLOWED, T0 + CHANGE_LASTS, None),
        (PHONE, "aa", ALLOWED, T0, False),
    ],
)
def test_a_second_phone_needs_the_proctor(
    current: RegisteredPhone | None, device_key: str, change: PhoneChange | None, at: datetime, is_changed: bool | None
) -> None:
    if is_changed is not None:
        assert check_same_phone(current, device_key, change, at) is is_changed
        return
    with pytest.raises(Refusal) as refused:
        check_same_phone(current, device_key, change, at)
    assert refused.value.code == "checkin.other_phone"


def _said(state: PhoneState) -> PhoneStatus:
    return PhoneStatus(state, 0.5, is_charging=False, heard_at=T0, phone_epoch=1)


FAILING = frozenset({CheckKind.BATTERY})


@pytest.mark.parametrize(
    ("phone", "status", "failing", "at", "state"),
    [
        (None, _said(PhoneState.CHECKING), frozenset(), T0, PhoneState.ABSENT),
        (PHONE, None, frozenset(), T0, PhoneState.LOST),
        (PHONE, _said(PhoneState.CHECKING), FAILING, T0, PhoneState.CHECKING),
        (PHONE, _said(PhoneState.CHECKING), frozenset(), T0, PhoneState.READY),
        (PHONE, _said(PhoneState.CHECKING), frozenset(), T0 + SILENT_AFTER, PhoneState.READY),
        (PHONE, _said(PhoneState.CHECKING), frozenset(), T0 + SILENT_AFTER + TICK, PhoneState.LOST),
        (PHONE, _said(PhoneState.RECORDING), FAILING, T0, PhoneState.RECORDING),
        (PHONE, _said(PhoneState.HIDDEN), frozenset(), T0, PhoneState.HIDDEN),
    ],
)
def test_the_state_of_a_phone(
    phone: RegisteredPhone | None,
    status: PhoneStatus | None,
    failing: frozenset[CheckKind],
    at: datetime,
    state: PhoneState,
) -> None:
    assert compute_phone_state(phone, status, failing, at) is state
