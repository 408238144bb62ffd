"""Importing a workbook: upload, preview, confirm, corrected file (S4.4, P15)."""

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from invigil.app.sample.candidates import make_people, write_workbook
from invigil.base.accounts.api import read_initial_passwords
from invigil.base.accounts.service.logins import log_in_candidate
from invigil.kernel.principals import Role
from invigil.platform.jobs.execution import run_queued
from invigil.prepare.candidates.api import count_by_subject, list_for_arrangement, read_names, read_public_card
from invigil.prepare.candidates.rules.tickets import compute_check_digit
from tests.integration.prepare.candidates.desk import EXAM, Desk
from tests.world import World


@pytest.fixture
async def desk(world: World) -> Desk:
    return await Desk.open(world)


async def test_two_steps_from_file_to_candidates_who_can_log_in(desk: Desk) -> None:
    people = make_people(12)
    found = await desk.upload(write_workbook(people))
    assert (found["state"], found["file_name"]) == ("ready", "名单.xlsx")
    assert {key: found["counts"][key] for key in ("rows", "accepted", "refused", "warned", "skipped")} == {
        "rows": 12, "accepted": 12, "refused": 0, "warned": 0, "skipped": 1,
    }  # fmt: skip
    assert await desk.people() == []
    written = await desk.confirm(found["id"])
    assert (written["state"], written["counts"]["written"]) == ("written", 12)
    listed = await desk.people(sort="ticket_number")
    assert {one["name"] for one in listed} == {one.name for one in people}
    first = listed[0]
    assert len(first["ticket_number"]) == 12
    assert compute_check_digit(first["ticket_number"][:-1]) == first["ticket_number"][-1]
    person = next(one for one in people if one.name == first["name"])
    assert first["identity_masked"] == f"{person.identity_number[:6]}********{person.identity_number[-4:]}"
    assert first["phone_masked"] == f"{person.phone[:3]}****{person.phone[-4:]}"
    async with desk.world.ports.db.reading() as tx:
        password = (await read_initial_passwords(tx, [first["id"]]))[first["id"]]
    for name in (first["ticket_number"], person.identity_number.lower()):
        started = await log_in_candidate(desk.world.ports.db, login_name=name, password=password, device_token="")
        assert started.login.principal_id == first["id"]


async def test_preview_shows_what_was_understood_with_numbers_masked(desk: Desk) -> None:
    people = make_people(3)
    found = await desk.upload(write_workbook(people))
    preview = await desk.get(f"imports/{found['id']}/preview")
    (sheet,) = preview["sheets"]
    assert [(c["letters"], c["field_zh"]) for c in sheet["columns"]] == [
        ("A", ""), ("B", "姓名"), ("C", "身份证号"), ("D", "单位"), ("E", "手机"), ("F", "报考类别"),
    ]  # fmt: skip
    assert sheet["first_rows"][0][2] == f"{people[0].identity_number[:6]}********{people[0].identity_number[-4:]}"
    assert not any(one.identity_number in str(preview) or one.phone in str(preview) for one in people)
    assert [one["reason"] for one in preview["skipped"]] == ["汇总或说明行"]


