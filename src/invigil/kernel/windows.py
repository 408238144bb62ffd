"""Windows of time: an opening and a closing instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """From `opens` (included) to `closes` (excluded), aware instants, opens < closes."""

    opens: datetime
    closes: datetime

    def __post_init__(self) -> None:
        if self.opens.tzinfo is None or self.closes.tzinfo is None:
            raise ValueError("a window needs aware instants")
        if self.opens >= self.closes:
            raise ValueError("a window opens before it closes")

    def contains(self, instant: datetime) -> bool:
        """Tell whether the instant lies in the window; the closing instant does not."""
        return self.opens <= instant < self.closes

    def overlaps(self, other: "TimeWindow") -> bool:
        """Tell whether the two windows share an instant."""
        return self.opens < other.closes and other.opens < self.closes

    @property
    def length(self) -> timedelta:
        """How long the window stands open."""
        return self.closes - self.opens
