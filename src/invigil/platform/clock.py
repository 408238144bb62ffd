"""The one place that reads a clock."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, aware UTC."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC, never earlier than the one before."""
        ...


class SystemClock:
    """The system's wall clock at start, carried on by the monotonic clock.

    A step of the wall clock during a sitting therefore moves no deadline (fault F10); a restart reads the wall clock anew.
    """

    def __init__(self) -> None:
        self._started_at = datetime.now(UTC)
        self._started_monotonic = time.monotonic()

    def now(self) -> datetime:
        """Return the present instant, aware UTC, never earlier than the one before."""
        return self._started_at + timedelta(seconds=time.monotonic() - self._started_monotonic)


@dataclass
class FixedClock:
    """A clock that tests set and move by hand."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant the test has set."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self.instant += by
