"""Gathering what is known about the rooms of a sitting, for the confirmation and the checklist."""

from invigil.kernel.ids import CandidateId, ExamId, StaffId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import list_registered_ids
from invigil.prepare.exams.api import Sitting, SittingKind, list_sittings_beside, list_sittings_of_exam
from invigil.prepare.rooms.rules.planning import PlanFacts, PlanFault, find_plan_faults, is_outdated
from invigil.prepare.rooms.service.recusing import DECLARATION_LASTS
from invigil.prepare.rooms.store import recusals, seating


async def gather_plan_facts(tx: Transaction, exam_id: ExamId) -> list[PlanFacts]:
    """Return the facts of every real sitting, by start.

    A subject's candidates without a seat count as missing in the first sitting of that subject.
    """
    sittings = [one for one in await list_sittings_of_exam(tx, exam_id) if one.kind == SittingKind.REAL]
    seated = await seating.list_seated_ids(tx, [one.id for one in sittings])
    codes = sorted({code for one in sittings for code in one.papers})
    known: set[CandidateId] = set()
    unseated: dict[str, int] = {}
    for code in codes:
        registered = await list_registered_ids(tx, exam_id, code)
        known.update(registered)
        unseated[code] = sum(one not in seated for one in registered)
    facts = []
    for sitting in sittings:
        missing = sum(unseated.pop(code, 0) for code in sitting.papers)
        facts.append(await _facts(tx, sitting, known, missing))
    return facts


async def gather_plan_faults(tx: Transaction, exam_id: ExamId) -> list[PlanFault]:
    """Return what stands in the way of confirming the rooms of the examination."""
    facts = await gather_plan_facts(tx, exam_id)
    if not facts:
        return [PlanFault("no_sitting", "还没有正式场次", "there is no real sitting")]
    return [fault for one in facts for fault in find_plan_faults(one)]


async def _facts(tx: Transaction, sitting: Sitting, known: set[CandidateId], missing: int) -> PlanFacts:
    arrangement = await seating.read_arrangement(tx, sitting.id)
    rooms = await seating.list_rooms(tx, sitting.id)
    declared = await recusals.read_declarations(tx)
    in_force = {one for one, given in declared.items() if given.declared_at + DECLARATION_LASTS > tx.now}
    watching = {staff_id for room in rooms for staff_id in room.proctor_ids}
    return PlanFacts(
        title=sitting.title,
        is_arranged=arrangement is not None,
        is_outdated=is_outdated(rooms, sitting.papers),
        busy=len(watching & await _list_busy_beside(tx, sitting)),
        rooms=rooms,
        unseated=missing,
        withdrawn=len(await seating.list_seated_ids(tx, [sitting.id]) - known),
        undeclared=len(watching - in_force),
    )


async def _list_busy_beside(tx: Transaction, sitting: Sitting) -> set[StaffId]:
    beside = [one.id for one in await list_sittings_beside(tx, sitting)]
    return await seating.list_busy_proctors(tx, beside)
