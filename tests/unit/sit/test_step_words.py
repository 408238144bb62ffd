"""Every code that pages and devices say has a name in both languages (S3.18)."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest

from invigil.judge.review.model import BREACHES
from invigil.kernel.words import Words
from invigil.sit.activity.api import STEP_NAMES, TRACK_NAMES, say_cause, say_detail
from invigil.sit.activity.model import IMPORTANCE
from invigil.sit.answering.api import TrackName
from invigil.sit.answering.protocol import CommandKind as PageCommand
from invigil.sit.checkin.api import CHECK_NAMES_EN, CHECK_NAMES_ZH, REASONS, CheckKind
from invigil.sit.recording.api import CAUSES_EN, CAUSES_ZH, GapCause
from invigil.watch.proctoring.model import CANNED_WARNINGS, NOTE_KINDS, REASON_CATEGORIES, NoteKind, ReasonCategory
from invigil.watch.signals.api import SIGNAL_KINDS

PAGES = Path(__file__).parents[3] / "web"
CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]")


def is_said(words: Words) -> bool:
    """Chinese where Chinese is read, none of it where English is, and nothing that looks like a code."""
    codes = ("_", "/")
    return (
        bool(CHINESE.search(words.zh))
        and bool(LATIN.search(words.en))
        and not CHINESE.search(words.en)
        and not any(mark in side for mark in codes for side in words)
    )


@pytest.mark.parametrize("cause", GapCause)
@pytest.mark.parametrize("track", TRACK_NAMES)
def test_every_cause_of_every_track_has_names(track: str, cause: GapCause) -> None:
    assert is_said(say_cause(cause))
    for kind, detail in (
        ("track_stopped", f"{track}: {cause}"),
        ("recording_stopped", f"{track}/{cause}"),
        ("recording_started", track),
    ):
        assert is_said(say_detail(kind, detail)), detail
    expected = Words(f"{TRACK_NAMES[track].zh}：{CAUSES_ZH[cause]}", f"{TRACK_NAMES[track].en}: {CAUSES_EN[cause]}")
    assert say_detail("track_stopped", f"{track}: {cause}") == expected


@pytest.mark.parametrize("reason", REASONS)
def test_every_finding_of_a_check_has_names(reason: str) -> None:
    for kind in CheckKind:
        assert is_said(say_detail("check_failed", f"{kind}/{reason}")), (kind, reason)


@pytest.mark.parametrize("command", [*get_args(PageCommand), "screen_left"])
def test_every_command_a_page_shows_has_names(command: str) -> None:
    assert is_said(say_detail("command_shown", command))


def _named(pattern: str, *sources: str) -> set[str]:
    text = "".join(path.read_text() for source in sources for path in (PAGES / source).rglob("*.[tv]*s*"))
    return set(re.findall(pattern, text))


def test_every_step_that_pages_log_has_names() -> None:
    declared = (PAGES / "packages/exam-core/src/activity.ts").read_text()
    kinds = set(re.findall(r"^  \| '(\w+)'$", declared, re.MULTILINE))
    kinds |= _named(r"logStep\('(\w+)'", "apps/phone/src")
    assert len(kinds) > 40
    assert kinds <= set(STEP_NAMES)
    assert set(IMPORTANCE) <= set(STEP_NAMES)
    assert all(is_said(words) for words in STEP_NAMES.values())


def test_every_signal_has_names() -> None:
    assert all(is_said(Words(kind.zh, kind.en)) for kind in SIGNAL_KINDS.values())


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (TRACK_NAMES, get_args(TrackName)),
        (NOTE_KINDS, NoteKind),
        (REASON_CATEGORIES, ReasonCategory),
        (BREACHES, set(ReasonCategory) - {ReasonCategory.TECHNICAL}),
        (CANNED_WARNINGS, set(CANNED_WARNINGS)),
        ({kind: Words(CHECK_NAMES_ZH[kind], CHECK_NAMES_EN[kind]) for kind in CHECK_NAMES_ZH}, CheckKind),
    ],
)
def test_every_choice_has_names(table: dict[str, Words], codes: Iterable[str]) -> None:
    assert set(table) == set(codes)
    assert all(is_said(words) for words in table.values())


@pytest.mark.parametrize(
    ("kind", "detail", "zh", "en"),
    [
        ("screen_left", "", "", ""),
        ("screen_left", "blur", "切换到其他窗口", "went to another window"),
        ("screen_left", "hidden", "切换标签页或最小化", "went to another tab, or minimised"),
        ("screen_returned", "12345", "离开 12 秒", "away for 12 s"),
        ("screen_returned", "400", "离开 1 秒", "away for 1 s"),
        ("page_shown", "7", "离开 7 秒", "away for 7 s"),
        ("clock_jump", "61500 ms", "调快 61.5 秒", "61.5 s forward"),
        ("clock_jump", "-3600000 ms", "调慢 3600.0 秒", "3600.0 s back"),
        ("battery_low", "0.15", "15%", "15%"),
        ("battery_low", "1", "100%", "100%"),
        ("orientation_changed", "portrait", "竖向", "portrait"),
        ("media_played", "2", "第 2 次", "time 2"),
        ("answer_changed", "blank 2", "第 2 空", "blank 2"),
        ("answer_changed", "B", "B", "B"),
        ("display_changed", "text_size_3", "特大字号", "larger text"),
        ("virtual_camera", "OBS Virtual Camera", "OBS Virtual Camera", "OBS Virtual Camera"),
        ("check_failed", "camera/of_a_newer_page", "摄像头：of_a_newer_page", "Camera: of_a_newer_page"),
        ("track_stopped", "camera: of_a_newer_page", "摄像头：of_a_newer_page", "Camera: of_a_newer_page"),
        ("kind_of_a_newer_page", "anything at all", "anything at all", "anything at all"),
    ],
)
def test_details_are_said_in_both_languages(kind: str, detail: str, zh: str, en: str) -> None:
    assert say_detail(kind, detail) == Words(zh, en)


@pytest.mark.parametrize("kind", [*STEP_NAMES, *SIGNAL_KINDS, "unknown"])
@pytest.mark.parametrize("detail", ["", "/", ":", "camera/", "²", "1e9 ms", "NaN", "blank", "0.", "９", "a" * 400])
def test_no_detail_breaks_the_log(kind: str, detail: str) -> None:
    words = say_detail(kind, detail)
    assert bool(words.zh) == bool(words.en) == bool(detail)
