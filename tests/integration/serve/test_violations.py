"""The violation export: what reviewers confirmed, with kind, reason and evidence; what they dismissed is not there (S3.15, S3.19, C5.2)."""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from invigil.kernel.ids import AttemptId
from invigil.kernel.principals import Role
from invigil.prepare.exams.api import RecordingRules, SittingRules
from invigil.sit.answering.api import access_attempt
from invigil.watch.signals.api import RaisedSignal, raise_signals
from tests.integration.serve.sat import Sat, sit
from tests.integration.serve.test_exports import fetch, make
from tests.integration.watch.test_proctoring import STOP
from tests.integration.watch.watched import open_watched
from tests.world import Person, World

# Columns of a row after those of the seat: time, kind, reason, evidence, sanction, by whom.
SEAT_COLUMNS = 9
TWICE = SittingRules(recording=RecordingRules(needs_second_review=True))
WRITTEN = "notes-of-a-proctor-1"


async def notice(world: World, *kinds: str, attempt_id: str = "att_0") -> None:
    async with world.ports.db.transaction() as tx:
        attempt = await access_attempt(tx, AttemptId(attempt_id))
        await raise_signals(tx, attempt, [RaisedSignal(kind, world.clock.now(), "pc") for kind in kinds])


async def judge(person: Person, decisions: dict[str, str], attempt_id: str = "att_0") -> str:
    """Decide about every signal and note by its kind or id, "confirm" or "dismiss"; end the round, return what it comes to."""
    path = f"/api/review/attempts/{attempt_id}"
    shown = (await person.get(path)).json()
    marks = [("signal", one["id"], one["kind"]) for one in shown["signals"]]
    marks += [("note", one["id"], one["id"]) for one in shown["notes"]]
    for source, mark_id, name in marks:
        said = decisions[name]
        form = {"source": source, "mark_id": mark_id, "decision": said, "reason": f"录像：{name}"}
        breach = {"breach": "materials"} if said == "confirm" else {}
        assert (await person.put(f"{path}/verdicts", json=form | breach)).status_code == 200
    answer = await person.post(f"{path}/rounds")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["outcome"])


async def listed(world: World, person: Person, sat: Sat) -> list[list[str]]:
    """Return the rows of the export as CSV, without the seat and the mark."""
    made = await make(world, person, sat, kind="violations", format="csv")
    rows = list(csv.reader(io.StringIO((await fetch(person, made)).decode("utf-8-sig"))))
    assert rows[0][SEAT_COLUMNS:-1] == ["时间", "违纪情形", "说明", "证据", "处理", "认定人"]
    return [row[SEAT_COLUMNS:-1] for row in rows[1:]]


def verdicts_of(rows: list[list[str]]) -> list[tuple[str, ...]]:
    return [tuple(row[1:3] + row[4:]) for row in rows if row[4] == "复查认定违纪"]


async def test_confirmed_marks_are_listed_and_dismissed_ones_are_not(world: World) -> None:
    sat, official = await sit(world), await world.staff(Role.BOARD_OFFICIAL)
    await notice(world, "screen_left", "copy")
    assert verdicts_of(await listed(world, official, sat)) == []
    reviewer = await world.staff(Role.REVIEWER, name="赵复查")
    assert await judge(reviewer, {"screen_left": "confirm", "copy": "dismiss"}) == "violation"
    rows = await listed(world, official, sat)
    assert verdicts_of(rows) == [("翻阅资料", "录像：screen_left", "复查认定违纪", "赵复查")]
    (row,) = [row for row in rows if row[4] == "复查认定违纪"]
    assert row[0] == "2026-11-01 18:00:00"
    assert re.fullmatch(r"异常信号 sig_\w+：离开答题页面；录像同一时刻", row[3])
    # The candidate whose attempt was terminated is there, whatever was reviewed.
    assert [row[4] for row in rows].count("终止考试") == 1


async def test_a_case_opened_again_lists_what_its_new_edition_says(world: World) -> None:
    sat, official = await sit(world), await world.staff(Role.BOARD_OFFICIAL)
    await notice(world, "screen_left")
    await judge(await world.staff(Role.REVIEWER), {"screen_left": "confirm"})
    administrator = await world.staff(Role.ADMINISTRATOR)
    await administrator.post("/api/review/attempts/att_0/reopening", json={"reason": "考生申诉"})
    assert verdicts_of(await listed(world, official, sat)) == []
    await judge(await world.staff(Role.REVIEWER), {"screen_left": "dismiss"})
    assert verdicts_of(await listed(world, official, sat)) == []