async def test_errors_stay_out_and_come_back_marked(desk: Desk) -> None:
    people = make_people(4)
    bad = [
        people[0].__class__("=1+1", people[0].identity_number, "甲公司", "123", "A"),
        people[1].__class__("张三", people[1].identity_number[:17] + "?", "甲公司", people[1].phone, "A"),
        *people[2:],
    ]
    found = await desk.upload(write_workbook(bad))
    assert (found["counts"]["accepted"], found["counts"]["refused"]) == (2, 2)
    issues = await desk.get(f"imports/{found['id']}/issues", severity="error")
    assert {(one["cell"], one["code"]) for one in issues["items"]} == {
        ("B4", "name_formula"), ("E4", "phone_invalid"), ("C5", "identity_characters"),
    }  # fmt: skip
    said = {one["cell"]: (one["field_en"], one["message_en"]) for one in issues["items"]}
    assert said["B4"] == ("Name", "The name begins with a formula's sign; make it plain text")
    await desk.confirm(found["id"])
    assert {one["name"] for one in await desk.people()} == {one.name for one in people[2:]}
    ordered = await desk.who.post(f"/api/candidates/imports/{found['id']}/corrected", params={"only_errors": "true"})
    await run_queued(desk.world.ports)
    file = await desk.who.get(f"/api/jobs/{ordered.json()['job_id']}/file")
    rows = CalamineWorkbook.from_object(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[2][-1] == "错误说明"
    assert "姓名以公式符号开头" in str(rows[3][-1])
    assert len(rows) == 5
    assert len(await desk.acts("candidates.workbook.correct")) == 1


async def test_second_import_of_the_same_people_is_refused_row_by_row(desk: Desk) -> None:
    people = make_people(3)
    await desk.import_people(people)
    other_subject = people[0].__class__(
        people[0].name, people[0].identity_number, people[0].employer, people[0].phone, "B"
    )
    other_name = people[1].__class__("改名", people[1].identity_number, "甲公司", people[1].phone, "C3")
    found = await desk.upload(write_workbook([*people, other_subject, other_name]))
    counts = found["counts"]
    assert (counts["accepted"], counts["refused"], counts["issue.already_registered"]) == (1, 4, 3)
    with_error = await desk.get(f"imports/{found['id']}/issues", severity="error")
    assert "identity_of_another" in {one["code"] for one in with_error["items"]}
    await desk.confirm(found["id"])
    assert len(await desk.people(q=people[0].identity_number)) == 2


async def test_own_ticket_numbers_and_passwords(desk: Desk) -> None:
    people = make_people(3)
    csv = "姓名,身份证号,报考类别,准考证号,初始密码\n" + "\n".join(
        f"{one.name},{one.identity_number},A,{ticket},{password}"
        for one, ticket, password in zip(
            people, ("bj2026001", "", "BJ2026001"), ("secret-1", "", "secret-3"), strict=True
        )
    )
    found = await desk.upload(csv.encode("gb18030"), name="a.csv")
    assert found["counts"]["issue.duplicate_ticket"] == 1
    await desk.confirm(found["id"])
    first = next(one for one in await desk.people() if one["ticket_number"] == "BJ2026001")
    async with desk.world.ports.db.reading() as tx:
        assert await read_initial_passwords(tx, [first["id"]]) == {first["id"]: "secret-1"}
    again = await desk.upload(
        f"姓名,身份证号,报考类别,准考证号\n李四,{make_people(9)[8].identity_number},A,BJ2026001".encode()
    )
    assert again["counts"]["issue.ticket_taken"] == 1


async def test_writing_again_after_a_crash_writes_nothing_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invigil.prepare.candidates.service.writing.BATCH", 5)
    found = await desk.upload(write_workbook(make_people(12)))
    from invigil.prepare.candidates.service import writing  # noqa: PLC0415 - patched below

    insert, calls = writing._insert, []

    async def fail_on_the_third(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise OSError("disk gone")
        await insert(*arguments)

    monkeypatch.setattr(writing, "_insert", fail_on_the_third)
    written = await desk.confirm(found["id"])
    assert len(calls) == 4
    assert (written["state"], written["counts"]["written"], written["counts"]["taken_since"]) == ("written", 12, 0)
    tickets = [one["ticket_number"] for one in await desk.people()]
    assert len(set(tickets)) == 12


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "没有找到表头"),
        (b"\x00\x01\x02\x03" * 100, "无法识别的文件类型"),
        (b"PK\x03\x04 not really", "文件已损坏"),
        (b"\xd0\xcf\x11\xe0" + bytes(2000), "文件无法读取"),
        ("姓名,电话\n张三,1".encode(), "没有找到表头"),
    ],
)
async def test_files_that_cannot_be_read(desk: Desk, content: bytes, sentence: str) -> None:
    found = await desk.upload(content)
    assert found["state"] == "refused"
    assert sentence in found["refusal"]
    assert found["refusal_en"].isascii() or "姓名" in found["refusal_en"]
    job = (await desk.who.get(f"/api/jobs/{found['job_id']}")).json()
    assert job["state"] == "refused"
    answer = await desk.who.post(f"/api/candidates/imports/{found['id']}/confirm")
    assert (answer.status_code, answer.json()["code"]) == (409, "candidates.import_not_in_state")


