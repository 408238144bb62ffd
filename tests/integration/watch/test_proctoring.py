"""Commands, notes, conversation, calls, claims, duty: over HTTP and the candidate's socket, on both databases (S3.6, S3.15, C5.2)."""

import asyncio
import json
from typing import Any

import pytest

from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.kernel.principals import Role
from invigil.sit.answering.api import PageArrived, attempt_topic
from invigil.watch.proctoring.store import duty as duty_store
from tests.integration.prepare.exams.desk import code_of
from tests.integration.watch.watched import JPEG, Page, Watched, counting, open_watched
from tests.world import World

# Two groups, the first page alone and all others, of three queries each.
QUERIES_OF_ARRIVALS = 6
STOP = {"reason_category": "left_seat", "reason": "多次离开座位"}


async def _beat(page: Page) -> None:
    """Everything sent before has been taken when this answers."""
    await page.say(type="heartbeat", seq=1, pending=False)
    await page.hear("time")


async def _delivery(watched: Watched, command_id: str) -> str:
    listed = (await watched.proctor.get("/api/proctoring/commands", params={"attempt_id": watched.attempt_id})).json()
    return next(one["delivery"] for one in listed if one["id"] == command_id)


async def test_a_warning_reaches_the_page_and_its_way_back_is_seen(world: World) -> None:
    watched = await open_watched(world)
    async with watched.page() as page:
        answer = await watched.order("warning", canned_id="keep_in_frame")
        assert answer.status_code == 201, answer.text
        (given,) = answer.json()["commands"]
        told = await page.hear("command")
        assert (told["id"], told["kind"], told["requires_ack"]) == (given["id"], "warning", True)
        assert told["text"] == "请保持头部、双手和屏幕都在摄像头画面内。"
        states = [await _delivery(watched, given["id"])]
        for said in ("delivered", "ack"):
            await page.say(type=said, id=given["id"])
            await _beat(page)
            states.append(await _delivery(watched, given["id"]))
        assert states == ["sent", "delivered", "acknowledged"]
        # The same order again is the same command, and nothing is shown twice.
        again = (await watched.order("warning", canned_id="keep_in_frame")).json()["commands"]
        assert [one["id"] for one in again] == [given["id"]]
        assert code_of(await watched.order("message", command_id="order-warning-1", text="x")) == (
            409,
            "proctoring.order_conflict",
        )
    audit = await world.staff(Role.AUDITOR)
    acts = {one["act"] for one in (await audit.get("/api/audit/records", params={"page_size": 200})).json()["items"]}
    assert {"proctoring.command.give", "answering.command.acknowledge"} <= acts


async def test_pages_that_come_at_once_are_read_together(world: World) -> None:
    """After a restart thousands come within seconds."""
    watched = await open_watched(world)
    (given,) = (await watched.order("message", text="请稍候")).json()["commands"]
    room_id, sitting_id = RoomId(watched.room_id), SittingId("sit_any")
    pages = [PageArrived(AttemptId(f"att_{number}"), sitting_id, room_id, "pc") for number in range(200)]
    pages.append(PageArrived(AttemptId(watched.attempt_id), sitting_id, room_id, "pc"))
    with world.ports.bus.subscribe(attempt_topic(AttemptId(watched.attempt_id))) as reader, counting(world) as counted:
        await asyncio.gather(*(world.ports.hub.tell(page) for page in pages))
    told = [json.loads(reader.messages.get_nowait() or b"") for _ in range(reader.messages.qsize())]
    assert [one["id"] for one in told if one["type"] == "command"] == [given["id"]]
    assert len([one for one in counted.statements if one.startswith("SELECT")]) <= QUERIES_OF_ARRIVALS


async def test_what_a_page_missed_is_told_when_it_comes_back(world: World) -> None:
    watched = await open_watched(world)
    (given,) = (await watched.order("message", text="请稍候")).json()["commands"]
    async with watched.page() as page:
        await _beat(page)
        assert [one["id"] for one in page.told if one["type"] == "command"] == [given["id"]]
        await page.say(type="ack", id=given["id"])
        await _beat(page)
    async with watched.page() as page:
        await _beat(page)
        assert [one for one in page.told if one["type"] == "command"] == []


