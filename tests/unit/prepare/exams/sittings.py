"""Sittings for the tests of pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from invigil.kernel.ids import ExamId, SittingId
from invigil.prepare.exams.model import Sitting, SittingKind, SittingRules, SittingState

T0 = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
RULES = SittingRules(
    duration=timedelta(minutes=90),
    early_hand_in_after=timedelta(minutes=30),
    late_entry_within=timedelta(minutes=30),
    save_grace=timedelta(seconds=60),
)


def sitting_at(state: SittingState, **changes: Any) -> Sitting:
    """Return a sitting of 90 minutes at T0 in this state."""
    plain = Sitting(
        id=SittingId("sitting_1"),
        exam_id=ExamId("exam_1"),
        kind=SittingKind.REAL,
        title="上午场",
        papers={"A": None},
        starts_at=T0,
        ends_at=T0 + timedelta(minutes=90),
        late_entry_until=T0 + timedelta(minutes=30),
        last_deadline=T0 + timedelta(minutes=90),
        rules=RULES,
        state=state,
        capacity=None,
        requires_mock=True,
        version=1,
        lock_proposed_by="",
        locked_by="",
    )
    return replace(plain, **changes)