async def test_two_reviewers_must_agree_on_a_mark(world: World) -> None:
    sat, official = await sit(world, TWICE), await world.staff(Role.BOARD_OFFICIAL)
    await notice(world, "screen_left", "copy", "paste")
    first, second, third = [await world.staff(Role.REVIEWER, name=name) for name in ("甲复查", "乙复查", "丙复查")]
    await judge(first, {"screen_left": "confirm", "copy": "confirm", "paste": "dismiss"})
    # One of two has spoken: nothing counts yet.
    assert verdicts_of(await listed(world, official, sat)) == []
    await judge(second, {"screen_left": "confirm", "copy": "dismiss", "paste": "dismiss"})
    agreed = [("翻阅资料", "录像：screen_left", "复查认定违纪", "甲复查 / 乙复查")]
    assert verdicts_of(await listed(world, official, sat)) == agreed
    # Two who confirm different things do not agree; the third decides.
    await notice(world, "screen_left", "copy", attempt_id="att_2")
    await judge(first, {"screen_left": "confirm", "copy": "dismiss"}, "att_2")
    await judge(second, {"screen_left": "dismiss", "copy": "confirm"}, "att_2")
    assert verdicts_of(await listed(world, official, sat)) == agreed
    await judge(third, {"screen_left": "dismiss", "copy": "confirm"}, "att_2")
    decided = ("翻阅资料", "录像：copy", "复查认定违纪", "乙复查 / 丙复查")
    assert sorted(verdicts_of(await listed(world, official, sat))) == sorted([*agreed, decided])


async def test_a_finding_taken_back_decides_nothing(world: World) -> None:
    sat, official, reviewer = await sit(world), await world.staff(Role.BOARD_OFFICIAL), await world.staff(Role.REVIEWER)
    path = "/api/review/attempts/att_0"
    begins = (await reviewer.get(path)).json()["from_ms"]
    span = {"from_ms": begins, "to_ms": begins + 5000, "text": "旁边有人递纸条"}
    found = (await reviewer.post(f"{path}/findings", json=span)).json()
    form = {
        "source": "finding",
        "mark_id": found["id"],
        "decision": "confirm",
        "breach": "other_person",
        "reason": "看到",
    }
    assert (await reviewer.put(f"{path}/verdicts", json=form)).status_code == 200
    assert (await reviewer.delete(f"{path}/findings/{found['id']}")).status_code == 204
    assert await judge(reviewer, {}) == "clean"
    assert verdicts_of(await listed(world, official, sat)) == []


@pytest.mark.parametrize("decision", ["confirm", "dismiss"])
async def test_a_termination_names_its_evidence_and_both_persons(world: World, decision: str) -> None:
    watched = await open_watched(world)
    note = {"note_id": WRITTEN, "attempt_id": watched.attempt_id, "kind": "materials", "text": "桌面有书"}
    assert (await watched.proctor.post("/api/proctoring/notes", json=note)).status_code == 201
    await watched.order("warning", canned_id="no_materials")
    sat = Sat(watched.hall.desk.exam_id, watched.hall.sitting_id, [])  # type: ignore[arg-type]
    official = await world.staff(Role.BOARD_OFFICIAL)
    assert {row[4] for row in await listed(world, official, sat)} == {"监考记录（待复查）", "警告"}
    (proposed,) = (await watched.order("terminate", evidence=[WRITTEN], **STOP)).json()["commands"]
    # What only one person wants has not happened.
    assert "终止考试" not in [row[4] for row in await listed(world, official, sat)]
    path = f"/api/proctoring/proposals/{proposed['id']}/decide"
    assert (await watched.patrol.post(path, json={"is_approved": True})).status_code == 200
    await judge(await world.staff(Role.REVIEWER, name="赵复查"), {WRITTEN: decision}, watched.attempt_id)
    rows = {row[4]: row[1:4] + row[5:] for row in await listed(world, official, sat)}
    assert rows["终止考试"][:2] == ["离开座位或监控范围", "多次离开座位"]
    assert rows["终止考试"][2].startswith(f"监考记录 {WRITTEN}（2026-")
    assert rows["终止考试"][3] == "李监考 / 王巡考"
    # The note itself: listed once when confirmed, not at all when dismissed.
    assert set(rows) - {"终止考试", "警告"} == ({"复查认定违纪"} if decision == "confirm" else set())
    if decision == "confirm":
        assert rows["复查认定违纪"] == [
            "翻阅资料",
            f"录像：{WRITTEN}",
            f"监考记录 {WRITTEN}：翻阅资料；录像同一时刻",
            "赵复查",
        ]


async def test_every_format_says_it(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    await notice(world, "screen_left", "copy")
    await judge(await world.staff(Role.REVIEWER), {"screen_left": "confirm", "copy": "dismiss"})
    contents: dict[str, Any] = {}
    for file_format in ("xlsx", "csv", "pdf"):
        made = await make(world, person, sat, kind="violations", format=file_format)
        assert made["row_count"] == 2
        contents[file_format] = await fetch(person, made)
    book = openpyxl.load_workbook(io.BytesIO(contents["xlsx"]))
    cells = [str(cell.value) for row in book["违纪名单"].iter_rows() for cell in row]
    pages = PdfReader(io.BytesIO(contents["pdf"])).pages
    said = {
        "xlsx": "".join(cells),
        "csv": contents["csv"].decode("utf-8-sig"),
        "pdf": "".join(re.sub(r"[\s\u200b]", "", page.extract_text()) for page in pages),
    }
    for file_format, text in said.items():
        for word in ("翻阅资料", "录像：screen_left", "复查认定违纪", "异常信号", "终止考试"):
            assert word in text, (file_format, word)
        assert "录像：copy" not in text
