"""Which steps of pages are signals: every kind of the table has somebody who raises it."""

from datetime import UTC, datetime

import pytest

from invigil.sit.activity.model import Importance, LoggedStep
from invigil.watch.signals.model import SIGNAL_KINDS
from invigil.watch.signals.rules import read_steps_as_signals

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def step(device: str, kind: str) -> LoggedStep:
    return LoggedStep(1, device, AT, AT, kind, "i1", "", Importance.PLAIN)


@pytest.mark.parametrize(
    ("device", "kind", "expected"),
    [
        ("pc", "copy", "copy"),
        ("pc", "seat_revoked", "seat_moved"),
        ("phone", "page_hidden", "phone_hidden"),
        ("phone", "battery_low", "phone_battery_low"),
        ("phone", "orientation_changed", "phone_moved"),
        ("pc", "orientation_changed", None),
        ("pc", "question_opened", None),
    ],
)
def test_a_step_is_the_signal_of_its_device(device: str, kind: str, expected: str | None) -> None:
    found = [one.kind for one in read_steps_as_signals([step(device, kind)])]
    assert found == ([expected] if expected else [])


def test_no_kind_of_the_phone_is_without_a_step() -> None:
    steps = ("page_hidden", "battery_low", "orientation_changed")
    found = {one.kind for kind in steps for one in read_steps_as_signals([step("phone", kind)])}
    assert found == {kind for kind, about in SIGNAL_KINDS.items() if about.source == "phone"}