@pytest.mark.parametrize(
    ("kind", "form", "code"),
    [
        ("message", {}, "proctoring.text_missing"),
        ("warning", {"canned_id": "none"}, "proctoring.text_missing"),
        ("lock", {"reason": "原因"}, "proctoring.reason_missing"),
        ("lock", {"reason_category": "other"}, "proctoring.reason_missing"),
        ("extra_time", {"reason": "网络故障"}, "proctoring.minutes_missing"),
        ("force_hand_in", STOP, "proctoring.not_confirmed"),
        ("force_hand_in", STOP | {"confirm": "别人"}, "proctoring.not_confirmed"),
        ("terminate", STOP, "proctoring.evidence_missing"),
        ("terminate", STOP | {"evidence": ["note_of_nobody"]}, "proctoring.evidence_missing"),
        ("message", {"text": "x", "attempt_ids": ["att_elsewhere"]}, "proctoring.not_in_room"),
        ("unlock", {}, "answering.change_impossible"),
    ],
)
async def test_orders_that_lack_something(world: World, kind: str, form: dict[str, Any], code: str) -> None:
    watched = await open_watched(world)
    assert code_of(await watched.order(kind, **form))[1] == code


async def test_lock_unlock_and_forced_hand_in_reach_the_page(world: World) -> None:
    watched = await open_watched(world)
    await watched.hall.save(watched.entry, 1)
    async with watched.page() as page:
        assert (await watched.order("lock", **STOP)).status_code == 201
        assert (await page.hear("command", kind="lock"))["reason"] == "多次离开座位"
        assert (await page.hear("state"))["state"] == "locked"
        assert (await watched.order("unlock")).status_code == 201
        await page.hear("state", state="open")
        name = (await watched.proctor.get(f"/api/board/rooms/{watched.room_id}")).json()["seats"]
        own = next(one["name"] for one in name if one["candidate_id"] == watched.hall.candidate.principal.id)
        assert (await watched.order("force_hand_in", confirm=own, **STOP)).status_code == 201
        await page.hear("command", kind="force_hand_in")
        await page.hear("state", state="auto_handed_in")


async def test_a_termination_needs_evidence_and_a_second_person(world: World) -> None:
    watched = await open_watched(world)
    form = {"note_id": "note-12345678", "attempt_id": watched.attempt_id, "kind": "materials", "text": "桌面有书"}
    assert (await watched.proctor.post("/api/proctoring/notes", json=form)).status_code == 201
    both = await world.staff(Role.ADMINISTRATOR, Role.PROCTOR)
    answer = await watched.order("terminate", both, evidence=["note-12345678"], **STOP)
    (proposed,) = answer.json()["commands"]
    assert proposed["delivery"] == "proposed"
    path = f"/api/proctoring/proposals/{proposed['id']}/decide"
    assert code_of(await both.post(path, json={"is_approved": True})) == (403, "proctoring.second_person_needed")
    assert code_of(await watched.proctor.post(path, json={"is_approved": True})) == (403, "accounts.not_allowed")
    listed = (
        await watched.patrol.get("/api/proctoring/proposals", params={"sitting_id": watched.hall.sitting_id})
    ).json()
    assert [one["id"] for one in listed] == [proposed["id"]]
    async with watched.page() as page:
        assert (await watched.patrol.post(path, json={"is_approved": True})).status_code == 200
        told = await page.hear("command", kind="terminate")
        assert (told["id"], told["reason"]) == (proposed["id"], "多次离开座位")
        await page.hear("state", state="terminated")
    assert code_of(await watched.patrol.post(path, json={"is_approved": True})) == (409, "proctoring.proposal_decided")
    assert code_of(await watched.hall.save(watched.entry, 5)) == (409, "answering.attempt_closed")


