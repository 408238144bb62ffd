"""What is stored of a track, and what is not and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.prepare.exams.api import Track
from invigil.sit.recording.model.causes import GapCause


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """An interval of the server's clock in milliseconds since 1970, from_ms < to_ms."""

    from_ms: int
    to_ms: int

    @property
    def length_ms(self) -> int:
        """How long it lasts, > 0."""
        return self.to_ms - self.from_ms


@dataclass(frozen=True, slots=True)
class DeclaredGap:
    """A gap that a page declared, or that follows from a track's reported state (缺口)."""

    track: Track
    span: Span
    cause: GapCause


@dataclass(frozen=True, slots=True)
class CoveredGap:
    """A gap as staff see it. is_declared: the page said so; otherwise the cause is what the records let us conclude."""

    span: Span
    cause: GapCause
    is_declared: bool


@dataclass(frozen=True, slots=True)
class TrackCoverage:
    """One track over the window: stored and gaps are disjoint, ascending, and together the window (P3).

    window: None before the sitting starts. stored_until_ms: end of the last stored interval, None when nothing is stored.
    lag_ms: how far the stored part is behind now while the track runs (S3.14); 0 afterwards.
    """

    track: Track
    is_required: bool
    window: Span | None
    stored: Sequence[Span]
    gaps: Sequence[CoveredGap]
    stored_until_ms: int | None
    lag_ms: int

    @property
    def stored_ms(self) -> int:
        """How much of the window is stored."""
        return sum(span.length_ms for span in self.stored)

    @property
    def gap_ms(self) -> int:
        """How much of the window is not."""
        return sum(gap.span.length_ms for gap in self.gaps)


Coverage = Sequence[TrackCoverage]
