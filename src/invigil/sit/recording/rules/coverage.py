"""Gap accounting: what is stored, what is not and why; stored and gaps together are the window (P3, S3.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from invigil.prepare.exams.api import Track
from invigil.sit.recording.model.causes import GapCause
from invigil.sit.recording.model.coverage import CoveredGap, DeclaredGap, Span, TrackCoverage
from invigil.sit.recording.model.tracks import TrackChange, TrackState

# A picture stands until the next one: at 3 frames a second no hole below this is one.
JOIN_MS = 500
# What a page holds back is sent as soon as it is opened again; after a day nobody opens it any more.
PENDING_FOR_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class RecordedTake:
    """A take as gap accounting sees it.

    begins_ms: when it was begun. spans: of its segments on the server's clock, in order of seq. end_cause: None while it runs or
    when its page vanished.
    """

    begins_ms: int
    spans: Sequence[Span]
    end_cause: GapCause | None


@dataclass(frozen=True, slots=True)
class Sat:
    """The time over which a track must be accounted for. now_ms: the present; is_over: the attempt has ended."""

    window: Span | None
    now_ms: int
    is_over: bool


def compute_window(starts_ms: int, ends_ms: int, now_ms: int) -> Span | None:
    """Return the part of the sitting that has passed; None before it starts."""
    until = min(ends_ms, now_ms)
    return Span(starts_ms, until) if until > starts_ms else None


def compute_track_coverage(
    track: Track, sat: Sat, takes: Sequence[RecordedTake], declared: Sequence[DeclaredGap], *, is_required: bool
) -> TrackCoverage:
    """Account for one track.

    takes: in order of their begin. declared: gaps of this track, in any order, may overlap; the first that covers an instant counts.
    """
    ends = [take.spans[-1].to_ms for take in takes if take.spans]
    stored_until = max(ends, default=None)
    if sat.window is None:
        return TrackCoverage(track, is_required, None, (), (), stored_until, 0)
    stored = _merge(_clip(sat.window, (span for take in takes for span in take.spans)))
    gaps = [
        piece
        for hole in _holes(sat.window, stored)
        for piece in _explain(hole, [gap for gap in declared if gap.track is track], takes, sat)
    ]
    is_running = bool(takes) and takes[-1].end_cause is None and not sat.is_over
    lag = max(0, sat.now_ms - stored_until) if is_running and stored_until is not None else 0
    return TrackCoverage(track, is_required, sat.window, stored, _unite(gaps), stored_until, lag)


def gaps_of_changes(changes: Sequence[TrackChange], until_ms: int) -> list[DeclaredGap]:
    """Return the gaps that follow from reported states: from a stop until the track lives again.

    changes: in order of `at_ms`, of any tracks.
    """
    gaps, open_since = [], dict[Track, TrackChange]()
    for change in changes:
        stopped = open_since.get(change.track)
        if change.state is TrackState.STOPPED and change.cause is not None:
            open_since.setdefault(change.track, change)
        elif change.state is TrackState.LIVE and stopped is not None:
            gaps += _gap_of(stopped, change.since_ms)
            del open_since[change.track]
    for stopped in open_since.values():
        gaps += _gap_of(stopped, until_ms)
    return gaps


def _gap_of(stopped: TrackChange, until_ms: int) -> list[DeclaredGap]:
    if stopped.cause is None or until_ms <= stopped.since_ms:
        return []
    return [DeclaredGap(stopped.track, Span(stopped.since_ms, until_ms), stopped.cause)]


def _clip(window: Span, spans: Iterable[Span]) -> list[Span]:
    inside = (
        Span(max(window.from_ms, one.from_ms), min(window.to_ms, one.to_ms)) for one in spans if _meets(one, window)
    )
    return sorted(inside)


def _meets(one: Span, other: Span) -> bool:
    return one.from_ms < other.to_ms and other.from_ms < one.to_ms


def _merge(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and span.from_ms - merged[-1].to_ms <= JOIN_MS:
            merged[-1] = Span(merged[-1].from_ms, max(merged[-1].to_ms, span.to_ms))
        else:
            merged.append(span)
    return merged


def _holes(window: Span, stored: Sequence[Span]) -> list[Span]:
    edges = [window.from_ms, *(edge for span in stored for edge in (span.from_ms, span.to_ms)), window.to_ms]
    return [Span(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]


def _explain(hole: Span, declared: Sequence[DeclaredGap], takes: Sequence[RecordedTake], sat: Sat) -> list[CoveredGap]:
    covering = [gap for gap in declared if _meets(gap.span, hole)]
    edges = {hole.from_ms, hole.to_ms}
    edges |= {
        edge for gap in covering for edge in (gap.span.from_ms, gap.span.to_ms) if hole.from_ms < edge < hole.to_ms
    }
    pieces = []
    for begin, end in pairwise(sorted(edges)):
        piece = Span(begin, end)
        cause = next((gap.cause for gap in covering if _meets(gap.span, piece)), None)
        pieces.append(CoveredGap(piece, cause or _conclude(piece, takes, sat), cause is not None))
    return pieces


def _conclude(piece: Span, takes: Sequence[RecordedTake], sat: Sat) -> GapCause:
    """Return the cause of a gap that nobody declared, from the take before it."""
    before = [
        take
        for take in takes
        if take.begins_ms <= piece.from_ms or (take.spans and take.spans[0].from_ms < piece.to_ms)
    ]
    if not before:
        return GapCause.NOT_STARTED
    last = before[-1]
    if any(span.from_ms >= piece.to_ms for span in last.spans):
        # Pictures come later in the same take. Before its first: still starting; between two: the device gave none.
        return GapCause.MUTED if last.spans[0].to_ms <= piece.from_ms else GapCause.NOT_STARTED
    if last.end_cause is not None:
        return last.end_cause
    was_followed = last is not takes[-1]
    is_too_late = sat.is_over and sat.window is not None and sat.now_ms - sat.window.to_ms > PENDING_FOR_MS
    return GapCause.KILLED if was_followed or is_too_late else GapCause.UPLOAD_PENDING


def _unite(gaps: Sequence[CoveredGap]) -> list[CoveredGap]:
    united: list[CoveredGap] = []
    for gap in gaps:
        last = united[-1] if united else None
        if last is not None and (last.span.to_ms, last.cause, last.is_declared) == (
            gap.span.from_ms,
            gap.cause,
            gap.is_declared,
        ):
            united[-1] = CoveredGap(Span(last.span.from_ms, gap.span.to_ms), gap.cause, gap.is_declared)
        else:
            united.append(gap)
    return united