async def test_extra_time_is_the_known_change_of_time(world: World) -> None:
    watched = await open_watched(world)
    (proposed,) = (await watched.order("extra_time", minutes=10, reason="网络故障，已核实")).json()["commands"]
    decision = f"/api/attempts/changes/{proposed['id']}/decision"
    async with watched.page() as page:
        assert (await watched.patrol.post(decision, json={"is_approved": True})).status_code == 204
        assert (await page.hear("command", kind="extra_time"))["id"] == proposed["id"]
        assert await _delivery(watched, proposed["id"]) == "sent"
        await page.say(type="delivered", id=proposed["id"])
        await _beat(page)
    assert await _delivery(watched, proposed["id"]) == "delivered"


async def test_a_command_to_the_room_passes_over_who_has_ended(world: World) -> None:
    watched = await open_watched(world)
    other = (await watched.hall.desk.rooms({"id": watched.hall.sitting_id}))[0]["occupants"]
    person = next(one["candidate_id"] for one in other if one["candidate_id"] != watched.hall.candidate.principal.id)
    entry = (await watched.hall.enter(await world.candidate(person, watched.hall.desk.exam_id))).json()
    everybody = {"attempt_ids": []}
    assert len((await watched.order("message", text="还有十分钟", **everybody)).json()["commands"]) == 2
    locked = await watched.order("lock", **STOP)
    assert locked.status_code == 201
    given = (await watched.order("lock", command_id="order-lock-all", **everybody, **STOP)).json()
    assert [one["attempt_id"] for one in given["commands"]] == [entry["attempt_id"]]
    assert [(one["attempt_id"], one["code"]) for one in given["skipped"]] == [
        (watched.attempt_id, "answering.change_impossible")
    ]


async def test_a_note_takes_the_pictures_the_question_and_the_place_in_the_log(world: World) -> None:
    watched = await open_watched(world)
    at = world.clock.now()
    step = {"n": 41, "at_client": at.isoformat(), "kind": "question_opened", "item": "i1"}
    await watched.hall.sit("activity", watched.entry, {"events": [step]})
    async with watched.page() as page:
        await page.socket.send_bytes(b"\x01\x01" + int(at.timestamp() * 1000).to_bytes(8) + JPEG)
        await page.say(type="heartbeat", seq=1, pending=False, item="i1", answered=1)
        await page.hear("time")
        form = {"note_id": "note-abcdefgh", "attempt_id": watched.attempt_id}
        answer = await watched.proctor.post("/api/proctoring/notes", json=form)
        assert answer.status_code == 201, answer.text
    note = answer.json()
    assert (note["tracks"], note["item"], note["last_step"], note["subject_code"]) == (["camera"], "i1", 41, "A")
    assert (await watched.proctor.post("/api/proctoring/notes", json=form)).json()["at"] == note["at"]
    edited = {"kind": "other_person", "text": "画面中出现另一人"}
    assert (await watched.proctor.put("/api/proctoring/notes/note-abcdefgh", json=edited)).json()[
        "kind_zh"
    ] == "他人在场"
    assert code_of(await watched.patrol.put("/api/proctoring/notes/note-abcdefgh", json=edited)) == (
        403,
        "proctoring.note_not_yours",
    )
    picture = await watched.patrol.get("/api/proctoring/notes/note-abcdefgh/stills/camera")
    assert (picture.content, picture.headers["content-type"]) == (JPEG, "image/jpeg")
    assert code_of(await watched.patrol.get("/api/proctoring/notes/note-abcdefgh/stills/phone")) == (
        404,
        "proctoring.note_not_found",
    )
    of_sitting = {"sitting_id": watched.hall.sitting_id}
    for subject_code, total in (("A", 1), ("B", 0)):
        asked = of_sitting | {"subject_code": subject_code}
        assert (await watched.proctor.get("/api/proctoring/notes", params=asked)).json()["total"] == total
    stored = [await world.ports.blobs._store.get(key) for key in await world.ports.blobs.list("notes")]
    assert len(stored) == 1
    assert JPEG not in stored[0]


