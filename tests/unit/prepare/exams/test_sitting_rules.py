"""The rules of a sitting: each boundary, and the form they are kept in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.prepare.exams.model import BEIJING_PROFILE, Orientation, SittingRules, Track
from invigil.prepare.exams.rules.sitting_rules import (
    compute_ends_at,
    decode_rules,
    encode_rules,
    find_rule_faults,
    may_leave_before_last_enters,
    order_tracks,
)
from tests.unit.prepare.exams.sittings import RULES, T0


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("field", "value", "is_fine"),
    [
        ("duration", minutes(1) - timedelta(seconds=1), False),
        ("duration", minutes(480), True),
        ("duration", minutes(480) + timedelta(seconds=1), False),
        ("early_hand_in_after", minutes(-1), False),
        ("early_hand_in_after", minutes(0), True),
        ("early_hand_in_after", minutes(90), True),
        ("early_hand_in_after", minutes(91), False),
        ("late_entry_within", minutes(-1), False),
        ("late_entry_within", minutes(0), True),
        ("late_entry_within", minutes(90), True),
        ("late_entry_within", minutes(91), False),
        ("screen_left_warnings", -1, False),
        ("screen_left_warnings", 0, True),
        ("screen_left_warnings", 99, True),
        ("screen_left_warnings", 100, False),
        ("tracks_required", (), True),
        ("tracks_required", (Track.SCREEN, Track.SCREEN), False),
        ("consent_version", " ", False),
        ("consent_version", "x" * 40, True),
        ("consent_version", "x" * 41, False),
        ("consent_text", "", False),
        ("consent_text", "同" * 20_000, True),
        ("consent_text", "同" * 20_001, False),
        ("save_grace", timedelta(0), True),
        ("save_grace", minutes(10), True),
        ("save_grace", minutes(10) + timedelta(seconds=1), False),
    ],
)
def test_boundaries(field: str, value: Any, is_fine: bool) -> None:
    faults = find_rule_faults(replace(RULES, **{field: value}))
    if is_fine:
        assert faults == []
    else:
        assert field in [fault.field for fault in faults]


def test_shortest_duration_stands() -> None:
    short = replace(RULES, duration=minutes(1), early_hand_in_after=minutes(0), late_entry_within=minutes(1))
    assert find_rule_faults(short) == []


def test_faults_say_so_in_chinese() -> None:
    (fault,) = find_rule_faults(replace(RULES, save_grace=minutes(11)))
    assert "宽限" in fault.zh


def test_leaving_before_the_last_enters_is_noticed() -> None:
    assert not may_leave_before_last_enters(RULES)
    assert may_leave_before_last_enters(replace(RULES, early_hand_in_after=minutes(29)))


def test_all_end_together_unless_late_comers_keep_the_duration() -> None:
    assert compute_ends_at(T0, RULES) == T0 + minutes(90)
    assert compute_ends_at(T0, replace(RULES, late_entry_keeps_duration=True)) == T0 + minutes(120)


def test_beijing_profile_is_the_plan() -> None:
    assert [one.code for one in BEIJING_PROFILE.subjects] == ["A", "B", "C1", "C2", "C3"]
    assert BEIJING_PROFILE.rules.duration == minutes(90)
    assert BEIJING_PROFILE.is_mock_required
    assert not BEIJING_PROFILE.rules.allows_extra_time
    assert find_rule_faults(BEIJING_PROFILE.rules) == []


seconds = st.integers(0, 100_000).map(lambda number: timedelta(seconds=number))


@given(
    st.builds(
        SittingRules,
        duration=seconds,
        early_hand_in_after=seconds,
        late_entry_within=seconds,
        save_grace=seconds,
        orientation=st.sampled_from(Orientation),
        tracks_required=st.lists(st.sampled_from(Track)).map(lambda tracks: order_tracks(tuple(tracks))),
        consent_text=st.text(),
        has_calculator=st.booleans(),
    )
)
def test_written_rules_read_back(rules: SittingRules) -> None:
    assert decode_rules(encode_rules(rules)) == rules
