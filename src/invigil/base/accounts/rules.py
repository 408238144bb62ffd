"""Lockout, pure: what a door answers at an instant, and how failures change it (S2.3, P6)."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from invigil.base.accounts.model import AccountLocked, AccountStopped, Guard, LoginFailed, LoginTooSoon
from invigil.kernel.refusals import Refusal

LOCK_AT_FAILURES = 5
LOCK_FOR = timedelta(minutes=15)
DELAY_FROM_FAILURES = 3
FIRST_DELAY = timedelta(seconds=2)
STOP_AT_TOTAL = 100
MIN_STAFF_PASSWORD = 12


def check_guard(guard: Guard, now: datetime) -> None:
    """Pass, or say why no password is looked at now.

    Raises: AccountStopped - 100 failures since the last success; AccountLocked - 5 failures, for 15 minutes;
    LoginTooSoon - from the third failure on, 2 s and then 4 s.
    Source: S2.3, P6.
    """
    if guard.total >= STOP_AT_TOTAL:
        raise AccountStopped
    if guard.locked_until is not None and now < guard.locked_until:
        raise AccountLocked(retry_after_s=_whole_seconds(guard.locked_until - now))
    opens_at = _compute_opening(guard)
    if opens_at is not None and now < opens_at:
        raise LoginTooSoon(retry_after_s=_whole_seconds(opens_at - now))


def compute_after_failure(guard: Guard, now: datetime) -> Guard:
    """Return the door after one more failure."""
    # A lock that has run out starts a new count; the total goes on.
    failures = (0 if guard.locked_until is not None and now >= guard.locked_until else guard.failures) + 1
    locked_until = now + LOCK_FOR if failures >= LOCK_AT_FAILURES else None
    return Guard(failures, guard.total + 1, now, locked_until)


def compute_after_return(guard: Guard) -> Guard:
    """Return the door after one counted attempt proves to be no failure: a right password whose six digits are still to come.

    Only that one is given back. Earlier failures stay, and the delay they cause runs from this attempt: nobody wins guesses.
    Source: S2.3, P6.
    """
    failures = max(0, guard.failures - 1)
    locked_until = guard.locked_until if failures >= LOCK_AT_FAILURES else None
    return replace(guard, failures=failures, total=max(0, guard.total - 1), locked_until=locked_until)


def compute_attempts_left(guard: Guard) -> int:
    """Return how many failures are left before the lock."""
    return max(0, LOCK_AT_FAILURES - guard.failures)


def refuse_failure(guard: Guard) -> Refusal:
    """Return what a wrong name or password is answered. guard: the door after this failure.

    The failure that locks or stops the account says so at once: "0 attempts left" would only send the person into the lock.
    Source: S2.3, P6.
    """
    if guard.total >= STOP_AT_TOTAL:
        return AccountStopped()
    if guard.locked_until is not None and guard.last_failure_at is not None:
        return AccountLocked(retry_after_s=_whole_seconds(guard.locked_until - guard.last_failure_at))
    return LoginFailed(attempts_left=compute_attempts_left(guard))


def compute_after_unlock(guard: Guard) -> Guard:
    """Return the door after staff unlocked it."""
    return replace(guard, failures=0, total=0, locked_until=None, last_failure_at=None)


def is_acceptable_staff_password(password: str, login_name: str) -> bool:
    """Tell whether a staff password may be set: length against guessing, no composition rules (NIST SP 800-63B)."""
    return len(password) >= MIN_STAFF_PASSWORD and login_name.casefold() not in {password.casefold(), ""}


def normalise_login_name(written: str) -> str:
    """Return the one form of a login name: no spaces, half width, upper-case X in identity numbers, otherwise lower case."""
    half = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in written)
    return "".join(half.split()).casefold()


def _compute_opening(guard: Guard) -> datetime | None:
    if guard.last_failure_at is None or guard.failures < DELAY_FROM_FAILURES:
        return None
    doublings = min(guard.failures, LOCK_AT_FAILURES) - DELAY_FROM_FAILURES
    return guard.last_failure_at + FIRST_DELAY * (1 << doublings)


def _whole_seconds(length: timedelta) -> int:
    return max(1, ceil(length.total_seconds()))
