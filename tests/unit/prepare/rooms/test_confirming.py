"""The content of 《考场安排确认单》 and how versions differ."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from invigil.kernel.canonical import digest_canonical
from invigil.kernel.ids import CandidateId, ExamId, RoomId, SittingId, StaffId
from invigil.prepare.rooms.model import Room, Seat
from invigil.prepare.rooms.rules.confirming import (
    SittingFacts,
    build_content,
    format_number,
    list_differences,
    list_sitting_changes,
)
from invigil.prepare.rooms.rules.planning import PlanFacts, find_plan_faults, list_rooms_lacking_proctors

SITTING = SittingId("sitting_1")
NAMES = {"staff_1": "监考甲", "staff_2": "监考乙"}


def room(number: int, seated: int, *proctors: str, subject: str = "A") -> Room:
    return Room(RoomId(f"room_{number}"), SITTING, number, subject, seated, tuple(StaffId(one) for one in proctors))


def seats(number: int, *candidates: str) -> list[Seat]:
    return [
        Seat(RoomId(f"room_{number}"), number, at, SITTING, CandidateId(one), "A")
        for at, one in enumerate(candidates, start=1)
    ]


FACTS = SittingFacts(
    SITTING,
    "上午场",
    "2026年11月28日 09:00",
    timedelta(minutes=90),
    [room(1, 2, "staff_1"), room(2, 1, "staff_2", subject="B")],
    [*seats(1, "cand_1", "cand_2"), *seats(2, "cand_3")],
)


def content(*facts: SittingFacts, title: str = "考试") -> dict[str, Any]:
    return build_content(title, "XY-1", facts or (FACTS,), {"A": "甲类", "B": "乙类"}, NAMES)


def test_counts() -> None:
    made = content()
    assert (made["candidates"], made["rooms"], made["proctors"]) == (3, 2, 2)
    assert made["subjects"] == [
        {"code": "A", "title": "甲类", "candidates": 2},
        {"code": "B", "title": "乙类", "candidates": 1},
    ]
    assert made["sittings"][0]["minutes"] == 90
    assert digest_canonical(made) == digest_canonical(content())


def test_the_same_says_nothing() -> None:
    assert list_differences(content(), content()) == []


def test_every_kind_of_change_shows() -> None:
    swapped = replace(FACTS, seats=[*seats(1, "cand_2", "cand_1"), *seats(2, "cand_3")])
    assert list_differences(content(), content(swapped)) == ["上午场　1 号考场：考生或座位有调整"]
    moved = replace(FACTS, seats=[*seats(1, "cand_1"), *seats(2, "cand_3", "cand_2")])
    assert list_differences(content(), content(moved)) == [
        "上午场　1 号考场：人数 2 → 1",
        "上午场　2 号考场：人数 1 → 2",
    ]
    other_proctor = replace(FACTS, rooms=[room(1, 2, "staff_2"), room(2, 1, subject="B")])
    assert list_differences(content(), content(other_proctor)) == [
        "上午场　1 号考场：监考 监考甲 → 监考乙",
        "上午场　2 号考场：监考 监考乙 → 无",
    ]
    fewer = replace(FACTS, rooms=FACTS.rooms[:1], seats=FACTS.seats[:2])
    assert list_differences(content(), content(fewer)) == ["考生总数：3 人 → 2 人", "上午场　2 号考场：取消"]
    assert list_differences(content(fewer), content())[1] == "上午场　2 号考场：新增（1 人）"
    later = replace(FACTS, starts_at_zh="2026年11月28日 14:00")
    assert list_differences(content(), content(later)) == [
        "上午场　开考时间：2026年11月28日 09:00 → 2026年11月28日 14:00"
    ]
    second = replace(FACTS, sitting_id="sitting_2", title="下午场")
    assert list_differences(content(), content(FACTS, second))[-1] == "新增场次：下午场（2 个考场，3 人）"
    assert list_differences(content(), content(title="新名称")) == ["考试名称：考试 → 新名称"]


def test_changes_of_the_sittings_themselves() -> None:
    bare = replace(FACTS, rooms=(), seats=())
    assert list_sitting_changes(content(), [bare]) == []
    later = replace(bare, starts_at_zh="2026年11月28日 14:00", duration=timedelta(minutes=60))
    assert list_sitting_changes(content(), [later]) == [
        "上午场　开考时间：2026年11月28日 09:00 → 2026年11月28日 14:00",
        "上午场　时长（分钟）：90 → 60",
    ]
    second = replace(bare, sitting_id="sitting_2", title="下午场")
    assert list_sitting_changes(content(), [second]) == ["新增场次：下午场", "取消场次：上午场"]


def test_document_number() -> None:
    assert format_number(ExamId("exam_01ABCDEF"), 3) == "KCQR-ABCDEF-V03"


def plan(**changes: Any) -> PlanFacts:
    return replace(PlanFacts("上午场", True, False, FACTS.rooms, 0, 0), **changes)  # noqa: FBT003 - as declared


def test_plan_faults() -> None:
    assert find_plan_faults(plan()) == []
    for change, code in (
        ({"is_arranged": False}, "not_arranged"),
        ({"rooms": [room(1, 0)]}, "not_arranged"),
        ({"is_outdated": True}, "outdated"),
        ({"unseated": 1}, "unseated"),
        ({"withdrawn": 1}, "withdrawn"),
        ({"rooms": [room(1, 1)]}, "proctors_missing"),
        ({"busy": 1}, "proctors_busy"),
    ):
        assert [fault.code for fault in find_plan_faults(plan(**change))] == [code]


def test_one_proctor_for_thirty() -> None:
    assert list_rooms_lacking_proctors([room(1, 0), room(2, 30, "staff_1")]) == []
    assert [one.number for one in list_rooms_lacking_proctors([room(1, 1), room(2, 31, "staff_1")])] == [1, 2]