async def test_nothing_acceptable_and_discarding(desk: Desk) -> None:
    found = await desk.upload("姓名,身份证号,报考类别\n张三,1,A".encode())
    answer = await desk.who.post(f"/api/candidates/imports/{found['id']}/confirm")
    assert answer.json()["code"] == "candidates.nothing_to_import"
    gone = await desk.who.post(f"/api/candidates/imports/{found['id']}/discard")
    assert gone.json()["state"] == "discarded"
    assert await desk.world.ports.blobs.list(f"candidates/imports/{found['id']}") == []
    assert (await desk.who.get(f"/api/candidates/imports/{found['id']}/preview")).status_code == 409
    assert (await desk.who.post(f"/api/candidates/imports/{found['id']}/discard")).status_code == 409
    listed = await desk.get("imports", exam_id=EXAM)
    assert [one["state"] for one in listed["items"]] == ["discarded"]


async def test_too_large_upload_is_refused_early(desk: Desk) -> None:
    headers = {"content-length": str(10**8), "X-File-Name": "a"}
    answer = await desk.who.post(
        "/api/candidates/uploads/workbook", params={"exam_id": EXAM}, content=b"x", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "candidates.upload_too_large")


async def test_unknown_import_and_bad_exam(desk: Desk) -> None:
    for path in ("", "/preview", "/issues", "/photos"):
        answer = await desk.who.get(f"/api/candidates/imports/imp_none{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "candidates.import_not_found")
    answer = await desk.who.get("/api/candidates", params={"exam_id": "' OR 1=1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "http.bad_input")


async def test_template_is_understood_by_the_import(desk: Desk) -> None:
    answer = await desk.who.get("/api/candidates/imports/template")
    assert answer.status_code == 200
    found = await desk.upload(answer.content)
    assert (found["state"], found["counts"]["rows"]) == ("ready", 0)


async def test_what_other_features_see(desk: Desk) -> None:
    people = make_people(10)
    await desk.import_people(people)
    async with desk.world.ports.db.reading() as tx:
        assert await count_by_subject(tx, EXAM) == {"A": 2, "B": 2, "C1": 2, "C2": 2, "C3": 2}
        rooms = await list_for_arrangement(tx, EXAM, "A")
        assert {one.name for one in rooms} == {one.name for one in people if one.subject_code == "A"}
        assert await read_names(tx, [rooms[0].id]) == {rooms[0].id: rooms[0].name}
        card = await read_public_card(tx, rooms[0].id)
        assert (card.ticket_number, card.photo_key) == (rooms[0].ticket_number, "")


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        (Role.PROCTOR, "GET", "/api/candidates?exam_id=e"),
        (Role.SUPPORT, "POST", "/api/candidates/uploads/workbook?exam_id=e"),
        (Role.BOARD_OFFICIAL, "POST", "/api/candidates/cand_1/unmask"),
        (Role.OPERATOR, "GET", "/api/candidates/cand_1/photo"),
        (Role.AUDITOR, "PATCH", "/api/candidates/cand_1"),
        (Role.REVIEWER, "POST", "/api/candidates/tickets"),
        (None, "GET", "/api/candidates?exam_id=e"),
        (None, "POST", "/api/candidates/uploads/workbook?exam_id=e"),
    ],
)
async def test_who_may_not(world: World, role: Role | None, method: str, path: str) -> None:
    person = world.anonymous() if role is None else await world.staff(role)
    answer = await person._send(method, path)
    assert answer.status_code == (401 if role is None else 403)
    candidate = await world.candidate("cand_1", "e")
    assert (await candidate._send(method, path)).status_code in (401, 403)
