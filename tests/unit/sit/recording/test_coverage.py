"""Gap accounting: stored and gaps are the window, and every gap has a cause (P3, S3.3)."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.prepare.exams.api import Track
from invigil.sit.recording.model import DeclaredGap, GapCause, Span, TrackChange, TrackState
from invigil.sit.recording.rules.coverage import (
    JOIN_MS,
    PENDING_FOR_MS,
    RecordedTake,
    Sat,
    compute_track_coverage,
    compute_window,
    gaps_of_changes,
)

S = 1000
WHOLE = Span(0, 100 * S)


def take(begins: int, *spans: tuple[int, int], end: GapCause | None = None) -> RecordedTake:
    return RecordedTake(begins, [Span(*one) for one in spans], end)


def gap(begin: int, end: int, cause: GapCause, track: Track = Track.CAMERA) -> DeclaredGap:
    return DeclaredGap(track, Span(begin, end), cause)


def account(
    takes: Sequence[RecordedTake],
    declared: Sequence[DeclaredGap] = (),
    *,
    window: Span | None = WHOLE,
    now: int = 100 * S,
    is_over: bool = False,
) -> list[tuple[int, int, str]]:
    covered = compute_track_coverage(Track.CAMERA, Sat(window, now, is_over), takes, declared, is_required=True)
    parts = [(one.from_ms, one.to_ms, "stored") for one in covered.stored]
    parts += [(one.span.from_ms, one.span.to_ms, one.cause.value) for one in covered.gaps]
    return sorted(parts)


@pytest.mark.parametrize(
    ("starts", "ends", "now", "expected"),
    [(10, 90, 9, None), (10, 90, 10, None), (10, 90, 11, (10, 11)), (10, 90, 90, (10, 90)), (10, 90, 91, (10, 90))],
)
def test_the_window_is_what_has_passed(starts: int, ends: int, now: int, expected: tuple[int, int] | None) -> None:
    assert compute_window(starts, ends, now) == (None if expected is None else Span(*expected))


def test_nothing_recorded_is_one_gap() -> None:
    assert account([]) == [(0, 100 * S, "not_started")]
    assert account([], window=None) == []


def test_causes_that_nobody_declared_follow_from_the_takes() -> None:
    first = take(5 * S, (5 * S, 20 * S), end=GapCause.RELOAD)
    second = take(25 * S, (25 * S, 40 * S))
    third = take(50 * S, (50 * S, 60 * S), (70 * S, 90 * S))
    assert account([first, second, third]) == [
        (0, 5 * S, "not_started"),
        (5 * S, 20 * S, "stored"),
        (20 * S, 25 * S, "reload"),
        (25 * S, 40 * S, "stored"),
        (40 * S, 50 * S, "killed"),
        (50 * S, 60 * S, "stored"),
        (60 * S, 70 * S, "muted"),
        (70 * S, 90 * S, "stored"),
        (90 * S, 100 * S, "upload_pending"),
    ]


def test_a_declared_cause_counts_where_it_was_declared() -> None:
    only = take(0, (0, 20 * S), (60 * S, 100 * S), end=GapCause.FINISHED)
    declared = [gap(30 * S, 40 * S, GapCause.PAGE_HIDDEN), gap(35 * S, 50 * S, GapCause.DEVICE_LOST)]
    elsewhere = gap(20 * S, 60 * S, GapCause.QUOTA, Track.SCREEN)
    assert account([only], [elsewhere, *declared]) == [
        (0, 20 * S, "stored"),
        (20 * S, 30 * S, "muted"),
        (30 * S, 40 * S, "page_hidden"),
        (40 * S, 50 * S, "device_lost"),
        (50 * S, 60 * S, "muted"),
        (60 * S, 100 * S, "stored"),
    ]


@pytest.mark.parametrize(("hole", "parts"), [(JOIN_MS - 1, 1), (JOIN_MS, 1), (JOIN_MS + 1, 3)])
def test_a_hole_shorter_than_a_picture_is_none(hole: int, parts: int) -> None:
    assert len(account([take(0, (0, 50 * S), (50 * S + hole, 100 * S))])) == parts


@pytest.mark.parametrize(
    ("after", "expected"),
    [(0, "upload_pending"), (PENDING_FOR_MS, "upload_pending"), (PENDING_FOR_MS + 1, "killed")],
)
def test_what_is_held_back_counts_as_lost_after_a_day(after: int, expected: str) -> None:
    parts = account([take(0, (0, 90 * S))], now=100 * S + after, is_over=True)
    assert parts[-1] == (90 * S, 100 * S, expected)


@pytest.mark.parametrize(
    ("end", "is_over", "lag"), [(None, False, 10 * S), (None, True, 0), (GapCause.ENDED_BY_USER, False, 0)]
)
def test_the_lag_is_that_of_a_running_take(end: GapCause | None, is_over: bool, lag: int) -> None:
    sat = Sat(Span(0, 100 * S), 100 * S, is_over)
    covered = compute_track_coverage(Track.CAMERA, sat, [take(0, (0, 90 * S), end=end)], [], is_required=True)
    assert (covered.lag_ms, covered.stored_until_ms) == (lag, 90 * S)


def test_stops_become_gaps_until_the_track_lives_again() -> None:
    def change(state: TrackState, since: int, cause: GapCause | None = None) -> TrackChange:
        return TrackChange(Track.CAMERA, state, cause, since, since + 100)

    changes = [
        change(TrackState.LIVE, 0),
        change(TrackState.STOPPED, 10, GapCause.DEVICE_LOST),
        change(TrackState.STOPPED, 15, GapCause.MUTED),
        change(TrackState.STARTING, 20),
        change(TrackState.LIVE, 30),
        change(TrackState.STOPPED, 40, GapCause.PAGE_HIDDEN),
    ]
    assert gaps_of_changes(changes, 50) == [gap(10, 30, GapCause.DEVICE_LOST), gap(40, 50, GapCause.PAGE_HIDDEN)]
    assert gaps_of_changes(changes, 40) == [gap(10, 30, GapCause.DEVICE_LOST)]


INSTANTS = st.integers(0, 200 * S)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    edges = sorted(draw(st.lists(INSTANTS, min_size=2, max_size=12, unique=True)))
    return [Span(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=False)]


@st.composite
def recorded(draw: st.DrawFn) -> list[RecordedTake]:
    found = draw(st.lists(st.tuples(spans(), st.sampled_from([None, *GapCause])), max_size=4))
    takes = [RecordedTake(some[0].from_ms if some else 0, some, end) for some, end in found]
    return sorted(takes, key=lambda one: one.begins_ms)


@st.composite
def declarations(draw: st.DrawFn) -> list[DeclaredGap]:
    found = draw(st.lists(st.tuples(spans(), st.sampled_from(GapCause), st.sampled_from(Track)), max_size=3))
    return [DeclaredGap(track, span, cause) for some, cause, track in found for span in some]


@given(recorded(), declarations(), spans(), st.integers(0, 300 * S), st.booleans())
def test_stored_and_gaps_are_the_window(
    takes: list[RecordedTake], declared: list[DeclaredGap], windows: list[Span], more: int, is_over: bool
) -> None:
    window = windows[0]
    sat = Sat(window, window.to_ms + more, is_over)
    covered = compute_track_coverage(Track.CAMERA, sat, takes, declared, is_required=True)
    parts = sorted([*covered.stored, *(one.span for one in covered.gaps)])
    assert abs(covered.stored_ms + covered.gap_ms - window.length_ms) <= 1 * S
    assert (parts[0].from_ms, parts[-1].to_ms) == (window.from_ms, window.to_ms)
    assert all(one.to_ms == other.from_ms for one, other in pairwise(parts))
    assert all(isinstance(one.cause, GapCause) for one in covered.gaps)


@given(recorded(), declarations(), st.integers(0, 199 * S))
def test_an_instant_is_stored_exactly_where_a_segment_is_near(
    takes: list[RecordedTake], declared: list[DeclaredGap], instant: int
) -> None:
    sat = Sat(Span(0, 200 * S), 200 * S, is_over=False)
    covered = compute_track_coverage(Track.CAMERA, sat, takes, declared, is_required=True)
    is_stored = any(one.from_ms <= instant < one.to_ms for one in covered.stored)
    inside = [one for some in takes for one in some.spans if one.from_ms <= instant < one.to_ms]
    near = [one for some in takes for one in some.spans if one.from_ms - JOIN_MS <= instant < one.to_ms + JOIN_MS]
    assert is_stored or not inside
    assert near or not is_stored
