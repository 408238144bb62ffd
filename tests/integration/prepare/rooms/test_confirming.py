"""《考场安排确认单》 over HTTP on both databases: submitted, signed by another, frozen, amended, printed."""

import io
from datetime import datetime
from typing import Any

import pytest
from pypdf import PdfReader

from invigil.kernel.canonical import digest_canonical, encode_canonical
from invigil.kernel.principals import Role
from invigil.platform.keys import is_signature
from invigil.prepare.rooms.api import find_signed_confirmation
from tests.integration.prepare.exams.desk import TITLE, ExamDesk, code_of
from tests.world import Person, World


async def prepare(world: World, count: int = 31) -> tuple[ExamDesk, dict[str, Any]]:
    """Return a desk with one arranged sitting in which every room has a proctor."""
    desk = await ExamDesk.open(world)
    await desk.register(count)
    await desk.agree()
    sitting = await desk.plan_locked("A")
    shown = await desk.arrange(sitting)
    for _ in range(shown["rooms"]):
        await world.staff(Role.PROCTOR)
    job = await desk.assign(sitting, 1)
    assert job["state"] == "done", job
    return desk, sitting


async def submit(desk: ExamDesk) -> dict[str, Any]:
    answer = await desk.one.post(f"/api/exams/{desk.exam_id}/room-confirmations")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def sign(official: Person, sheet: dict[str, Any]) -> Any:
    return await official.post(f"/api/room-confirmations/{sheet['id']}/signature", json={"digest": sheet["digest"]})


async def test_submitted_signed_frozen_amended_signed_again(world: World) -> None:
    desk, sitting = await prepare(world)
    official = await world.staff(Role.BOARD_OFFICIAL)
    sheet = await submit(desk)
    assert (sheet["version"], sheet["state"], sheet["candidates"], sheet["rooms"]) == (1, "submitted", 31, 2)
    assert sheet["digest"] == digest_canonical(sheet["content"])
    again = await desk.one.post(f"/api/exams/{desk.exam_id}/room-confirmations")
    assert code_of(again) == (409, "rooms.plan_not_in_state")
    # Frozen while the board reads.
    rooms = await desk.rooms(sitting)
    form = {"candidate_id": rooms[0]["occupants"][0]["candidate_id"], "room_id": rooms[1]["id"], "version": 2}
    refused = await desk.one.post(f"/api/sittings/{sitting['id']}/moves", json=form)
    assert code_of(refused) == (409, "rooms.plan_frozen")
    other_digest = await official.post(f"/api/room-confirmations/{sheet['id']}/signature", json={"digest": "0" * 64})
    assert code_of(other_digest) == (404, "rooms.confirmation_not_found")
    signed = (await sign(official, sheet)).json()
    assert signed["state"] == "signed"
    assert is_signature(
        bytes.fromhex(signed["signature"]), encode_canonical(signed["content"]), world.ports.keys.signing_public_key
    )
    assert code_of(await desk.one.post(f"/api/sittings/{sitting['id']}/moves", json=form)) == (409, "rooms.plan_frozen")
    arranging = await desk.one.post(f"/api/sittings/{sitting['id']}/arrangement", json={"version": 2})
    assert code_of(arranging) == (409, "rooms.plan_frozen")
    # A change makes a new version that must be signed again.
    amended = await desk.one.post(f"/api/exams/{desk.exam_id}/room-plan/amendment", json={"reason": "考生更换考场"})
    assert amended.json()["state"] == "editable"
    assert (await desk.one.post(f"/api/sittings/{sitting['id']}/moves", json=form)).json() == {"version": 3}
    async with world.ports.db.reading() as tx:
        in_force = await find_signed_confirmation(tx, desk.exam_id)
        assert in_force is not None
        assert in_force.version == 1
    second = await submit(desk)
    assert second["signed_before"] == sheet["number"]
    assert second["changes"] == ["上午场　1 号考场：人数 16 → 15", "上午场　2 号考场：人数 15 → 16"]
    assert (await sign(official, second)).json()["version"] == 2
    plan = (await official.get(f"/api/exams/{desk.exam_id}/room-plan")).json()
    assert [one["state"] for one in plan["confirmations"]] == ["signed", "superseded"]


async def test_who_submits_does_not_sign(world: World) -> None:
    desk, _ = await prepare(world, 1)
    both = await world.staff(Role.ADMINISTRATOR, Role.BOARD_OFFICIAL)
    desk.one = both
    sheet = await submit(desk)
    assert code_of(await sign(both, sheet)) == (409, "rooms.signer_is_submitter")
    assert (await sign(desk.other, sheet)).status_code == 403
    assert (await sign(world.anonymous(), sheet)).status_code == 401
    assert (await sign(await world.staff(Role.PROCTOR), sheet)).status_code == 403


