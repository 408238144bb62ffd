"""The whole checklist of an examination: what exams knows, and what rooms adds."""

from invigil.kernel.ids import ExamId
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import ChecklistItem, list_exam_items
from invigil.prepare.rooms.rules.checklist import build_room_items
from invigil.prepare.rooms.service.confirming import list_changes_since_signed
from invigil.prepare.rooms.service.planning import gather_plan_facts
from invigil.prepare.rooms.service.proctoring import list_proctor_accounts
from invigil.prepare.rooms.store import confirmations


async def list_checklist(tx: Transaction, exam_id: ExamId) -> list[ChecklistItem]:
    """Return every item in the order in which work is done.

    Raises: ExamNotFound.
    """
    items = await list_exam_items(tx, exam_id)
    facts = await gather_plan_facts(tx, exam_id)
    plan = await confirmations.read_plan(tx, exam_id)
    sheets = await confirmations.list_confirmations(tx, exam_id)
    proctors = await list_proctor_accounts(tx)
    changes = await list_changes_since_signed(tx, exam_id)
    mine = build_room_items(facts, plan, sheets, changes=changes, proctor_count=len(proctors))
    place = next(place for place, one in enumerate(items) if one.code == "locks") + 1
    return [*items[:place], *mine, *items[place:]]
