"""Candidates in the middle of a made-up sitting, for measurements and fault tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from invigil.base.accounts.api import create_staff
from invigil.kernel.ids import AttemptId, CandidateId, ExamId, RoomId, SittingId
from invigil.kernel.principals import SYSTEM, Role
from invigil.platform.db import metadata
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import BEIJING_PROFILE, encode_rules
from invigil.sit.answering.api import Attempt, AttemptState, Ticket, insert_attempts, issue_ticket

SITTING = SittingId("sit_bench")
ROOM = "room_0"
LOGIN, PASSWORD = "bench", "Bench-Staff-2026!"
ITEMS = 100
SEATS_AT_ONCE = 2_000


async def seat_attempts(ports: Ports, seats: int, *, seats_per_room: int = 30) -> list[tuple[str, str]]:
    """Write attempts that began an hour ago; return (attempt, ticket) of each."""
    attempts = [made_up_attempt(number, ports.clock.now(), seats_per_room) for number in range(seats)]
    return await seat(ports, attempts)


async def seat(ports: Ports, attempts: Sequence[Attempt]) -> list[tuple[str, str]]:
    """Write these attempts; return (attempt, ticket) of each."""
    for start in range(0, len(attempts), SEATS_AT_ONCE):
        async with ports.db.transaction() as tx:
            await insert_attempts(tx, attempts[start : start + SEATS_AT_ONCE], consent_version="1", device={})
    return [(str(one.id), issue_ticket(ports.keys, Ticket(one.id, 1))) for one in attempts]


async def open_room(ports: Ports, seats: int, starts_at: datetime) -> None:
    """Write a running sitting with one room in which the first attempts sit, and an administrator who may watch it."""
    tables = metadata.tables
    async with ports.db.transaction() as tx:
        exam = {"id": "exam_bench", "title": "bench", "profile": "beijing", "is_mock_required": False, "version": 1}
        await tx.execute(tables["exams_exam"].insert().values(created_at=ports.clock.now(), **exam))
        sitting = {
            "id": str(SITTING),
            "exam_id": "exam_bench",
            "kind": "real",
            "title": "bench",
            "subject_codes": ["A"],
            "starts_at": starts_at,
            "last_deadline": starts_at + timedelta(hours=3),
            "rules": encode_rules(BEIJING_PROFILE.rules),
            "state": "running",
            "version": 1,
            "lock_proposed_by": "",
            "locked_by": "",
        }
        await tx.execute(tables["exams_sitting"].insert().values(**sitting))
        room = {"id": ROOM, "sitting_id": str(SITTING), "number": 1, "subject_code": "A"}
        await tx.execute(tables["rooms_room"].insert().values(**room))
        for number in range(seats):
            taken = {"sitting_id": str(SITTING), "candidate_id": f"cand_{number:026d}", "room_id": ROOM}
            await tx.execute(tables["rooms_seat"].insert().values(seat_number=number + 1, **taken))
        await create_staff(
            tx, SYSTEM, login_name=LOGIN, display_name="bench", roles=[Role.ADMINISTRATOR], password=PASSWORD
        )


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
