"""Finding, looking at and changing candidates; tickets; nothing readable at rest (S2.2, P9)."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from invigil.app.sample.candidates import make_people
from invigil.app.sample.candidates.people import SamplePerson, make_identity_number
from invigil.base.accounts.api import log_in_candidate, read_initial_passwords
from invigil.base.accounts.model import LoginFailed
from invigil.kernel.principals import Role
from invigil.platform.jobs.execution import run_queued
from tests.integration.prepare.candidates.desk import EXAM, Desk
from tests.world import World

PEOPLE = [
    SamplePerson("张三", make_identity_number(1), "甲建筑公司", "19900000001", "A"),
    SamplePerson("张三丰", make_identity_number(2), "甲建筑公司", "19900000002", "B"),
    SamplePerson("张伟", make_identity_number(3), "乙市政公司", "19900000003", "C1"),
    SamplePerson("买买提·吐尔逊", make_identity_number(4), "乙市政公司", "19900000004", "C2"),
]


@pytest.fixture
async def desk(world: World) -> Desk:
    return await Desk.open(world)


async def test_search(desk: Desk) -> None:
    await desk.import_people(PEOPLE)
    tickets = {one["name"]: one["ticket_number"] for one in await desk.people()}

    async def names(**params: object) -> set[str]:
        return {one["name"] for one in await desk.people(**params)}

    assert await names(q="张") == {"张三", "张三丰", "张伟"}
    assert await names(q="张三") == {"张三", "张三丰"}
    assert await names(q="张三丰") == {"张三丰"}
    assert await names(q="买买提•吐尔逊") == {"买买提·吐尔逊"}
    assert await names(q=PEOPLE[2].identity_number.lower()) == {"张伟"}
    assert "张伟" in await names(q=PEOPLE[2].identity_number[-4:])
    assert await names(q="19900000004") == {"买买提·吐尔逊"}
    assert await names(q=tickets["张三"]) == {"张三"}
    assert await names(q=tickets["张三"][:4]) == set(tickets)
    assert await names(q="乙市政") == {"张伟", "买买提·吐尔逊"}
    assert await names(q="没有这个人") == set()
    assert await names(subject_code="B") == {"张三丰"}
    assert await names(employer="甲建筑公司", subject_code="A") == {"张三"}
    assert await names(has_photo="true") == set()
    assert await names(q="%") == set()


async def test_paging_sorting_and_summary(desk: Desk) -> None:
    await desk.import_people(make_people(25))
    first = await desk.get("", exam_id=EXAM, page=1, page_size=10, sort="ticket_number")
    last = await desk.get("", exam_id=EXAM, page=3, page_size=10, sort="ticket_number")
    assert (first["total"], len(first["items"]), len(last["items"])) == (25, 10, 5)
    backwards = await desk.get("", exam_id=EXAM, page=1, page_size=1, sort="-ticket_number")
    assert backwards["items"][0] == last["items"][-1]
    summary = await desk.get("summary", exam_id=EXAM)
    assert (summary["total"], summary["without_photo"], summary["withdrawn"]) == (25, 25, 0)
    assert [one["candidates"] for one in summary["subjects"]] == [5] * 5
    employers = await desk.get("employers", exam_id=EXAM, q="明鉴")
    assert sum(one["candidates"] for one in employers) == 25


async def test_unmasking_is_recorded_with_its_reason(desk: Desk) -> None:
    await desk.import_people(PEOPLE[:1])
    (one,) = await desk.people()
    for field, value in (("identity_number", PEOPLE[0].identity_number), ("phone", PEOPLE[0].phone)):
        answer = await desk.who.post(
            f"/api/candidates/{one['id']}/unmask", json={"field": field, "reason": "核对报名表"}
        )
        assert answer.json() == {"field": field, "value": value}
        (act,) = await desk.acts(f"candidates.{field}.unmask")
        assert (act.on, act.actor_id, act.details) == (one["id"], desk.who.principal.id, {"reason": "核对报名表"})
    for body in ({"field": "name", "reason": "好奇"}, {"field": "phone", "reason": ""}, {"field": "phone"}):
        assert (await desk.who.post(f"/api/candidates/{one['id']}/unmask", json=body)).status_code == 422


async def test_edit_checks_as_an_import_does(desk: Desk) -> None:
    await desk.import_people(PEOPLE)
    by_name = {one["name"]: one for one in await desk.people()}
    path = f"/api/candidates/{by_name['张伟']['id']}"
    edited = await desk.who.patch(path, json={"name": " 张 伟强 ", "phone": "+86 138 0013 8000", "employer": "丙公司"})
    assert edited.status_code == 200
    assert (edited.json()["name"], edited.json()["phone_masked"]) == ("张伟强", "138****8000")
    assert {one["name"] for one in await desk.people(q="张伟强")} == {"张伟强"}
    (act,) = await desk.acts("candidates.candidate.edit")
    assert act.details == {"fields": ["employer", "name", "phone"]}
    for body, code in (
        ({"name": "=1+1"}, "candidates.field_invalid"),
        ({"identity_number": "1"}, "candidates.field_invalid"),
        ({"ticket_number": ""}, "candidates.field_invalid"),
        ({"ticket_number": by_name["张三"]["ticket_number"]}, "candidates.ticket_taken"),
        ({"identity_number": PEOPLE[0].identity_number, "subject_code": "A"}, "candidates.registration_taken"),
    ):
        refused = await desk.who.patch(path, json=body)
        assert refused.json()["code"] == code, body
        assert refused.json()["message_en"].isascii(), body
    missing = await desk.who.patch("/api/candidates/cand_none", json={"name": "张三"})
    assert (missing.status_code, missing.json()["code"]) == (404, "candidates.not_found")


async def test_new_identity_number_is_the_new_login_name(desk: Desk) -> None:
    await desk.import_people(PEOPLE[:1])
    (one,) = await desk.people()
    number = make_identity_number(77)
    await desk.who.patch(f"/api/candidates/{one['id']}", json={"identity_number": number})
    async with desk.world.ports.db.reading() as tx:
        password = (await read_initial_passwords(tx, [one["id"]]))[one["id"]]
    started = await log_in_candidate(desk.world.ports.db, login_name=number, password=password, device_token="")
    assert started.login.principal_id == one["id"]
    with pytest.raises(LoginFailed):
        await log_in_candidate(
            desk.world.ports.db, login_name=PEOPLE[0].identity_number, password=password, device_token=""
        )


async def test_withdrawal_and_back(desk: Desk) -> None:
    await desk.import_people(PEOPLE)
    one = (await desk.people(q="张伟"))[0]
    for path, state, total in (("withdrawal", "withdrawn", 3), ("reinstatement", "registered", 4)):
        for _ in range(2):
            answer = await desk.who.post(f"/api/candidates/{one['id']}/{path}", json={"reason": "本人申请"})
            assert answer.json()["state"] == state
        assert (await desk.get("summary", exam_id=EXAM))["total"] == total
    assert len(await desk.people(state="withdrawn")) == 0
    assert len(await desk.acts("candidates.candidate.")) == 2


async def test_tickets_of_one_and_of_many(desk: Desk) -> None:
    people = await desk.import_sample(6)
    one = (await desk.people(sort="ticket_number"))[0]
    sheet = {
        "exam_title": "2026年安管人员考核",
        "rules": ["请提前30分钟登录。", "考试期间请保持摄像头开启。"],
        "sittings": [{"title": "正式考试", "time": "11月8日 9:00—10:30", "subject_codes": [one["subject_code"]]}],
        "subject_names": {"A": "企业主要负责人"},
    }
    answer = await desk.who.post(f"/api/candidates/{one['id']}/ticket", json=sheet)
    assert answer.headers["content-type"] == "application/pdf"
    page = PdfReader(io.BytesIO(answer.content)).pages[0]
    text = page.extract_text()
    assert one["ticket_number"] in text
    assert one["name"] in text
    assert one["identity_masked"] in text
    assert len(page.images) == 1
    ordered = await desk.who.post("/api/candidates/tickets", json={"exam_id": EXAM, **sheet})
    assert (ordered.status_code, ordered.json()["tickets"]) == (202, 6)
    await run_queued(desk.world.ports)
    file = await desk.who.get(f"/api/jobs/{ordered.json()['job_id']}/file")
    reader = PdfReader(io.BytesIO(file.content))
    assert len(reader.pages) == len(people)
    assert [act.details["tickets"] for act in await desk.acts("candidates.ticket.print")] == [6, 1]


async def test_too_many_tickets(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.import_people(PEOPLE)
    monkeypatch.setattr("invigil.prepare.candidates.service.tickets.MOST_TICKETS", 3)
    answer = await desk.who.post("/api/candidates/tickets", json={"exam_id": EXAM, "exam_title": "考试"})
    assert answer.json()["code"] == "candidates.too_many_tickets"


async def test_nothing_readable_at_rest(desk: Desk, tmp_path: Path) -> None:
    people = await desk.import_sample(20)
    await desk.upload("姓名,身份证号,报考类别,手机\n".encode() + b"\n".join(
        f"{one.name},{one.identity_number[:-1]}?,A,{one.phone}".encode() for one in people
    ), name=f"{people[0].name}的名单.csv")  # fmt: skip
    canaries = [text.encode() for one in people for text in (one.name, one.identity_number, one.phone)]
    canaries += [one.name.encode("utf-16-le") for one in people]
    canaries += [b"\xff\xd8\xff\xe0\x00\x10JFIF", b"PK\x03\x04\x14\x00", b"PK\x01\x02\x14\x03"]
    files = read_files(tmp_path)
    assert len(files) > 20
    # Two Chinese characters are six bytes: they stand in a megabyte of ciphertext by chance once in 300 million times.
    assert [(name, canary) for name, content in files for canary in canaries if canary in content] == []
    if desk.world.ports.db.is_sqlite:
        assert any(name.endswith("-wal") and content for name, content in files)


def read_files(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]


async def test_nothing_readable_in_postgresql(desk: Desk) -> None:
    if desk.world.ports.db.is_sqlite:
        pytest.skip("the files are looked at above")
    people = await desk.import_sample(10)
    async with desk.world.ports.db.engine.connect() as connection:
        tables = (
            await connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        dumps = [
            str((await connection.exec_driver_sql(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')).scalar())  # noqa: S608
            for table in tables
        ]
    for one in people:
        for value in (one.name, one.identity_number, one.phone):
            assert not any(value in dump or value.encode().hex() in dump for dump in dumps)


async def test_candidate_of_a_role_that_may_not_look(desk: Desk) -> None:
    await desk.import_people(PEOPLE[:1])
    (one,) = await desk.people()
    support = await desk.world.staff(Role.SUPPORT)
    assert (await support.get(f"/api/candidates/{one['id']}")).status_code == 200
    assert (await support.patch(f"/api/candidates/{one['id']}", json={"name": "李四"})).status_code == 403
