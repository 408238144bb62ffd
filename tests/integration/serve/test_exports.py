"""Exports on both databases: from order to download, recorded, marked, refused to whom they are not due (S4.7, C5.5, N, P15)."""

import csv
import hashlib
import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from invigil.base.audit import store as audit_store
from invigil.base.audit.model import AuditRecord
from invigil.judge.grading.model import RunState
from invigil.kernel.ids import JobId
from invigil.kernel.principals import SYSTEM, Role
from invigil.kernel.words import Words
from invigil.platform.blobs import BlobMissingError
from invigil.platform.jobs import JobContext
from invigil.platform.jobs.execution import run_queued
from invigil.platform.jobs.model import JobState
from invigil.serve.exports.service.giving import FileChangedError, destroy_expired
from tests.integration.serve.sat import Sat, grade, sit
from tests.world import Person, World

KINDS = ("scores", "absences", "hand_in_times", "violations", "answer_sheets")


async def order(person: Person, sat: Sat, **form: Any) -> Any:
    body = {"exam_id": sat.exam_id, "kind": "hand_in_times", "purpose": "报送甲方存档", **form}
    return await person.post("/api/exports", json=body)


async def make(world: World, person: Person, sat: Sat, **form: Any) -> dict[str, Any]:
    answer = await order(person, sat, **form)
    assert answer.status_code == 202, answer.text
    await run_queued(world.ports)
    made: dict[str, Any] = (await person.get(f"/api/exports/{answer.json()['id']}")).json()
    assert made["state"] == "ready", made
    return made


async def fetch(person: Person, export: dict[str, Any]) -> bytes:
    answer = await person.get(f"/api/exports/{export['id']}/file")
    assert answer.status_code == 200, answer.text
    return answer.content


async def records(world: World) -> list[AuditRecord]:
    async with world.ports.db.reading() as tx:
        found, _ = await audit_store.search(tx, act="exports.", actor_id="", on="", offset=0, limit=50)
    return found[::-1]


async def test_from_order_to_download_everything_is_recorded(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR, name="wang")
    ordered = (await order(person, sat)).json()
    assert (ordered["state"], ordered["sha256"], ordered["downloads"]) == ("ordered", "", 0)
    assert (await person.get(f"/api/exports/{ordered['id']}/file")).json()["code"] == "exports.not_ready"
    assert await run_queued(world.ports) == 1
    job = (await person.get(f"/api/jobs/{ordered['job_id']}")).json()
    assert (job["state"], job["done"], job["total"]) == ("done", 4, 4)
    made = (await person.get(f"/api/exports/{ordered['id']}")).json()
    content = await fetch(person, made)
    assert hashlib.sha256(content).hexdigest() == made["sha256"] == job["result"]["sha256"]
    assert made["file_bytes"] == len(content)
    listed = (await person.get(f"/api/exports?exam_id={sat.exam_id}")).json()["items"]
    assert [(one["id"], one["downloads"], one["purpose"]) for one in listed] == [(made["id"], 1, "报送甲方存档")]
    acts = await records(world)
    assert [one.act for one in acts] == ["exports.file.order", "exports.file.make", "exports.file.download"]
    assert {one.actor_id for one in acts} == {person.principal.id}
    assert acts[1].details["sha256"] == acts[2].details["sha256"] == made["sha256"]
    assert acts[1].details["rows"] == 3


async def test_hand_in_times_in_excel(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.BOARD_OFFICIAL)
    made = await make(world, person, sat, grouping="employer")
    book = openpyxl.load_workbook(io.BytesIO(await fetch(person, made)))
    rows = [[cell.value for cell in row] for row in book["交卷时间"].iter_rows(min_row=5)]
    assert [row[6] for row in rows] == ["'=HYPERLINK(1)", "张三丰", "王五"]
    assert rows[1][9:13] == ["已交卷", "2026-11-01 17:00:00", "2026-11-01 18:00:00", 50]
    assert rows[1][7] == "110101**********00"
    assert rows[2][9] == "终止考试"
    assert "测试员" in book["汇总"]["A1"].value
    assert made["id"] in book["汇总"]["A1"].value


async def test_absences_are_seats_that_nobody_entered(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.BOARD_OFFICIAL)
    made = await make(world, person, sat, kind="absences", grouping="room", format="csv")
    rows = list(csv.reader(io.StringIO((await fetch(person, made)).decode("utf-8-sig"))))
    assert [(row[3], row[4], row[6]) for row in rows[1:]] == [("002", "2", "赵六"), ("002", "3", "钱七")]
    narrowed = await make(world, person, sat, kind="hand_in_times", room_name="001")
    assert narrowed["row_count"] == 2


