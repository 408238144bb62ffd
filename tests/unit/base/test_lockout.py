"""Lockout around each of its boundaries: counts 2 to 5, 99 and 100, and the instants before, at and after each opening (S2.3, P6)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from invigil.base.accounts.model import AccountLocked, AccountStopped, Guard, LoginTooSoon
from invigil.base.accounts.rules import (
    LOCK_FOR,
    check_guard,
    compute_after_failure,
    compute_after_return,
    compute_after_unlock,
    compute_attempts_left,
    refuse_failure,
)
from invigil.kernel.refusals import Refusal

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


def _code(guard: Guard, now: datetime) -> str:
    try:
        check_guard(guard, now)
    except Refusal as refusal:
        return type(refusal).__name__
    return "open"


def _after(failures: int, every: timedelta = SECOND) -> Guard:
    """Return the door after so many failures, the last one at NOW, none of them during a lock."""
    guard = Guard()
    for number in range(failures):
        guard = compute_after_failure(guard, NOW - (failures - 1 - number) * every)
    return guard


# failures, after how long, what the door says
OPENINGS = [
    (0, timedelta(0), "open"),
    (1, timedelta(0), "open"),
    (2, timedelta(0), "open"),
    (3, timedelta(0), "LoginTooSoon"),
    (3, 2 * SECOND - TICK, "LoginTooSoon"),
    (3, 2 * SECOND, "open"),
    (4, 2 * SECOND, "LoginTooSoon"),
    (4, 4 * SECOND - TICK, "LoginTooSoon"),
    (4, 4 * SECOND, "open"),
    (5, timedelta(0), "AccountLocked"),
    (5, timedelta(minutes=15) - TICK, "AccountLocked"),
    (5, timedelta(minutes=15), "open"),
    (5, timedelta(minutes=15) + TICK, "open"),
]


@pytest.mark.parametrize(("failures", "later", "says"), OPENINGS)
def test_the_door_around_each_boundary(failures: int, later: timedelta, says: str) -> None:
    assert _code(_after(failures), NOW + later) == says


def test_the_lock_lasts_what_the_contract_asks() -> None:
    assert timedelta(minutes=15) == LOCK_FOR
    assert _after(5).locked_until == NOW + LOCK_FOR
    assert _after(4).locked_until is None


@pytest.mark.parametrize(
    ("guard", "code", "details"),
    [
        (_after(1), "accounts.login_failed", {"attempts_left": 4}),
        (_after(4), "accounts.login_failed", {"attempts_left": 1}),
        (_after(5), "accounts.locked", {"retry_after_s": 900}),
        (replace(_after(1), total=99), "accounts.login_failed", {"attempts_left": 4}),
        (replace(_after(1), total=100), "accounts.stopped", {}),
        (replace(_after(5), total=100), "accounts.stopped", {}),
    ],
)
def test_a_failure_says_what_it_led_to(guard: Guard, code: str, details: dict[str, object]) -> None:
    refusal = refuse_failure(guard)
    assert (refusal.code, dict(refusal.details)) == (code, details)


@pytest.mark.parametrize(("failures", "left"), [(0, 5), (1, 4), (4, 1), (5, 0)])
def test_attempts_left(failures: int, left: int) -> None:
    assert compute_attempts_left(_after(failures)) == left


@pytest.mark.parametrize(
    ("later", "failures", "is_locked"),
    [(LOCK_FOR - TICK, 6, True), (LOCK_FOR, 1, False), (LOCK_FOR + TICK, 1, False)],
)
def test_a_lock_that_has_run_out_starts_a_new_count_and_keeps_the_total(
    later: timedelta, failures: int, is_locked: bool
) -> None:
    guard = compute_after_failure(_after(5), NOW + later)
    assert (guard.failures, guard.total) == (failures, 6)
    assert (guard.locked_until is not None and guard.locked_until > NOW + later) == is_locked


@pytest.mark.parametrize(
    ("total", "says"), [(98, "open"), (99, "open"), (100, "AccountStopped"), (101, "AccountStopped")]
)
def test_the_hard_stop(total: int, says: str) -> None:
    assert _code(Guard(failures=0, total=total), NOW) == says


def test_a_hundred_failures_stop_the_door_whatever_the_waiting_time() -> None:
    guard, now = Guard(), NOW
    for _ in range(99):
        now += LOCK_FOR
        guard = compute_after_failure(guard, now)
        assert _code(guard, now + LOCK_FOR) == "open"
    guard = compute_after_failure(guard, now + LOCK_FOR)
    assert _code(guard, now + timedelta(days=365)) == "AccountStopped"


def test_unlocking_opens_the_door_at_once() -> None:
    for guard in (_after(3), _after(5), Guard(total=100)):
        opened = compute_after_unlock(guard)
        assert _code(opened, NOW) == "open"
        assert (opened.failures, opened.total) == (0, 0)


@pytest.mark.parametrize(
    ("guard", "later", "kind", "seconds"),
    [
        (_after(3), timedelta(0), LoginTooSoon, 2),
        (_after(3), 2 * SECOND - TICK, LoginTooSoon, 1),
        (_after(5), timedelta(0), AccountLocked, 900),
        (_after(5), LOCK_FOR - TICK, AccountLocked, 1),
    ],
)
def test_the_time_to_wait_is_said_in_whole_seconds(
    guard: Guard, later: timedelta, kind: type[Refusal], seconds: int
) -> None:
    with pytest.raises(kind) as refused:
        check_guard(guard, NOW + later)
    assert refused.value.details["retry_after_s"] == seconds


def test_the_hard_stop_comes_before_the_lock() -> None:
    with pytest.raises(AccountStopped):
        check_guard(Guard(5, 100, NOW, NOW + LOCK_FOR), NOW)


# failures with the one that is given back, and what the door says then: as one failure fewer, its delay from this attempt on
RETURNED = [
    (1, timedelta(0), "open"),
    (3, timedelta(0), "open"),
    (4, timedelta(0), "LoginTooSoon"),
    (4, 2 * SECOND, "open"),
]
RETURNED += [(5, 4 * SECOND - TICK, "LoginTooSoon"), (5, 4 * SECOND, "open"), (6, timedelta(0), "AccountLocked")]


@pytest.mark.parametrize(("failures", "later", "says"), RETURNED)
def test_one_attempt_is_given_back_and_no_more(failures: int, later: timedelta, says: str) -> None:
    before = _after(failures)
    returned = compute_after_return(before)
    assert (returned.failures, returned.total) == (failures - 1, failures - 1)
    assert _code(returned, NOW + later) == says


def test_nothing_is_given_back_that_was_not_counted() -> None:
    assert compute_after_return(Guard()) == Guard()
