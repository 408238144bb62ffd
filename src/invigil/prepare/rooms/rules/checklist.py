"""What rooms adds to the checklist. Pure."""

from collections.abc import Sequence

from invigil.kernel.principals import Role
from invigil.prepare.exams.api import NOTHING, ChecklistItem, ItemState, Words
from invigil.prepare.rooms.model import Confirmation, ConfirmationState, PlanState, RoomPlan
from invigil.prepare.rooms.rules.planning import PlanFacts, PlanFault, find_plan_faults, list_rooms_lacking_proctors

# Faults of the plan that the arrangement itself must answer for; the rest is the proctors'.
_PROCTOR_CODES = frozenset({"proctors_missing", "proctors_busy"})


def build_room_items(
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
        _arrangement(facts, faults),
        _proctors(facts, proctor_count),
        _declarations(facts),
        _confirmation(plan, sheets, changes),
    ]


_ARRANGEMENT = Words("编排考场", "Arrange the rooms")
_PROCTORS = Words("安排监考 1:30", "Assign proctors 1:30")
_RECUSALS = Words("回避申报", "Declarations of interests")
_CONFIRMATION = Words("《考场安排确认单》", "Confirmation sheet")


def _arrangement(facts: Sequence[PlanFacts], faults: Sequence[PlanFault]) -> ChecklistItem:
    mine = [fault for fault in faults if fault.code not in _PROCTOR_CODES]
    rooms = [room for one in facts for room in one.rooms]
    seated = sum(room.seated for room in rooms)
    state = ItemState.MISSING if mine or not facts else ItemState.OK
    detail = Words(f"{len(rooms)} 个考场，{seated} 名考生", f"{len(rooms)} rooms, {seated} candidates")
    if not facts:
        detail = Words("还没有正式场次", "No sitting yet")
    elif mine:
        detail = Words("；".join(fault.zh for fault in mine), "; ".join(fault.en for fault in mine))
    return ChecklistItem("rooms", _ARRANGEMENT, state, detail, Role.ADMINISTRATOR, "/rooms")


def _proctors(facts: Sequence[PlanFacts], proctor_count: int) -> ChecklistItem:
    rooms = [room for one in facts for room in one.rooms if room.seated]
    lacking = list_rooms_lacking_proctors(rooms)
    state = ItemState.MISSING
    if busy := sum(one.busy for one in facts):
        detail = Words(
            f"{busy} 名监考在同一时间还有其他考场，请重新安排", f"{busy} proctors watch elsewhere at the same time"
        )
    elif not rooms:
        detail = Words("尚未编排考场", "Rooms are not arranged yet")
    elif lacking:
        detail = Words(
            f"{len(lacking)} 个考场监考不足（每 30 名考生一名监考）；监考账号共 {proctor_count} 个",
            f"{len(lacking)} rooms lack a proctor (one for 30); there are {proctor_count} proctor accounts",
        )
    else:
        state = ItemState.OK
        detail = Words(f"{len(rooms)} 个考场均已安排", f"All {len(rooms)} rooms have theirs")
    return ChecklistItem("proctors", _PROCTORS, state, detail, Role.ADMINISTRATOR, "/rooms")


def _declarations(facts: Sequence[PlanFacts]) -> ChecklistItem:
    number = sum(one.undeclared for one in facts)
    state = ItemState.WARNING if number else ItemState.OK
    detail = NOTHING
    if number:
        detail = Words(
            f"{number} 名已安排的监考人员尚未申报单位与亲属",
            f"{number} assigned proctors have not declared employer and relatives",
        )
    return ChecklistItem("recusals", _RECUSALS, state, detail, Role.PROCTOR, "/rooms?tab=proctors")


def _confirmation(plan: RoomPlan, sheets: Sequence[Confirmation], changes: Sequence[str]) -> ChecklistItem:
    signed = next((one for one in sheets if one.state == ConfirmationState.SIGNED), None)
    who, state = Role.ADMINISTRATOR, ItemState.MISSING
    if plan.state == PlanState.SUBMITTED:
        number, who = sheets[0].number, Role.BOARD_OFFICIAL
        detail = Words(f"{number} 等待甲方签署", f"{number} waits for the board's signature")
    elif signed is None:
        detail = Words("尚未提交", "Not submitted yet")
    elif plan.state != PlanState.SIGNED:
        detail = Words(
            f"{signed.number} 签署后又有变更，须重新提交并签署", f"Changed since {signed.number}: submit and sign again"
        )
    elif changes:
        detail = Words(
            f"{signed.number} 签署后场次有修改，须发起变更并重新签署：{'；'.join(changes)}",
            f"Sittings changed since {signed.number}: amend and sign again ({'; '.join(changes)})",
        )
    else:
        who, state = Role.BOARD_OFFICIAL, ItemState.OK
        detail = Words(f"{signed.number} 已签署", f"{signed.number} is signed")
    return ChecklistItem("confirmation", _CONFIRMATION, state, detail, who, "/rooms?tab=confirmation")
