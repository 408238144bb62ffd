"""What is still missing before the rooms of a sitting can be confirmed. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from invigil.prepare.rooms.model import ROOM_CAPACITY, Room

SHOWN = 10


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A sitting's rooms as the checks see them.

    unseated: registered for its subjects and seated nowhere. withdrawn: seated, but no longer registered.
    is_outdated: the sitting no longer has a subject that rooms have. busy: proctors who watch elsewhere at the same time, since
        a sitting was moved. undeclared: assigned proctors without a declaration in force.
    """

    title: str
    is_arranged: bool
    is_outdated: bool
    rooms: Sequence[Room]
    unseated: int
    withdrawn: int
    busy: int = 0
    undeclared: int = 0


@dataclass(frozen=True, slots=True)
class PlanFault:
    """One thing that is missing."""

    code: str
    zh: str
    en: str


def find_plan_faults(facts: PlanFacts) -> list[PlanFault]:
    """Return what stands in the way of confirming this sitting's rooms; empty when they are ready."""
    if not facts.is_arranged or not any(room.seated for room in facts.rooms):
        return [PlanFault("not_arranged", f"“{facts.title}”尚未编排考场", f"{facts.title} is not arranged")]
    checks = (
        (facts.is_outdated, "outdated", "的科目在编排后有修改，请重新编排", "has other subjects than its rooms"),
        (
            facts.unseated > 0,
            "unseated",
            f"有 {facts.unseated} 名考生未编入考场",
            f"{facts.unseated} candidates have no seat",
        ),
        (
            facts.withdrawn > 0,
            "withdrawn",
            f"有 {facts.withdrawn} 名已取消报名的考生仍在考场中",
            f"{facts.withdrawn} withdrawn candidates are still seated",
        ),
    )
    faults = [
        PlanFault(code, f"“{facts.title}”{zh}", f"{facts.title}: {en}") for is_wrong, code, zh, en in checks if is_wrong
    ]
    if facts.busy:
        zh = f"“{facts.title}”有 {facts.busy} 名监考在同一时间还有其他考场，请重新安排监考"
        faults.append(
            PlanFault("proctors_busy", zh, f"{facts.title}: {facts.busy} proctors watch elsewhere at that time")
        )
    if lacking := list_rooms_lacking_proctors(facts.rooms):
        shown = "、".join(str(room.number) for room in lacking[:SHOWN]) + ("等" if len(lacking) > SHOWN else "")
        zh = f"“{facts.title}”{shown} 号考场（共 {len(lacking)} 个）监考人数不足"
        faults.append(PlanFault("proctors_missing", zh, f"{facts.title}: {len(lacking)} rooms lack a proctor"))
    return faults


def list_rooms_lacking_proctors(rooms: Sequence[Room]) -> list[Room]:
    """Return the rooms in which one proctor would watch more than thirty candidates, or nobody watches (S4.6)."""
    return [room for room in rooms if room.seated > len(room.proctor_ids) * ROOM_CAPACITY]


def is_outdated(rooms: Sequence[Room], subject_codes: Collection[str]) -> bool:
    """Tell whether candidates sit in rooms of a subject that the sitting no longer has."""
    return any(room.seated and room.subject_code not in subject_codes for room in rooms)
