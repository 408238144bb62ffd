"""Attempts to test with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from invigil.kernel.ids import AttemptId, CandidateId, ExamId, RoomId, SittingId
from invigil.sit.answering.model import Attempt, AttemptState

T0 = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def make_attempt(**changes: Any) -> Attempt:
    """Return an attempt of 90 minutes that began at T0, changed as asked."""
    attempt = Attempt(
        id=AttemptId("att_1"),
        exam_id=ExamId("exam_1"),
        sitting_id=SittingId("sit_1"),
        is_mock=False,
        room_id=RoomId("room_1"),
        seat_number=1,
        candidate_id=CandidateId("cand_1"),
        paper_set_id="set_1",
        subject_code="A",
        item_count=10,
        state=AttemptState.OPEN,
        seat_epoch=1,
        login_id="login_1",
        starts_at=T0,
        duration=timedelta(minutes=90),
        extra_time=timedelta(0),
        paused_for=timedelta(0),
        paused_at=None,
        grace=timedelta(seconds=60),
        early_hand_in_after=timedelta(minutes=30),
        entered_at=T0,
        ended_at=None,
        round=1,
    )
    return replace(attempt, **changes)
