"""How a sitting is recorded: bounds, what is written is read, what it costs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from invigil.prepare.exams.model import PictureRules, RecordingRules, SittingRules, StopRule, Track
from invigil.prepare.exams.rules.recording import (
    decode_recording,
    encode_recording,
    estimate_recording,
    find_recording_faults,
)
from invigil.prepare.exams.rules.sitting_rules import decode_rules, encode_rules, find_rule_faults

RULES = RecordingRules()
PICTURE = RULES.camera


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({"screen": replace(PICTURE, width=160)}, True), ({"screen": replace(PICTURE, width=158)}, False),
        ({"phone": replace(PICTURE, width=641)}, False), ({"camera": replace(PICTURE, height=481)}, False),
        ({"camera": replace(PICTURE, height=2160)}, True), ({"camera": replace(PICTURE, height=2162)}, False),
        ({"phone": replace(PICTURE, frames_per_s=1)}, True), ({"phone": replace(PICTURE, frames_per_s=0)}, False),
        ({"phone": replace(PICTURE, frames_per_s=30)}, True), ({"phone": replace(PICTURE, frames_per_s=31)}, False),
        ({"screen": replace(PICTURE, kbps=30)}, True), ({"screen": replace(PICTURE, kbps=29)}, False),
        ({"audio_kbps": 8}, True), ({"audio_kbps": 7}, False), ({"audio_kbps": 128}, True), ({"audio_kbps": 129}, False),
        ({"segment_length": timedelta(seconds=2)}, True), ({"segment_length": timedelta(milliseconds=1999)}, False),
        ({"segment_length": timedelta(seconds=15)}, True), ({"segment_length": timedelta(seconds=15, milliseconds=1)}, False),
        ({"phone_preview_percent": 20}, True), ({"phone_preview_percent": 19}, False), ({"phone_preview_percent": 101}, False),
        ({"retention_days": 1}, True), ({"retention_days": 0}, False), ({"retention_days": 3651}, False),
    ],
)  # fmt: skip
def test_bounds(change: dict[str, Any], *, holds: bool) -> None:
    faults = find_recording_faults(replace(RULES, **change))
    assert [one.field for one in faults] == ([] if holds else [f"recording.{next(iter(change))}"])
    assert find_rule_faults(SittingRules(recording=replace(RULES, **change))) == faults


def test_what_is_written_is_read() -> None:
    changed = replace(
        RULES, screen=PictureRules(1920, 1080, 5, 400), on_track_stopped=StopRule.PAUSE, needs_second_review=True
    )
    for rules in (RULES, changed):
        assert decode_recording(encode_recording(rules)) == rules
    before = encode_rules(SittingRules())
    del before["recording"]  # a sitting that was planned before recordings existed
    assert decode_rules(before).recording == RULES


def test_the_defaults_cost_what_was_measured() -> None:
    """Measured in Chromium with H.264: screen 129 kbit/s, each camera 81, all three about 130 MB per hour."""
    estimates = estimate_recording(RULES, tuple(Track))
    assert [round(one.kbps) for one in estimates] == [129, 82, 82]
    assert round(sum(one.mb_per_hour for one in estimates)) == 132
    assert [one.most_mb_per_hour for one in estimates] == [67.5, 168.3, 168.3]


@pytest.mark.parametrize("track", Track)
def test_no_more_is_expected_than_is_asked_for(track: Track) -> None:
    for frames in range(1, 31):
        picture = PictureRules(640, 480, frames, 350)
        (one,) = estimate_recording(RecordingRules(screen=picture, camera=picture, phone=picture), [track])
        assert 0 < one.mb_per_hour <= one.most_mb_per_hour
