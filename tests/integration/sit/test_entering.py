"""Entering, taking over, changing time, the socket, emergency files: over HTTP on both databases (S3.1, S3.7, S3.18, P2, P7)."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from httpx_ws import WebSocketDisconnect, aconnect_ws
from httpx_ws.transport import ASGIWebSocketTransport

from invigil.kernel.canonical import encode_canonical
from invigil.kernel.encoding import decode_base64url, encode_base64url
from invigil.kernel.ids import RoomId, SittingId, StaffId
from invigil.kernel.principals import Role
from invigil.platform.keys import derive_key, seal_with
from invigil.prepare.rooms.store.seating import set_proctors
from tests.integration.prepare.exams.desk import ExamDesk, code_of
from tests.world import Person, World

MINUTE = timedelta(minutes=1)
CONSENT = "2026-1"
RULES = {"allows_extra_time": True, "late_entry_within_minutes": 30, "early_hand_in_after_minutes": 30}


@dataclass
class Hall:
    """A sitting that is open, its administrators, and its first candidate."""

    world: World
    desk: ExamDesk
    sitting_id: str
    candidate: Person

    async def enter(self, person: Person | None = None, consent: str | None = CONSENT) -> httpx.Response:
        form = {"sitting_id": self.sitting_id, "consent_version": consent, "device": {"user_agent": "test"}}
        return await (person or self.candidate).post("/api/sit/enter", json=form)

    async def proctor(self, *more: Role, name: str = "") -> Person:
        """Somebody who watches the room."""
        person = await self.world.staff(Role.PROCTOR, *more, name=name)
        (room,) = await self.desk.rooms({"id": self.sitting_id})
        watching = [StaffId(one["staff_id"]) for one in room["proctors"]]
        async with self.world.ports.db.transaction() as tx:
            room_id, now = RoomId(room["id"]), [*watching, StaffId(person.principal.id)]
            await set_proctors(tx, SittingId(self.sitting_id), room_id, now)
        return person

    async def again(self) -> Person:
        """The same candidate at another computer."""
        return await self.world.candidate(self.candidate.principal.id, self.desk.exam_id)

    async def sit(self, path: str, entry: dict[str, Any], body: object = None) -> httpx.Response:
        headers = {"Invigil-Ticket": entry["ticket"]}
        if body is None:
            return await self.world.anonymous().get(f"/api/sit/{path}", headers=headers)
        return await self.world.anonymous().post(f"/api/sit/{path}", json=body, headers=headers)

    async def save(self, entry: dict[str, Any], seq: int, letter: str = "A") -> httpx.Response:
        return await self.sit("save", entry, {"sheet": _sheet(entry, seq, letter)})


def _sheet(entry: dict[str, Any], seq: int, letter: str = "A") -> dict[str, Any]:
    return {"v": 1, "attempt": entry["attempt_id"], "seq": seq, "answers": {"i1": {"c": letter}}, "flags": []}


async def open_hall(world: World, *, is_mock_required: bool = False) -> Hall:
    desk = await ExamDesk.open(world)
    exam = desk.exam
    form = {"title": exam["title"], "is_mock_required": is_mock_required, "version": exam["version"]}
    assert (await desk.one.put(f"/api/exams/{desk.exam_id}", json=form)).status_code == 200
    candidates = await desk.register(2)
    await desk.agree()
    await desk.choose_papers("A")
    rules = (await desk.one.get("/api/exam-profiles")).json()[0]["rules"] | RULES
    sitting = await desk.plan_locked("A", rules=rules)
    await desk.arrange(sitting)
    await desk.open_sitting(sitting)
    world.clock.advance(timedelta(days=3, minutes=-10))
    return Hall(world, desk, sitting["id"], await world.candidate(candidates[0], desk.exam_id))


async def test_a_newcomer_first_sees_the_consent_and_then_enters(world: World) -> None:
    hall = await open_hall(world)
    door = (await hall.enter(consent=None)).json()
    assert (door["attempt_id"], door["ticket"], door["consent"]["version"]) == ("", "", CONSENT)
    assert code_of(await hall.enter(consent="1999")) == (422, "answering.consent_missing")
    entry = (await hall.enter()).json()
    assert entry["attempt_id"].startswith("att_")
    assert (entry["consent"], entry["seq"], entry["seat_epoch"]) == (None, 0, 1)
    assert entry["seat_number"] in {1, 2}


async def test_nothing_is_answered_and_no_key_leaves_before_t0(world: World) -> None:
    hall = await open_hall(world)
    entry = (await hall.enter()).json()
    assert code_of(await hall.sit("paper-key", entry)) == (425, "answering.paper_key_not_yet")
    assert code_of(await hall.sit("media/m1", entry)) == (425, "answering.paper_key_not_yet")
    assert code_of(await hall.save(entry, 1)) == (425, "answering.not_started")
    world.clock.advance(10 * MINUTE)
    assert (await hall.save(entry, 1)).status_code == 200


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(9, None), (10, None), (39, None), (40, None), (41, "answering.too_late"), (200, "answering.sitting_over")],
)
async def test_late_entry(world: World, minutes: int, expected: str | None) -> None:
    hall = await open_hall(world)
    world.clock.advance(minutes * MINUTE)
    answer = await hall.enter()
    assert (answer.json().get("code") if answer.status_code != 200 else None) == expected


async def test_who_has_no_seat_does_not_enter(world: World) -> None:
    hall = await open_hall(world)
    stranger = await world.candidate((await hall.desk.register(1, first=900))[0], hall.desk.exam_id)
    assert code_of(await hall.enter(stranger)) == (404, "answering.no_seat")


async def test_who_has_not_passed_the_mock_does_not_enter(world: World) -> None:
    hall = await open_hall(world, is_mock_required=True)
    assert code_of(await hall.enter())[1] == "exams.mock_not_passed"
    waiver = {"candidate_id": hall.candidate.principal.id, "reason": "设备故障，已核实"}
    assert (await hall.desk.one.post(f"/api/exams/{hall.desk.exam_id}/mock-waivers", json=waiver)).status_code == 201
    assert (await hall.enter()).status_code == 200


async def test_a_reload_takes_the_seat_again_and_keeps_the_answers(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    first = (await hall.enter()).json()
    await hall.save(first, 4, "C")
    second = (await hall.enter(consent=None)).json()
    assert (second["seq"], second["sheet"]["answers"]) == (4, {"i1": {"c": "C"}})
    assert code_of(await hall.save(first, 5)) == (409, "answering.seat_revoked")
    assert (await hall.save(second, 5)).status_code == 200


async def test_another_computer_needs_the_seat_released(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    first = (await hall.enter()).json()
    await hall.save(first, 1)
    elsewhere = await hall.again()
    assert code_of(await hall.enter(elsewhere)) == (409, "answering.seat_occupied")
    proctor = await hall.proctor()
    path = f"/api/attempts/{first['attempt_id']}/release"
    assert (await proctor.post(path, json={"reason": "考生电脑故障"})).status_code == 204
    assert code_of(await hall.save(first, 2)) == (409, "answering.seat_revoked")
    moved = (await hall.enter(elsewhere)).json()
    assert moved["seq"] == 1
    assert code_of(await hall.enter()) == (409, "answering.seat_occupied")


async def test_a_revoked_login_loses_the_seat(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    assert (await hall.candidate.post("/api/candidate/logout")).status_code == 204
    assert code_of(await hall.save(entry, 1)) == (409, "answering.seat_revoked")
    assert (await hall.enter(await hall.again())).status_code == 200


async def _propose(person: Person, attempt: str, kind: str, minutes: int = 0) -> httpx.Response:
    form = {"kind": kind, "minutes": minutes, "reason": "网络故障，已核实"}
    return await person.post(f"/api/attempts/{attempt}/changes", json=form)


async def test_extra_time_needs_a_second_person(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    proctor, patrol = await hall.proctor(), await world.staff(Role.PATROL)
    both = await hall.proctor(Role.PATROL)
    change = (await _propose(both, entry["attempt_id"], "extra_time", 10)).json()
    decision = f"/api/attempts/changes/{change['id']}/decision"
    assert code_of(await both.post(decision, json={"is_approved": True})) == (403, "answering.same_person")
    assert code_of(await proctor.post(decision, json={"is_approved": True})) == (403, "accounts.not_allowed")
    assert (await patrol.post(decision, json={"is_approved": True})).status_code == 204
    assert code_of(await patrol.post(decision, json={"is_approved": True})) == (409, "answering.change_decided")
    world.clock.advance(95 * MINUTE)
    assert (await hall.save(entry, 1)).status_code == 200
    listed = (await patrol.get(f"/api/attempts/of-sitting/{hall.sitting_id}/changes")).json()
    assert [(one["state"], one["minutes"]) for one in listed] == [("applied", 10)]


async def test_a_pause_stops_the_clock_and_a_reopened_attempt_gives_a_second_receipt(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    proctor, patrol = await hall.proctor(), await world.staff(Role.PATROL)

    async def carry_out(kind: str, minutes: int = 0) -> None:
        change = (await _propose(proctor, entry["attempt_id"], kind, minutes)).json()
        if kind != "resume":
            answer = await patrol.post(f"/api/attempts/changes/{change['id']}/decision", json={"is_approved": True})
            assert answer.status_code == 204

    await carry_out("pause")
    assert code_of(await hall.save(entry, 1)) == (423, "answering.attempt_paused")
    world.clock.advance(20 * MINUTE)
    await carry_out("resume")
    world.clock.advance(85 * MINUTE)
    assert (await hall.save(entry, 1)).status_code == 200
    hand_in = {"sheet": _sheet(entry, 2), "confirmed_unanswered": 0}
    first = (await hall.sit("hand-in", entry, hand_in)).json()
    assert (await hall.sit("hand-in", entry, hand_in)).json() == first
    assert code_of(await _propose(proctor, entry["attempt_id"], "extra_time", 5)) == (
        409,
        "answering.change_impossible",
    )
    await carry_out("reopen", 10)
    reentered = (await hall.enter(consent=None)).json()
    second = (await hall.sit("hand-in", reentered, {"sheet": _sheet(entry, 3, "B"), "confirmed_unanswered": 0})).json()
    assert (first["receipt"]["round"], second["receipt"]["round"]) == (1, 2)
    assert first["receipt"]["number"] != second["receipt"]["number"]


@asynccontextmanager
async def _socket(world: World) -> AsyncIterator[Any]:
    app = world.client._transport.app  # type: ignore[attr-defined]
    async with (
        httpx.AsyncClient(transport=ASGIWebSocketTransport(app), base_url="https://invigil.test") as client,
        aconnect_ws("https://invigil.test/api/sit/socket", client) as socket,
    ):
        yield socket


async def test_the_socket_tells_time_changes_and_ends_with_the_seat(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    async with _socket(world) as socket:
        await socket.send_json({"type": "hello", "ticket": entry["ticket"]})
        state = await asyncio.wait_for(socket.receive_json(), 10)
        assert (state["type"], state["state"], state["deadline"]) == (
            "state",
            "open",
            entry["deadline"].replace("Z", "+00:00"),
        )
        phone = await asyncio.wait_for(socket.receive_json(), 10)
        assert (phone["type"], phone["is_linked"]) == ("phone_track", False)
        stills = await asyncio.wait_for(socket.receive_json(), 10)
        assert stills == {"type": "stills", "tracks": ["screen", "camera", "phone"], "interval_ms": 10_000}
        await socket.send_json({"type": "heartbeat", "seq": 0, "pending": False})
        assert (await asyncio.wait_for(socket.receive_json(), 10))["type"] == "time"
        proctor, patrol = await hall.proctor(), await world.staff(Role.PATROL)
        change = (await _propose(proctor, entry["attempt_id"], "extra_time", 10)).json()
        await patrol.post(f"/api/attempts/changes/{change['id']}/decision", json={"is_approved": True})
        command = await asyncio.wait_for(socket.receive_json(), 10)
        assert (command["kind"], command["reason"], command["requires_ack"]) == (
            "extra_time",
            "网络故障，已核实",
            True,
        )
        await socket.send_json({"type": "ack", "id": command["id"]})


@pytest.mark.parametrize(
    "first", ["", "{}", '{"type":"hello","ticket":"x"}', '{"type":"heartbeat","seq":1,"pending":false}', "[" * 5000]
)
async def test_a_socket_without_a_ticket_is_shut(world: World, first: str) -> None:
    async with _socket(world) as socket:
        await socket.send_text(first)
        with pytest.raises(WebSocketDisconnect) as shut:
            await asyncio.wait_for(socket.receive_text(), 10)
    assert shut.value.code == 4401


def _rescue(entry: dict[str, Any], seq: int, letter: str) -> bytes:
    mine = X25519PrivateKey.generate()
    header = {
        "format": "invigil-rescue",
        "v": 1,
        "attempt": entry["attempt_id"],
        "seq": seq,
        "ephemeral_key": encode_base64url(mine.public_key().public_bytes_raw()),
    }
    theirs = X25519PublicKey.from_public_bytes(decode_base64url(entry["rescue_key"]))
    content = {"v": 1, "sheet": _sheet(entry, seq, letter), "seat_epoch": 1, "exported_at": "2026-11-04T09:00:00Z"}
    key = derive_key(mine.exchange(theirs), "rescue-file")
    nonce, sealed = seal_with(key, encode_canonical(content), additional=encode_canonical(header))
    return json.dumps(header | {"nonce": encode_base64url(nonce), "ciphertext": encode_base64url(sealed)}).encode()


async def test_an_emergency_file_counts_when_it_is_the_newest(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    await hall.save(entry, 1)
    support = await world.staff(Role.SUPPORT)

    async def send(raw: bytes) -> httpx.Response:
        return await support.post("/api/attempts/uploads/rescue", files={"file": ("a.json", raw)})

    imported = await send(_rescue(entry, 7, "D"))
    assert (imported.status_code, imported.json()["is_newest"]) == (201, True)
    assert (await hall.enter(consent=None)).json()["sheet"]["answers"] == {"i1": {"c": "D"}}
    assert (await send(_rescue(entry, 7, "D"))).status_code == 201
    assert code_of(await send(_rescue(entry, 7, "A"))) == (422, "answering.rescue_invalid")
    changed = bytearray(_rescue(entry, 8, "B"))
    changed[-10] ^= 1
    assert code_of(await send(bytes(changed))) == (422, "answering.rescue_invalid")
    assert code_of(await send(os.urandom(50))) == (422, "answering.rescue_invalid")


async def test_steps_are_kept_once_and_the_important_ones_are_marked(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    at = world.clock.now().isoformat()
    events = [
        {"n": 1, "at_client": at, "kind": "question_opened", "item": "i1"},
        {"n": 2, "at_client": at, "kind": "screen_left", "detail": "12"},
    ]
    for _ in range(2):
        assert (await hall.sit("activity", entry, {"events": events})).json() == {"kept": 2}
    proctor = await hall.proctor()
    path = f"/api/activity/of-attempt/{entry['attempt_id']}"
    steps = (await proctor.get(path)).json()
    assert [(one["kind"], one["importance"]) for one in steps] == [
        ("question_opened", "plain"),
        ("screen_left", "important"),
    ]
    assert len((await proctor.get(path, params={"only_highlights": True})).json()) == 1
    bad = {"events": [{"n": -1, "at_client": at, "kind": "x"}]}
    assert code_of(await hall.sit("activity", entry, bad)) == (422, "activity.steps_invalid")


async def test_what_a_candidate_sees_of_the_own_sittings(world: World) -> None:
    hall = await open_hall(world)
    mine = (await hall.candidate.get("/api/candidate/sittings")).json()
    assert [(one["can_enter"], one["reason"], one["state"]) for one in mine] == [(True, None, "open")]
    world.clock.advance(60 * MINUTE)
    mine = (await hall.candidate.get("/api/candidate/sittings")).json()
    assert [(one["can_enter"], one["reason"]) for one in mine] == [
        (False, "已超过允许迟到的时间，不能再进入本场考试。")
    ]


async def test_staff_see_attempts_and_the_trail_of_saves(world: World) -> None:
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    await hall.save(entry, 1)
    await hall.save(entry, 2, "B")
    reviewer = await world.staff(Role.REVIEWER)
    attempts = (await reviewer.get(f"/api/attempts/of-sitting/{hall.sitting_id}")).json()
    assert [one["id"] for one in attempts] == [entry["attempt_id"]]
    trail = (await reviewer.get(f"/api/attempts/{entry['attempt_id']}/trail")).json()
    assert [(one["seq"], one["answered"]) for one in trail] == [(1, 1), (2, 1)]
    assert code_of(await reviewer.get("/api/attempts/att_none")) == (404, "answering.attempt_not_found")