async def test_csv_marks_every_row(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    made = await make(world, person, sat, format="csv", kind="answer_sheets", shows_identity=True)
    rows = list(csv.reader(io.StringIO((await fetch(person, made)).decode("utf-8-sig"))))
    assert rows[0][-5:] == ["第1题", "第2题", "第3题", "第4题", "导出标记"]
    assert rows[1][-5:-1] == ["B", "AC", "塔吊", "对"]
    assert rows[1][7] == "110101199001010000"
    assert all(made["id"] in row[-1] for row in rows[1:])
    assert (await records(world))[0].details["shows_identity"] is True


async def test_pdf_bears_the_mark_on_each_page(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    made = await make(world, person, sat, format="pdf", kind="violations", grouping="room")
    pages = PdfReader(io.BytesIO(await fetch(person, made))).pages
    texts = [re.sub(r"[\s\u200b]", "", page.extract_text()) for page in pages]
    assert [made["id"] in text for text in texts] == [True] * len(texts), texts
    assert "终止考试" in "".join(texts)


async def test_scores_before_release_are_for_administrators_and_say_so(world: World) -> None:
    sat = await sit(world)
    official, administrator = await world.staff(Role.BOARD_OFFICIAL), await world.staff(Role.ADMINISTRATOR)
    refused = await order(official, sat, kind="scores")
    assert (refused.status_code, refused.json()["code"]) == (403, "exports.scores_not_released")
    made = await make(world, administrator, sat, kind="scores")
    assert made["is_released"] is False
    assert "未发布" in made["file_name"]
    book = openpyxl.load_workbook(io.BytesIO(await fetch(administrator, made)))
    assert "未发布" in book["成绩"]["A1"].value


async def scores_in(person: Person, made: dict[str, Any]) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(await fetch(person, made)))["成绩"]
    return [[row[6].value, *(cell.value for cell in row[9:])] for row in page.iter_rows(min_row=5)]


async def test_graded_but_unreleased_scores_are_marked(world: World) -> None:
    sat, administrator = await sit(world), await world.staff(Role.ADMINISTRATOR)
    await grade(world, sat, RunState.PROPOSED)
    made = await make(world, administrator, sat, kind="scores")
    assert made["is_released"] is False
    assert ["张三丰", "已交卷", 59.5, 100, "不合格"] in await scores_in(administrator, made)
    refused = await order(await world.staff(Role.BOARD_OFFICIAL), sat, kind="scores")
    assert refused.json()["code"] == "exports.scores_not_released"


async def test_released_scores_leave_with_officials(world: World) -> None:
    sat, official = await sit(world), await world.staff(Role.BOARD_OFFICIAL)
    await grade(world, sat, RunState.RELEASED)
    made = await make(world, official, sat, kind="scores")
    assert made["is_released"] is True
    assert "未发布" not in made["file_name"]
    scores = await scores_in(official, made)
    assert ["张三丰", "已交卷", 59.5, 100, "不合格"] in scores
    assert ["王五", "终止考试", 0, 100, "不合格"] in scores
    assert ["钱七", "缺考", None, None, None] in scores
    assert (await records(world))[1].details["is_released"] is True


async def test_answer_sheets_are_for_administrators(world: World) -> None:
    sat, official = await sit(world), await world.staff(Role.BOARD_OFFICIAL)
    refused = await order(official, sat, kind="answer_sheets")
    assert (refused.status_code, refused.json()["code"]) == (403, "exports.answer_sheets_restricted")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.BOARD_OFFICIAL)])
async def test_other_roles_take_nothing_out(world: World, role: Role) -> None:
    sat = await sit(world)
    made = await make(world, await world.staff(Role.ADMINISTRATOR), sat)
    person = await world.staff(role)
    assert (await order(person, sat)).status_code == 403
    assert (await person.get(f"/api/exports/{made['id']}/file")).status_code == 403
    assert (await person.post(f"/api/exports/{made['id']}/destroy")).status_code == 403
    assert (await person.get("/api/exports")).status_code == (200 if role is Role.AUDITOR else 403)


async def test_nobody_enters_without_login(world: World) -> None:
    sat = Sat(exam_id="exam_1", sitting_id="sit_1", candidates=[])  # type: ignore[arg-type]
    for person in (world.anonymous(), await world.candidate("cand_1", "exam_1")):
        assert (await order(person, sat)).status_code in (401, 403)
        assert (await person.get("/api/exports")).status_code in (401, 403)
        assert (await person.get("/api/exports/exp_1/file")).status_code in (401, 403)


