"""Every step that a page of ours logs has a name that people can read."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from invigil.kernel.words import Words
from invigil.prepare.exams.api import Track
from invigil.sit.activity.model import IMPORTANCE
from invigil.sit.activity.names import STEP_NAMES, name_of_step
from invigil.sit.activity.rules import MAX_N, step_of_change
from invigil.sit.recording.api import GapCause, TrackChange, TrackState

START = datetime.fromtimestamp(1_793_350_800, UTC)

WEB = Path(__file__).parents[3] / "web"
_LOGGED = re.compile(r"log(?:Activity|Step)\(\{\s*kind: ([^,}]*)")
_WORD = re.compile(r"'([a-z_]+)'")


def _logged_kinds() -> set[str]:
    sources = [path for path in (WEB / "apps").glob("*/src/**/*") if path.suffix in {".ts", ".vue"}]
    logged = [hit for path in sources for hit in _LOGGED.findall(path.read_text("utf-8"))]
    return {kind for expression in logged for kind in _WORD.findall(expression)}


def test_every_kind_that_pages_log_has_a_name() -> None:
    logged = _logged_kinds()
    assert {"entered", "reloaded", "network_lost", "handed_in"} <= logged
    assert logged - set(STEP_NAMES) == set()


def test_every_kind_that_is_highlighted_has_a_name() -> None:
    assert set(IMPORTANCE) - set(STEP_NAMES) == set()


def test_names_are_chinese_and_english() -> None:
    for name in STEP_NAMES.values():
        assert re.search(r"[\u4e00-\u9fff]", name.zh)
        assert name.en.isascii()
    assert name_of_step("from_tomorrow") == Words("from_tomorrow", "from_tomorrow")


@pytest.mark.parametrize(
    ("track", "state", "cause", "expected"),
    [
        (Track.SCREEN, TrackState.STOPPED, GapCause.ENDED_BY_USER, ("pc", "recording_stopped", "screen/ended_by_user", "important")),
        (Track.PHONE, TrackState.STOPPED, GapCause.PAGE_HIDDEN, ("phone", "recording_stopped", "phone/page_hidden", "important")),
        (Track.CAMERA, TrackState.LIVE, None, ("pc", "recording_started", "camera", "notable")),
        (Track.CAMERA, TrackState.OFF, None, ("pc", "recording_ended", "camera", "notable")),
        # A normal hand-in is no interruption, whatever the page calls it.
        (Track.CAMERA, TrackState.STOPPED, GapCause.FINISHED, ("pc", "recording_ended", "camera/finished", "notable")),
        (Track.CAMERA, TrackState.STARTING, None, None),
    ],
)  # fmt: skip
def test_a_tracks_change_is_a_step_on_both_clocks(
    track: Track, state: TrackState, cause: GapCause | None, expected: tuple[str, ...] | None
) -> None:
    step = step_of_change(TrackChange(track, state, cause, 1_793_350_800_000, 1_793_350_802_500))
    if expected is None:
        assert step is None
        return
    assert step is not None
    assert (step.device, step.kind, step.detail, step.importance) == expected
    assert (step.at_client, step.at_server) == (START, START + timedelta(seconds=2.5))
    assert step.n > MAX_N


def test_tracks_that_change_together_are_two_steps() -> None:
    both = [step_of_change(TrackChange(one, TrackState.LIVE, None, 1, 2)) for one in (Track.SCREEN, Track.CAMERA)]
    assert len({one.n for one in both if one is not None}) == 2
