"""Candidates in the middle of a made-up sitting, for measurements and fault tests."""

from datetime import datetime, timedelta

from invigil.kernel.ids import AttemptId, CandidateId, ExamId, RoomId, SittingId
from invigil.platform.ports import Ports
from invigil.sit.answering.api import Attempt, AttemptState, Ticket, insert_attempts, issue_ticket

SITTING = SittingId("sit_bench")
ITEMS = 100
SEATS_AT_ONCE = 2_000


async def seat_attempts(ports: Ports, seats: int, *, seats_per_room: int = 30) -> list[tuple[str, str]]:
    """Write attempts that began an hour ago; return (attempt, ticket) of each."""
    attempts = [made_up_attempt(number, ports.clock.now(), seats_per_room) for number in range(seats)]
    for start in range(0, seats, SEATS_AT_ONCE):
        async with ports.db.transaction() as tx:
            await insert_attempts(tx, attempts[start : start + SEATS_AT_ONCE], consent_version="1", device={})
    return [(str(one.id), issue_ticket(ports.keys, Ticket(one.id, 1))) for one in attempts]


def made_up_attempt(number: int, now: datetime, seats_per_room: int = 30) -> Attempt:
    """Return an attempt that began an hour ago, so many to a room."""
    return Attempt(
        id=AttemptId(f"att_{number:026d}"),
        exam_id=ExamId("exam_bench"),
        sitting_id=SITTING,
        is_mock=False,
        room_id=RoomId(f"room_{number // seats_per_room}"),
        seat_number=number % seats_per_room + 1,
        candidate_id=CandidateId(f"cand_{number:026d}"),
        paper_set_id="set_bench",
        subject_code="A",
        item_count=ITEMS,
        state=AttemptState.OPEN,
        seat_epoch=1,
        login_id="",
        starts_at=now - timedelta(hours=1),
        duration=timedelta(hours=3),
        extra_time=timedelta(0),
        paused_for=timedelta(0),
        paused_at=None,
        grace=timedelta(minutes=1),
        early_hand_in_after=timedelta(0),
        entered_at=now,
        ended_at=None,
        round=1,
    )