async def test_returned_sheets_can_be_changed_and_submitted_again(world: World) -> None:
    desk, _ = await prepare(world, 1)
    official = await world.staff(Role.BOARD_OFFICIAL)
    sheet = await submit(desk)
    path = f"/api/room-confirmations/{sheet['id']}"
    assert (await official.post(f"{path}/return", json={"reason": "人数有误"})).json()["state"] == "returned"
    assert code_of(await sign(official, sheet)) == (409, "rooms.plan_not_in_state")
    assert code_of(await official.post(f"{path}/return", json={"reason": "人数有误"})) == (
        409,
        "rooms.plan_not_in_state",
    )
    second = await submit(desk)
    assert (second["version"], second["changes"]) == (2, [])
    assert code_of(await sign(official, sheet)) == (404, "rooms.confirmation_not_found")
    early = await desk.one.post(f"/api/exams/{desk.exam_id}/room-plan/amendment", json={"reason": "变更"})
    assert code_of(early) == (409, "rooms.plan_not_in_state")


async def test_what_is_not_ready_cannot_be_submitted(world: World) -> None:
    desk = await ExamDesk.open(world)
    path = f"/api/exams/{desk.exam_id}/room-confirmations"
    assert code_of(await desk.one.post(path)) == (409, "rooms.plan_incomplete")
    await desk.register(2)
    sitting = await desk.plan_locked("A")
    assert "尚未编排考场" in (await desk.one.post(path)).json()["message"]
    await desk.arrange(sitting)
    await desk.register(1, first=50)
    message = (await desk.one.post(path)).json()["message"]
    assert "1 名考生未编入考场" in message
    assert "1 号考场（共 1 个）监考人数不足" in message


@pytest.mark.parametrize("is_signed", [False, True])
async def test_printed(world: World, is_signed: bool) -> None:
    desk, _ = await prepare(world)
    official = await world.staff(Role.BOARD_OFFICIAL)
    sheet = await submit(desk)
    if is_signed:
        await sign(official, sheet)
    answer = await official.get(f"/api/room-confirmations/{sheet['id']}/file")
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert len(pages) == 2
    for expected in (sheet["number"], sheet["digest"], "上午场", "XY-2026-07", "第 1 页，共 2 页"):
        assert expected in text.replace("\n", ""), expected
    assert ("已签署" in text) == is_signed
    missing = await official.get("/api/room-confirmations/none/file")
    assert code_of(missing) == (404, "rooms.confirmation_not_found")


async def test_checklist_tells_what_is_missing_and_who_must_act(world: World) -> None:
    desk = await ExamDesk.open(world)
    path = f"/api/exams/{desk.exam_id}/checklist"

    async def items() -> dict[str, Any]:
        answer = (await desk.one.get(path)).json()
        assert answer["missing"] == sum(one["state"] == "missing" for one in answer["items"])
        return {one["code"]: one for one in answer["items"]}

    empty = await items()
    assert all(one["title_en"] and bool(one["detail_en"]) == bool(one["detail_zh"]) for one in empty.values())
    states = {code: one["state"] for code, one in empty.items()}
    assert states == {
        "agreement": "missing",
        "subjects": "ok",
        "candidates": "missing",
        "photos": "missing",
        "papers_locked": "missing",
        "papers_dealt": "ok",
        "sittings": "missing",
        "locks": "missing",
        "openings": "missing",
        "mock_slots": "missing",
        "mock_done": "warning",
        "receipt_keys": "ok",
        "rooms": "missing",
        "proctors": "missing",
        "recusals": "ok",
        "confirmation": "missing",
    }
    await desk.agree()
    await desk.register(2)
    await desk.choose_papers("A")
    sitting = await desk.plan_locked("A")
    assert (await items())["rooms"]["detail_zh"] == "“上午场”尚未编排考场"
    await desk.arrange(sitting)
    assert (await items())["proctors"]["state"] == "missing"
    await world.staff(Role.PROCTOR)
    await desk.assign(sitting, 1)
    almost = await items()
    assert {code for code, one in almost.items() if one["state"] == "missing"} == {
        "mock_slots",
        "confirmation",
        "openings",
    }
    assert almost["recusals"]["who_must_act"] == "proctor"
    assert almost["photos"]["state"] == "warning"
    await desk.plan_locked("A", kind="mock", starts_at=world.clock.now().replace(hour=12), capacity=5)
    sheet = await submit(desk)
    waiting = (await items())["confirmation"]
    assert (waiting["state"], waiting["who_must_act"]) == ("missing", "board_official")
    await sign(await world.staff(Role.BOARD_OFFICIAL), sheet)
    done = await items()
    assert {code for code, one in done.items() if one["state"] == "missing"} == {"openings"}
    path_of_sitting = f"/api/sittings/{sitting['id']}"
    draft = (await desk.one.post(f"{path_of_sitting}/unlock", json={"typed_title": TITLE, "reason": "推迟"})).json()
    form = {name: draft[name] for name in ("kind", "subject_codes", "starts_at", "version")}
    await desk.one.put(path_of_sitting, json=form | {"title": "改名场"})
    assert "签署后场次有修改" in (await items())["confirmation"]["detail_zh"]
    await desk.one.post(f"/api/exams/{desk.exam_id}/room-plan/amendment", json={"reason": "变更"})
    assert "签署后又有变更" in (await items())["confirmation"]["detail_zh"]
    world.clock.advance(datetime.fromisoformat(sitting["starts_at"]) - world.clock.now())
    assert "开考时间已过仍未开放" in (await items())["openings"]["detail_zh"]