async def test_the_candidate_asks_and_is_answered(world: World) -> None:
    watched = await open_watched(world)
    async with watched.page() as page:
        await page.say(type="raise_hand", id="hand-0000001", is_raised=True)
        assert (await page.hear("hand"))["is_answered"] is False
        await page.say(type="chat", id="line-0000001", text="  看不清图片  ")
        said = await page.hear("chat")
        assert (said["sender"], said["text"]) == ("candidate", "看不清图片")
        await page.say(type="chat", id="line-0000001", text="看不清图片")
        await _beat(page)
        chat = f"/api/proctoring/chat/{watched.attempt_id}"
        assert [one["is_read"] for one in (await watched.proctor.get(chat)).json()] == [False]
        line = {"line_id": "staff-000001", "text": "请点击图片放大"}
        assert (await watched.proctor.post(chat, json=line)).status_code == 201
        assert (await page.hear("hand"))["is_answered"] is True
        assert (await page.hear("chat", sender="staff"))["text"] == "请点击图片放大"
    assert [(one["sender"], one["is_read"]) for one in (await watched.proctor.get(chat)).json()] == [
        ("candidate", True),
        ("staff", True),
    ]
    async with watched.page() as page:
        await _beat(page)
        assert [one["id"] for one in page.told if one["type"] == "chat"] == ["line-0000001", "staff-000001"]


@pytest.mark.parametrize("text", ["", "   ", "长" * 501])
async def test_a_line_that_says_nothing_or_too_much_is_not_kept(world: World, text: str) -> None:
    watched = await open_watched(world)
    async with watched.page() as page:
        await page.say(type="chat", id="line-0000001", text=text)
        await _beat(page)
    chat = f"/api/proctoring/chat/{watched.attempt_id}"
    assert (await watched.proctor.get(chat)).json() == []
    answer = await watched.proctor.post(chat, json={"line_id": "staff-000001", "text": text})
    assert code_of(answer) == (422, "proctoring.line_too_long")


async def test_two_proctors_do_not_do_the_same(world: World) -> None:
    watched = await open_watched(world)
    async with watched.page() as page:
        await page.say(type="signal", kind="paste", at_ms=int(world.clock.now().timestamp() * 1000))
        await _beat(page)
    (signal,) = (await watched.proctor.get("/api/proctoring/signals", params={"room_id": watched.room_id})).json()
    claim = {"thing": "signal", "thing_id": signal["id"]}
    assert (await watched.proctor.post("/api/proctoring/claims", json=claim)).status_code == 204
    refused = await watched.patrol.post("/api/proctoring/claims", json=claim)
    assert code_of(refused) == (409, "proctoring.claimed_by_colleague")
    assert refused.json()["details"] == {"name": "李监考"}
    assert (await watched.patrol.post("/api/proctoring/claims", json=claim | {"takes_over": True})).status_code == 204
    handled = f"/api/proctoring/signals/{signal['id']}/handle"
    assert (await watched.patrol.post(handled, json={"handling": "seen"})).json()["is_open"] is False
    assert code_of(await watched.proctor.post(handled, json={"handling": "seen"})) == (409, "signals.already_handled")


async def raise_hand(watched: Watched) -> str:
    """The candidate calls; return the call."""
    async with watched.page() as page:
        await page.say(type="raise_hand", id="hand-0000001", is_raised=True)
        await page.hear("hand")
    (call_id,) = await list_waiting(watched)
    return call_id


async def list_waiting(watched: Watched) -> list[str]:
    """Return the candidate's calls that nobody has answered."""
    async with watched.world.ports.db.reading() as tx:
        return [call.id for call in await duty_store.list_waiting_calls(tx, attempt_ids=[watched.attempt_id])]


async def test_a_call_is_answered_by_whoever_looks_after_it(world: World) -> None:
    watched = await open_watched(world)
    claim = {"thing": "call", "thing_id": await raise_hand(watched)}
    assert (await watched.proctor.post("/api/proctoring/claims", json=claim)).status_code == 204
    answer = f"/api/proctoring/calls/{claim['thing_id']}/answer"
    refused = await watched.patrol.post(answer)
    assert (code_of(refused), refused.json()["details"]) == (
        (409, "proctoring.claimed_by_colleague"),
        {"name": "李监考"},
    )
    # Whoever writes to the candidate meanwhile leaves the hand to whom it belongs.
    line = {"line_id": "staff-000001", "text": "同事马上来"}
    assert (await watched.patrol.post(f"/api/proctoring/chat/{watched.attempt_id}", json=line)).status_code == 201
    assert await list_waiting(watched) == [claim["thing_id"]]
    assert (await watched.patrol.post("/api/proctoring/claims", json=claim | {"takes_over": True})).status_code == 204
    assert code_of(await watched.proctor.post(answer)) == (409, "proctoring.claimed_by_colleague")
    assert (await watched.patrol.post(answer)).status_code == 204
    # Answered is answered: nobody is told twice, and nobody is turned away.
    assert (await watched.proctor.post(answer)).status_code == 204


