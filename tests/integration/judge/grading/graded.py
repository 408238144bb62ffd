"""A closed sitting of four candidates on real papers: full marks, half wrong, nothing saved, expelled."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from invigil.kernel.ids import AttemptId, CandidateId, ExamId, PaperSetId, RoomId, SittingId
from invigil.kernel.principals import SYSTEM, Principal, PrincipalKind
from invigil.platform.db import Transaction
from invigil.prepare.candidates.service.protecting import protect
from invigil.prepare.candidates.store import registrations
from invigil.prepare.exams.api import (
    SittingKind,
    SittingPlan,
    SittingRules,
    SittingState,
    access_sitting,
    create_exam,
    create_sitting,
    edit_subject,
)
from invigil.prepare.exams.store import sittings as sittings_store
from invigil.prepare.papers import api as papers
from invigil.prepare.papers.model import Blueprint
from invigil.prepare.papers.rules.encoding import decode_paper
from invigil.prepare.papers.rules.rendering import render_answers
from invigil.prepare.papers.service.bank import open_answer_keys
from invigil.sit.answering import store as answering_store
from invigil.sit.answering.model import AttemptState
from invigil.sit.answering.model.sheets import Answer, AnswerSheet
from invigil.sit.answering.rules import encode_sheet
from invigil.sit.answering.service.sweeping import hand_in_what_is_due
from invigil.sit.answering.service.tickets import Ticket
from invigil.sit.answering.service.writing import AnswerWriter, HandIn
from tests.integration.prepare.papers.bank import BLUEPRINT
from tests.unit.sit.attempts import make_attempt
from tests.world import World

NAMES = ("张三", "李四", "王五", "赵六")
OTHER = Principal(PrincipalKind.STAFF, "staff_other", "另一人")


@dataclass(frozen=True)
class Graded:
    """What was sat; the candidates in the order of the names. versions: of the first one's paper."""

    exam_id: ExamId
    sitting_id: SittingId
    paper_set_id: PaperSetId
    candidates: tuple[CandidateId, ...]
    versions: tuple[str, ...]


async def sit_papers(world: World, **rules: Any) -> Graded:
    """Let four candidates sit; afterwards the sitting is closed."""
    start = world.clock.now() + timedelta(minutes=10)
    async with world.ports.db.transaction() as tx:
        paper_set_id = await _lock_papers(tx)
        exam = await create_exam(tx, SYSTEM, title="考核", profile="beijing")
        await edit_subject(tx, SYSTEM, exam.id, "C1", title="机械", paper_set_id=paper_set_id, mock_paper_set_id=None)
        plan = SittingPlan(SittingKind.REAL, "上午场", ["C1"], start, SittingRules(**rules))
        sitting = await create_sitting(tx, SYSTEM, exam.id, plan)
        await sittings_store.update_sitting(tx, replace(sitting, state=SittingState.RUNNING))
        people = tuple([await _register(tx, exam.id, number) for number in range(len(NAMES))])
        await papers.generate(tx, SYSTEM, paper_set_id, people)
    for number, person in enumerate(people):
        await _enter(world, exam.id, sitting.id, paper_set_id=paper_set_id, person=person, number=number)
    world.clock.advance(timedelta(minutes=60))
    await _hand_in(world, "att_0", await _right_answers(world, paper_set_id, people[0]))
    right = await _right_answers(world, paper_set_id, people[1])
    await _hand_in(world, "att_1", {item: answer for item, answer in right.items() if int(item[1:]) % 2})
    world.clock.advance(timedelta(hours=2))
    await hand_in_what_is_due(world.ports.db)
    versions = await versions_of(world, paper_set_id, people[0])
    return Graded(exam.id, sitting.id, paper_set_id, people, versions)


async def versions_of(world: World, paper_set_id: str, person: str) -> tuple[str, ...]:
    """Return the question versions of a candidate's paper, in presented order."""
    async with world.ports.db.reading() as tx:
        paper = decode_paper((await papers.load_papers(tx, paper_set_id, [person]))[person])
        pool = (await papers.load_grading_set(tx, paper_set_id)).pool
    return tuple(pool.questions[place].version_id for place in paper.questions)


async def _lock_papers(tx: Transaction) -> PaperSetId:
    blueprint = await papers.create_blueprint(tx, SYSTEM, Blueprint.model_validate(BLUEPRINT))
    paper_set = await papers.create_set(tx, SYSTEM, blueprint.id, 10)
    paper_set, snapshot = await papers.begin_generation(tx, paper_set.id)
    await papers.keep_drawn(tx, SYSTEM, paper_set, await papers.draw_up(paper_set, snapshot))
    await papers.proof(tx, SYSTEM, paper_set.id)
    await papers.lock(tx, OTHER, paper_set.id)
    return paper_set.id


async def _register(tx: Transaction, exam_id: ExamId, number: int) -> CandidateId:
    candidate_id = CandidateId(f"cand_{number}")
    fields = {"name": NAMES[number], "identity_number": f"11010119900101{number:04}", "phone": ""}
    row: dict[str, object] = {
        "id": candidate_id, "exam_id": exam_id, "subject_code": "C1", "ticket_number": f"26C{number:05}",
        "state": "registered", "employer": "甲公司", "import_id": "imp_1", "created_at": tx.now, "changed_at": tx.now,
        **protect(tx.keys, candidate_id, fields),
    }  # fmt: skip
    await registrations.insert_candidates(tx, [row])
    return candidate_id


async def _enter(
    world: World, exam_id: ExamId, sitting_id: SittingId, *, paper_set_id: str, person: CandidateId, number: int
) -> None:
    async with world.ports.db.transaction() as tx:
        sitting = await access_sitting(tx, sitting_id)
        is_expelled = number == 3
        attempt = make_attempt(
            id=AttemptId(f"att_{number}"), exam_id=exam_id, sitting_id=sitting_id, room_id=RoomId("room_1"),
            seat_number=number + 1, candidate_id=person, paper_set_id=paper_set_id, subject_code="C1", item_count=13,
            state=AttemptState.TERMINATED if is_expelled else AttemptState.OPEN, entered_at=tx.now,
            starts_at=sitting.starts_at, ended_at=tx.now if is_expelled else None,
        )  # fmt: skip
        await answering_store.insert_attempt(tx, attempt, consent_version="1", device={})


async def _right_answers(world: World, paper_set_id: str, person: CandidateId) -> dict[str, Answer]:
    async with world.ports.db.reading() as tx:
        grading_set = await papers.load_grading_set(tx, paper_set_id)
        paper = decode_paper((await papers.load_papers(tx, paper_set_id, [person]))[person])
        versions = [grading_set.pool.questions[place].version_id for place in paper.questions]
        keys = await open_answer_keys(tx, versions)
    shown = render_answers(grading_set.blueprint, grading_set.pool, keys, paper)
    answers = {}
    for item, one in shown.items():
        answer = one["answer"]
        if "choices" in answer:
            answers[item] = Answer(c="".join(answer["choices"]))
        elif "correct" in answer:
            answers[item] = Answer(b=answer["correct"])
        else:
            answers[item] = Answer(t=[f" {variants[-1]}。" for variants in answer["blanks"]])
    return answers


async def _hand_in(world: World, attempt_id: str, answers: dict[str, Answer]) -> None:
    sheet = AnswerSheet(v=1, attempt=attempt_id, seq=1, answers=answers, flags=[])
    unanswered = 13 - len(answers)
    await AnswerWriter(world.ports.db).hand_in(
        HandIn(Ticket(AttemptId(attempt_id), 1), sheet, unanswered, encode_sheet(sheet))
    )