async def test_one_officials_file_is_not_anothers(world: World) -> None:
    sat, first, second = (
        await sit(world),
        await world.staff(Role.BOARD_OFFICIAL),
        await world.staff(Role.BOARD_OFFICIAL),
    )
    made = await make(world, first, sat)
    for path in ("", "/file"):
        refused = await second.get(f"/api/exports/{made['id']}{path}")
        assert (refused.status_code, refused.json()["code"]) == (404, "exports.not_found")
    assert (await second.post(f"/api/exports/{made['id']}/destroy")).status_code == 404
    # The register itself shows that it was taken.
    assert (await second.get("/api/exports")).json()["total"] == 1


async def test_a_purpose_is_required_and_foreign_sittings_are_refused(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    assert (await order(person, sat, purpose="")).status_code == 422
    refused = await order(person, sat, sitting_ids=["sitting_of_another_exam"])
    assert (refused.status_code, refused.json()["code"]) == (422, "exports.nothing")
    unknown = await person.post("/api/exports", json={"exam_id": "exam_no", "kind": "scores", "purpose": "报送甲方"})
    assert unknown.status_code == 404


async def test_conditions_that_nobody_meets_refuse_in_the_job(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    ordered = (await order(person, sat, employer="没有的公司")).json()
    await run_queued(world.ports)
    assert (await person.get(f"/api/jobs/{ordered['job_id']}")).json()["refusal_code"] == "exports.nothing"
    assert (await person.get(f"/api/exports/{ordered['id']}")).json()["state"] == "failed"


async def test_files_are_sealed_and_leave_at_their_date(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    made = await make(world, person, sat, format="csv")
    stored = b"".join(
        path.read_bytes() for path in (world.ports.settings.data_folder.parent / "blobs").rglob("*") if path.is_file()
    )
    assert "张三丰".encode() not in stored
    ctx = JobContext(JobId(""), SYSTEM, world.ports, "test")
    assert await destroy_expired(ctx) == {"destroyed": 0}
    world.clock.advance(timedelta(days=7))
    gone = await person.get(f"/api/exports/{made['id']}/file")
    # The login may have ended by its own date; whoever is still in gets the plain answer.
    assert gone.status_code in (401, 410)
    assert await destroy_expired(ctx) == {"destroyed": 1}
    with pytest.raises(BlobMissingError):
        await world.ports.blobs.get(f"exports/{made['id']}")
    assert (await records(world))[-1].act == "exports.file.expire"


async def test_a_file_can_be_destroyed_early_and_the_entry_stays(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    made = await make(world, person, sat)
    assert (await person.post(f"/api/exports/{made['id']}/destroy")).json()["state"] == "destroyed"
    assert (await person.post(f"/api/exports/{made['id']}/destroy")).json()["state"] == "destroyed"
    refused = await person.get(f"/api/exports/{made['id']}/file")
    assert (refused.status_code, refused.json()["code"]) == (410, "exports.destroyed")
    assert (await person.get("/api/exports")).json()["items"][0]["sha256"] == made["sha256"]
    assert [one.act for one in await records(world)].count("exports.file.destroy") == 1


async def test_an_exchanged_file_is_not_given_out(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.ADMINISTRATOR)
    made = await make(world, person, sat)
    await world.ports.blobs.put(f"exports/{made['id']}", b"another file")
    with pytest.raises(FileChangedError):
        await person.get(f"/api/exports/{made['id']}/file")


async def test_an_official_who_may_no_longer_is_refused_when_the_file_is_made(world: World) -> None:
    sat, person = await sit(world), await world.staff(Role.BOARD_OFFICIAL)
    # Ordered by an administrator, carried out for somebody who is none: the rule is asked again at the making.
    ordered = (await order(await world.staff(Role.ADMINISTRATOR), sat, kind="answer_sheets")).json()
    async with world.ports.db.transaction() as tx:
        args = {"export_id": ordered["id"]}
        job_id = await world.ports.jobs.enqueue(
            tx, "exports.file.make", args, owner=person.principal, title=Words("x", "A test")
        )
    await run_queued(world.ports)
    async with world.ports.db.reading() as tx:
        job = await world.ports.jobs.access(tx, job_id, person.principal)
    assert (job.state, job.refusal_code) == (JobState.REFUSED, "exports.answer_sheets_restricted")
