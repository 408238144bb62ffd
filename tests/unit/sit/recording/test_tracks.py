"""Which reports of a track are news: the server alone writes down starts and stops, from what pages report again and again."""

import pytest

from invigil.prepare.exams.api import Track
from invigil.sit.recording.model import GapCause, TrackChange, TrackState
from invigil.sit.recording.rules.tracks import is_news

LIVE, STOPPED, OFF, STARTING = TrackState.LIVE, TrackState.STOPPED, TrackState.OFF, TrackState.STARTING
HEARD = 10_000


def change(state: TrackState, cause: GapCause | None, since_ms: int, at_ms: int = HEARD) -> TrackChange:
    return TrackChange(Track.CAMERA, state, cause, since_ms, at_ms)


@pytest.mark.parametrize(
    ("before", "told", "expected"),
    [
        (None, (OFF, None, 0), False),
        (None, (STARTING, None, 0), True),
        (None, (LIVE, None, 0), True),
        ((LIVE, None, 9_000), (LIVE, None, 9_000), False),
        ((LIVE, None, 9_000), (LIVE, None, 9_400), False),  # the page's clock was set a little
        ((LIVE, None, 9_000), (LIVE, None, HEARD), False),
        ((LIVE, None, 9_000), (LIVE, None, HEARD + 1), True),  # stopped and began again during an outage
        ((LIVE, None, 9_000), (STOPPED, GapCause.DEVICE_LOST, 9_500), True),
        ((STOPPED, GapCause.DEVICE_LOST, 9_000), (STOPPED, GapCause.DEVICE_LOST, 9_000), False),
        ((STOPPED, GapCause.DEVICE_LOST, 9_000), (STOPPED, GapCause.MUTED, 9_000), True),
        ((STOPPED, GapCause.DEVICE_LOST, 9_000), (STOPPED, GapCause.DEVICE_LOST, 12_000), True),
        ((LIVE, None, 9_000), (OFF, None, 12_000), True),
        ((OFF, None, 9_000), (OFF, None, 12_000), False),
    ],
)
def test_a_report_is_news_when_the_state_is_another_or_began_anew(
    before: tuple[TrackState, GapCause | None, int] | None,
    told: tuple[TrackState, GapCause | None, int],
    expected: bool,
) -> None:
    assert is_news(change(*told, at_ms=20_000), None if before is None else change(*before)) is expected