@pytest.mark.parametrize("way", ["attendance", "hand-over"])
async def test_whoever_goes_looks_after_nothing_any_more(world: World, way: str) -> None:
    watched = await open_watched(world)
    room = f"/api/proctoring/rooms/{watched.room_id}"
    assert (await watched.proctor.post(f"{room}/attendance", json={"is_on_duty": True})).status_code == 204
    call_id = await raise_hand(watched)
    claim = {"thing": "call", "thing_id": call_id}
    assert (await watched.proctor.post("/api/proctoring/claims", json=claim)).status_code == 204
    colleague = await world.staff(Role.PROCTOR, name="赵监考")
    form = {"is_on_duty": False} if way == "attendance" else {"to_staff_id": colleague.principal.id, "note": ""}
    assert (await watched.proctor.post(f"{room}/{way}", json=form)).is_success
    assert (await watched.patrol.post(f"/api/proctoring/calls/{call_id}/answer")).status_code == 204


async def test_duty_and_hand_over(world: World) -> None:
    watched = await open_watched(world)
    duty = f"/api/proctoring/rooms/{watched.room_id}/attendance"
    assert code_of(await watched.proctor.post(duty, json={"is_on_duty": False})) == (409, "proctoring.not_on_duty")
    assert (await watched.proctor.post(duty, json={"is_on_duty": True})).status_code == 204
    colleague, stranger = await world.staff(Role.PROCTOR, name="赵监考"), await world.staff(Role.PATROL)
    assert code_of(await colleague.post(duty, json={"is_on_duty": True})) == (404, "rooms.not_found")
    room = f"/api/proctoring/rooms/{watched.room_id}"
    assert {one["name"] for one in (await watched.proctor.get(f"{room}/colleagues")).json()} == {"赵监考"}
    to_patrol = {"to_staff_id": stranger.principal.id}
    assert code_of(await watched.proctor.post(f"{room}/hand-over", json=to_patrol))[1] == "rooms.not_a_proctor"
    form = {"to_staff_id": colleague.principal.id, "note": "3号考生网络不稳"}
    assert (await watched.proctor.post(f"{room}/hand-over", json=form)).status_code == 201
    assert code_of(await watched.order("message", text="x")) == (404, "rooms.not_found")
    assert (await watched.order("message", colleague, text="x")).status_code == 201
    assert [one["note"] for one in (await colleague.get(f"{room}/hand-overs")).json()] == ["3号考生网络不稳"]


async def test_another_rooms_proctor_sees_and_does_nothing(world: World) -> None:
    watched = await open_watched(world)
    stranger = await world.staff(Role.PROCTOR)
    note = {"note_id": "note-12345678", "attempt_id": watched.attempt_id}
    answers = [
        await watched.order("message", stranger, text="x"),
        await stranger.post("/api/proctoring/notes", json=note),
        await stranger.get(
            "/api/proctoring/notes", params={"room_id": watched.room_id, "sitting_id": watched.hall.sitting_id}
        ),
        await stranger.get("/api/proctoring/signals", params={"attempt_id": watched.attempt_id}),
        await stranger.get("/api/proctoring/commands", params={"room_id": watched.room_id}),
        await stranger.get(f"/api/proctoring/chat/{watched.attempt_id}"),
        await stranger.post(
            f"/api/proctoring/chat/{watched.attempt_id}", json={"line_id": "line-0000001", "text": "x"}
        ),
    ]
    assert {code_of(one) for one in answers} == {(404, "rooms.not_found")}
