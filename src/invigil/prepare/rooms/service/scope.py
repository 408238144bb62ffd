"""What every change to rooms begins with: the right sitting, alone, in a state that allows it, on the version that was read."""

from collections.abc import Collection, Mapping

from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId, SittingId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import list_for_arrangement
from invigil.prepare.exams.api import (
    STATE_NAMES_ZH,
    Sitting,
    SittingKind,
    SittingState,
    access_sitting,
    compute_sitting_state,
    list_sittings_of_exam,
)
from invigil.prepare.rooms.model import Person, PlanState
from invigil.prepare.rooms.model.refusals import (
    ArrangementChanged,
    ArrangementNotPossible,
    NotArranged,
    PlanFrozen,
)
from invigil.prepare.rooms.rules.arranging import normalise_employer
from invigil.prepare.rooms.store import confirmations, seating

PLAN_STATES_ZH = {PlanState.EDITABLE: "可编辑", PlanState.SUBMITTED: "已提交待签署", PlanState.SIGNED: "已签署"}
_WAYS_ZH = {PlanState.SUBMITTED: "撤回提交", PlanState.SIGNED: "发起变更"}
CHANGEABLE_STATES = (SittingState.LOCKED, SittingState.OPEN)


async def access_changeable(tx: Transaction, sitting_id: SittingId, version: int) -> Sitting:
    """Return the sitting, alone until the end of the transaction, when its rooms may be changed.

    version: of the arrangement as it was read; 0 when there was none.
    Raises: SittingNotFound, ArrangementNotPossible, PlanFrozen, ArrangementChanged.
    """
    sitting = await access_sitting(tx, sitting_id)
    await lock_rooms(tx, sitting.exam_id)
    state = compute_sitting_state(sitting, tx.now)
    if state not in CHANGEABLE_STATES:
        raise ArrangementNotPossible(state=state.value, state_zh=STATE_NAMES_ZH[state])
    if sitting.kind == SittingKind.REAL:
        await check_editable(tx, sitting.exam_id)
    arrangement = await seating.read_arrangement(tx, sitting_id)
    current = 0 if arrangement is None else arrangement.version
    if current != version:
        raise ArrangementChanged(version=current)
    return sitting


async def access_arranged(tx: Transaction, sitting_id: SittingId, version: int) -> Sitting:
    """Return the sitting as `access_changeable` does, when it has rooms already.

    Raises: as `access_changeable`; NotArranged.
    """
    sitting = await access_changeable(tx, sitting_id, version)
    if version == 0:
        raise NotArranged
    return sitting


async def lock_rooms(tx: Transaction, exam_id: ExamId) -> None:
    """Let nobody else change rooms of this examination until the end of the transaction."""
    await tx.lock(f"rooms.exam/{exam_id}")


async def check_editable(tx: Transaction, exam_id: ExamId) -> None:
    """Pass when no confirmation sheet freezes the examination's rooms.

    Raises: PlanFrozen.
    """
    plan = await confirmations.read_plan(tx, exam_id)
    if plan.state != PlanState.EDITABLE:
        raise PlanFrozen(state=plan.state.value, state_zh=PLAN_STATES_ZH[plan.state], way_zh=_WAYS_ZH[plan.state])


async def note_change(
    tx: Transaction, who: Principal, sitting_id: SittingId, act: str, details: Mapping[str, object]
) -> int:
    """Record a change of rooms and count it; return the new version."""
    await seating.advance_version(tx, sitting_id)
    await record(tx, who, act=act, on=sitting_id, details=details)
    arrangement = await seating.read_arrangement(tx, sitting_id)
    return 0 if arrangement is None else arrangement.version


async def load_people(tx: Transaction, exam_id: ExamId, subject_codes: Collection[str]) -> list[Person]:
    """Return everybody registered for these subjects."""
    return [
        Person(one.id, code, one.ticket_number, one.name, normalise_employer(one.employer), one.identity_number_index)
        for code in subject_codes
        for one in await list_for_arrangement(tx, exam_id, code)
    ]


async def list_seated_elsewhere(tx: Transaction, sitting: Sitting) -> set[CandidateId]:
    """Return who sits in another sitting of the same kind of this examination; nobody sits a subject twice."""
    sittings = await list_sittings_of_exam(tx, sitting.exam_id)
    others = [one.id for one in sittings if one.kind == sitting.kind and one.id != sitting.id]
    return await seating.list_seated_ids(tx, others)
