"""A sitting that has been sat: five candidates due, one handed in, one still writing, one terminated, two absent."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from invigil.judge.grading.model import Run, RunState
from invigil.judge.grading.store import results as results_store
from invigil.judge.grading.store import runs as runs_store
from invigil.judge.grading.store.tables import runs
from invigil.kernel.ids import AttemptId, CandidateId, ExamId, RoomId, SittingId
from invigil.kernel.principals import SYSTEM
from invigil.platform.db import Transaction
from invigil.prepare.candidates.service.protecting import protect
from invigil.prepare.candidates.store import registrations
from invigil.prepare.exams.api import SittingKind, SittingPlan, SittingRules, create_exam, create_sitting
from invigil.prepare.rooms.model import RoomDraft
from invigil.prepare.rooms.store.seating import replace_rooms
from invigil.sit.answering import store as answering_store
from invigil.sit.answering.model import AttemptState
from invigil.sit.answering.model.sheets import Answer, AnswerSheet
from invigil.sit.answering.rules import encode_sheet
from invigil.sit.answering.service.tickets import Ticket
from invigil.sit.answering.service.writing import AnswerWriter, HandIn
from tests.unit.sit.attempts import make_attempt
from tests.world import World

NAMES = ("张三丰", "=HYPERLINK(1)", "王五", "赵六", "钱七")
EMPLOYERS = ("甲公司", "乙公司", "甲公司", "乙公司", "")


@dataclass(frozen=True)
class Sat:
    """The identifiers of what was sat."""

    exam_id: ExamId
    sitting_id: SittingId
    candidates: list[CandidateId]


async def sit(world: World, rules: SittingRules | None = None) -> Sat:
    """Let it happen; afterwards it is 50 minutes past T0."""
    now = world.clock.now()
    async with world.ports.db.transaction() as tx:
        exam = await create_exam(tx, SYSTEM, title="2026年第一次考核", profile="beijing")
        plan = SittingPlan(SittingKind.REAL, "上午场", ["A"], now + timedelta(minutes=10), rules or SittingRules())
        sitting = await create_sitting(tx, SYSTEM, exam.id, plan)
        candidates = [await _register(tx, exam.id, number) for number in range(len(NAMES))]
        await replace_rooms(
            tx, sitting.id, [RoomDraft(1, "A", tuple(candidates[:2])), RoomDraft(2, "A", tuple(candidates[2:]))]
        )
    for number, state in enumerate((AttemptState.OPEN, AttemptState.OPEN, AttemptState.TERMINATED)):
        attempt = make_attempt(
            id=AttemptId(f"att_{number}"), exam_id=exam.id, sitting_id=sitting.id, room_id=RoomId("room_1"),
            seat_number=number % 2 + 1, candidate_id=candidates[number], item_count=4, state=state, entered_at=now,
            starts_at=sitting.starts_at, ended_at=now + timedelta(minutes=20) if state == AttemptState.TERMINATED else None,
        )  # fmt: skip
        async with world.ports.db.transaction() as tx:
            await answering_store.insert_attempt(tx, attempt, consent_version="1", device={})
    world.clock.advance(timedelta(minutes=60))
    answers = {"i1": Answer(c="B"), "i2": Answer(c="AC"), "i3": Answer(t=["塔吊"]), "i4": Answer(b=True)}
    sheet = AnswerSheet(v=1, attempt="att_0", seq=1, answers=answers, flags=[])
    await AnswerWriter(world.ports.db).hand_in(HandIn(Ticket(AttemptId("att_0"), 1), sheet, 0, encode_sheet(sheet)))
    return Sat(exam.id, sitting.id, candidates)


async def _register(tx: Transaction, exam_id: ExamId, number: int) -> CandidateId:
    candidate_id = CandidateId(f"cand_{number}")
    fields = {"name": NAMES[number], "identity_number": f"11010119900101{number:04}", "phone": ""}
    row: dict[str, object] = {
        "id": candidate_id, "exam_id": exam_id, "subject_code": "A", "ticket_number": f"26A{number:05}", "state": "registered",
        "employer": EMPLOYERS[number], "import_id": "imp_1", "created_at": tx.now, "changed_at": tx.now,
        **protect(tx.keys, candidate_id, fields),
    }  # fmt: skip
    await registrations.insert_candidates(tx, [row])
    return candidate_id


async def grade(world: World, sat: Sat, state: RunState) -> None:
    """Write a graded run: the first candidate earned 59.5 of 100, the third 0."""
    now = world.clock.now()
    run = Run(
        id=f"grun_{state}", sitting_id=sat.sitting_id, number=len(RunState), state=state, reason="", corrections=(), people=2,
        passed=0, begun_by="staff_1", begun_at=now, graded_at=now, proposed_by="staff_1", proposed_at=now,
        approved_by="staff_2", approved_at=now, withdrawn_reason="",
    )  # fmt: skip
    rows = [
        {
            "run_id": run.id, "candidate_id": sat.candidates[number], "attempt_id": f"att_{number}", "paper_set_id": "set_1",
            "subject_code": "A", "outcome": "handed_in", "earned": earned, "possible": 200, "full": 200, "is_passed": False,
            "sheet_sha256": "", "marks": b"",
        }
        for number, earned in ((0, 119), (2, 0))
    ]  # fmt: skip
    async with world.ports.db.transaction() as tx:
        await runs_store.insert_run(tx, run)
        # Inserting writes a run that begins; this one is over.
        await tx.execute(update(runs).where(runs.c.id == run.id).values(graded_at=now))
        await results_store.insert_results(tx, rows)
