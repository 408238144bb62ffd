"""What rooms adds to the checklist. Pure."""

from collections.abc import Sequence

from invigil.kernel.ids import ExamId
from invigil.kernel.principals import Role
from invigil.prepare.exams.api import ChecklistItem, ItemState
from invigil.prepare.rooms.model import Confirmation, ConfirmationState, PlanState, RoomPlan
from invigil.prepare.rooms.rules.planning import PlanFacts, PlanFault, find_plan_faults, list_rooms_lacking_proctors

# Faults of the plan that the arrangement itself must answer for; the rest is the proctors'.
_PROCTOR_CODES = frozenset({"proctors_missing", "proctors_busy"})


def build_room_items(
    exam_id: ExamId,
    facts: Sequence[PlanFacts],
    plan: RoomPlan,
    sheets: Sequence[Confirmation],
    *,
    changes: Sequence[str],
    proctor_count: int,
) -> list[ChecklistItem]:
    """Return the items of arrangement, proctors, recusal and confirmation.

    facts: of every real sitting. sheets: newest first. changes: of the sittings themselves since the sheet was signed.
    proctor_count: active proctor accounts.
    """
    faults = [fault for one in facts for fault in find_plan_faults(one)]
    return [
        _arrangement(exam_id, facts, faults),
        _proctors(exam_id, facts, proctor_count),
        _declarations(exam_id, facts),
        _confirmation(exam_id, plan, sheets, changes),
    ]


def _arrangement(exam_id: ExamId, facts: Sequence[PlanFacts], faults: Sequence[PlanFault]) -> ChecklistItem:
    link = f"/exams/{exam_id}/rooms"
    mine = [fault.zh for fault in faults if fault.code not in _PROCTOR_CODES]
    if mine or not facts:
        detail = "；".join(mine) or "尚无正式场次"
        return ChecklistItem("rooms", "考场编排", ItemState.MISSING, detail, Role.ADMINISTRATOR, link)
    rooms = [room for one in facts for room in one.rooms]
    detail = f"{len(rooms)} 个考场，{sum(room.seated for room in rooms)} 名考生"
    return ChecklistItem("rooms", "考场编排", ItemState.OK, detail, Role.ADMINISTRATOR, link)


def _proctors(exam_id: ExamId, facts: Sequence[PlanFacts], proctor_count: int) -> ChecklistItem:
    link = f"/exams/{exam_id}/rooms"
    rooms = [room for one in facts for room in one.rooms if room.seated]
    lacking = list_rooms_lacking_proctors(rooms)
    if busy := sum(one.busy for one in facts):
        detail = f"{busy} 名监考在同一时间还有其他考场，请重新安排"
        return ChecklistItem("proctors", "监考安排 1:30", ItemState.MISSING, detail, Role.ADMINISTRATOR, link)
    if lacking or not rooms:
        detail = (
            f"{len(lacking)} 个考场监考不足（每 30 名考生一名监考）；监考账号共 {proctor_count} 个"
            if rooms
            else "尚未编排考场"
        )
        return ChecklistItem("proctors", "监考安排 1:30", ItemState.MISSING, detail, Role.ADMINISTRATOR, link)
    return ChecklistItem(
        "proctors", "监考安排 1:30", ItemState.OK, f"{len(rooms)} 个考场均已安排", Role.ADMINISTRATOR, link
    )


def _declarations(exam_id: ExamId, facts: Sequence[PlanFacts]) -> ChecklistItem:
    number = sum(one.undeclared for one in facts)
    detail = f"{number} 名已安排的监考人员尚未申报单位与亲属回避情况" if number else ""
    state = ItemState.WARNING if number else ItemState.OK
    return ChecklistItem("recusals", "回避申报", state, detail, Role.PROCTOR, f"/exams/{exam_id}/proctors")


def _confirmation(
    exam_id: ExamId, plan: RoomPlan, sheets: Sequence[Confirmation], changes: Sequence[str]
) -> ChecklistItem:
    link = f"/exams/{exam_id}/confirmations"
    signed = next((one for one in sheets if one.state == ConfirmationState.SIGNED), None)
    if plan.state == PlanState.SUBMITTED:
        detail, who, state = f"{sheets[0].number} 等待甲方签署", Role.BOARD_OFFICIAL, ItemState.MISSING
    elif plan.state == PlanState.SIGNED and signed is not None and changes:
        detail = f"{signed.number} 签署后场次有修改，须发起变更并重新签署：{'；'.join(changes)}"
        who, state = Role.ADMINISTRATOR, ItemState.MISSING
    elif plan.state == PlanState.SIGNED and signed is not None:
        detail, who, state = f"{signed.number} 已签署", Role.BOARD_OFFICIAL, ItemState.OK
    elif signed is not None:
        detail, who, state = f"{signed.number} 签署后又有变更，须重新提交并签署", Role.ADMINISTRATOR, ItemState.MISSING
    else:
        detail, who, state = "尚未提交", Role.ADMINISTRATOR, ItemState.MISSING
    return ChecklistItem("confirmation", "《考场安排确认单》", state, detail, who, link)
