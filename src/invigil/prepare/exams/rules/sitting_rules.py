"""Checking, writing and reading the rules of a sitting."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from invigil.prepare.exams.model import Orientation, RuleFault, SittingRules, Track
from invigil.prepare.exams.model.sitting_rules import ALL_TRACKS
from invigil.prepare.exams.rules.recording import decode_recording, encode_recording, find_recording_faults

# Short enough for a rehearsal or a demonstration.
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=8)
# A save is sent at once; ten minutes cover an outage of a home router.
LONGEST_GRACE = timedelta(minutes=10)
MOST_WARNINGS = 99
LONGEST_CONSENT = 20_000
LONGEST_CONSENT_VERSION = 40

Check = tuple[str, Callable[[SittingRules], bool], str, str]

_ZERO = timedelta(0)

_CHECKS: tuple[Check, ...] = (
    (
        "duration",
        lambda rules: SHORTEST <= rules.duration <= LONGEST,
        "考核时长须在 1 分钟到 8 小时之间。",
        "The duration must lie between 1 minute and 8 hours.",
    ),
    (
        "early_hand_in_after",
        lambda rules: _ZERO <= rules.early_hand_in_after <= rules.duration,
        "允许交卷的时间不能早于开考，也不能晚于考核结束。",
        "Handing in must become possible between the start and the end.",
    ),
    (
        "late_entry_within",
        lambda rules: _ZERO <= rules.late_entry_within <= rules.duration,
        "迟到入场的截止时间不能早于开考，也不能晚于考核结束。",
        "Late entry must end between the start and the end.",
    ),
    (
        "screen_left_warnings",
        lambda rules: 0 <= rules.screen_left_warnings <= MOST_WARNINGS,
        "离开答题页面的警告次数须为 0 到 99。",
        "The number of warnings must lie between 0 and 99.",
    ),
    (
        "tracks_required",
        lambda rules: rules.tracks_required == tuple(track for track in ALL_TRACKS if track in rules.tracks_required),
        "录制要求中有重复的项目。",
        "A track is named twice.",
    ),
    (
        "consent_version",
        lambda rules: 0 < len(rules.consent_version.strip()) <= LONGEST_CONSENT_VERSION,
        "请填写知情同意书的版本号（不超过 40 个字符）。",
        "The consent needs a version of at most 40 characters.",
    ),
    (
        "consent_text",
        lambda rules: 0 < len(rules.consent_text.strip()) <= LONGEST_CONSENT,
        "请填写知情同意书正文（不超过 20000 字）。",
        "The consent needs a text of at most 20,000 characters.",
    ),
    (
        "save_grace",
        lambda rules: _ZERO <= rules.save_grace <= LONGEST_GRACE,
        "截止后接收保存的宽限时间须在 0 到 10 分钟之间。",
        "The grace for late saves must lie between 0 and 10 minutes.",
    ),
)


def find_rule_faults(rules: SittingRules) -> list[RuleFault]:
    """Return every rule that cannot stand, in the order of the fields; empty when all can."""
    faults = [RuleFault(field, zh, en) for field, holds, zh, en in _CHECKS if not holds(rules)]
    return [*faults, *find_recording_faults(rules.recording)]


def may_leave_before_last_enters(rules: SittingRules) -> bool:
    """Tell whether somebody could hand in and still talk to somebody who has not begun: worth a warning, not forbidden."""
    return rules.early_hand_in_after < rules.late_entry_within


def order_tracks(tracks: tuple[Track, ...]) -> tuple[Track, ...]:
    """Return the tracks in the one order; duplicates stay, so that the check can name them."""
    return tuple(sorted(tracks, key=ALL_TRACKS.index))


def compute_ends_at(starts_at: datetime, rules: SittingRules) -> datetime:
    """Return the last regular deadline: T0 + duration, later where late-comers keep the whole duration."""
    late = rules.late_entry_within if rules.late_entry_keeps_duration else _ZERO
    return starts_at + late + rules.duration


def encode_rules(rules: SittingRules) -> dict[str, Any]:
    """Return the rules as JSON values; times in whole seconds under `<name>_s`."""
    return {
        "duration_s": _seconds(rules.duration),
        "early_hand_in_after_s": _seconds(rules.early_hand_in_after),
        "late_entry_within_s": _seconds(rules.late_entry_within),
        "late_entry_keeps_duration": rules.late_entry_keeps_duration,
        "screen_left_warnings": rules.screen_left_warnings,
        "has_calculator": rules.has_calculator,
        "may_review_after": rules.may_review_after,
        "shows_result": rules.shows_result,
        "orientation": rules.orientation.value,
        "tracks_required": [track.value for track in rules.tracks_required],
        "consent_version": rules.consent_version,
        "consent_text": rules.consent_text,
        "allows_several_screens": rules.allows_several_screens,
        "allows_extra_time": rules.allows_extra_time,
        "save_grace_s": _seconds(rules.save_grace),
        "recording": encode_recording(rules.recording),
    }


def decode_rules(written: Mapping[str, Any]) -> SittingRules:
    """Read what `encode_rules` wrote.

    Raises: KeyError, ValueError - it is something else.
    """
    return SittingRules(
        duration=timedelta(seconds=written["duration_s"]),
        early_hand_in_after=timedelta(seconds=written["early_hand_in_after_s"]),
        late_entry_within=timedelta(seconds=written["late_entry_within_s"]),
        late_entry_keeps_duration=written["late_entry_keeps_duration"],
        screen_left_warnings=written["screen_left_warnings"],
        has_calculator=written["has_calculator"],
        may_review_after=written["may_review_after"],
        shows_result=written["shows_result"],
        orientation=Orientation(written["orientation"]),
        tracks_required=tuple(Track(track) for track in written["tracks_required"]),
        consent_version=written["consent_version"],
        consent_text=written["consent_text"],
        allows_several_screens=written["allows_several_screens"],
        allows_extra_time=written["allows_extra_time"],
        save_grace=timedelta(seconds=written["save_grace_s"]),
        recording=decode_recording(written.get("recording")),
    )


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
