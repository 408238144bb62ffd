"""Pairing a phone, reporting checks, changing the phone, letting a check through: over HTTP and sockets, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from httpx_ws import WebSocketDisconnect, aconnect_ws
from httpx_ws.transport import ASGIWebSocketTransport
from sqlalchemy import select, update

from invigil.kernel.principals import Role
from invigil.prepare.exams.store.tables import sittings
from invigil.sit.checkin import store
from invigil.watch.signals.api import list_signals
from tests.integration.prepare.exams.desk import code_of
from tests.integration.sit.test_entering import MINUTE, Hall, open_hall
from tests.world import World

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Mobile/15E148 Safari/604.1"
)
MINE, OTHERS = "my-phone-" + "1" * 34, "another-phone-" + "2" * 29
DARK = {"mean": 5, "deviation": 11, "sharpness": 0.3}
GOOD = {"mean": 103, "deviation": 37, "sharpness": 0.41}
PICTURE = b"\x01\x02" + (1_700_000_000_000).to_bytes(8) + b"\xff\xd8\xff\xe0" + b"x" * 200 + b"\xff\xd9"


@dataclass
class Pair:
    """A candidate's page that has entered, and phones."""

    hall: Hall
    entry: dict[str, Any]

    @property
    def world(self) -> World:
        return self.hall.world

    async def page(self, method: str, path: str, body: object = None) -> httpx.Response:
        options: dict[str, Any] = {"headers": {"Invigil-Ticket": self.entry["ticket"]}}
        if body is not None:
            options["json"] = body
        return await self.world.anonymous()._send(method, f"/api/checkin{path}", **options)

    async def phone(self, ticket: str, method: str, path: str, body: object = None) -> httpx.Response:
        options: dict[str, Any] = {"headers": {"Invigil-Phone": ticket}}
        if body is not None:
            options["json"] = body
        return await self.world.anonymous()._send(method, f"/api/phone{path}", **options)

    async def token(self) -> str:
        answer = await self.page("POST", "/pair", {})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    async def claim(self, token: str, device_id: str = MINE) -> httpx.Response:
        form = {"token": token, "device": {"device_id": device_id, "user_agent": IPHONE}}
        return await self.world.anonymous().post("/api/phone/claim", json=form)

    async def paired(self) -> str:
        return str((await self.claim(await self.token())).json()["ticket"])


async def open_pair(world: World) -> Pair:
    hall = await open_hall(world)
    return Pair(hall, (await hall.enter()).json())


def _report(kind: str, **measured: object) -> dict[str, Any]:
    return {"checks": [{"kind": kind, "measured": measured}]}


async def test_a_phone_is_paired_without_typing_and_knows_little_of_the_candidate(world: World) -> None:
    pair = await open_pair(world)
    assert (await pair.page("GET", "")).json()["phone"]["state"] == "absent"
    claimed = await pair.claim(await pair.token())
    assert claimed.status_code == 200, claimed.text
    answer = claimed.json()
    assert (answer["attempt_id"], answer["orientation"], answer["label"]) == (
        pair.entry["attempt_id"],
        "landscape",
        "iPhone · Safari 17.5",
    )
    assert answer["name"] == "考＊＊"
    assert "考生1" not in claimed.text
    again = (await pair.phone(answer["ticket"], "GET", "/attempt")).json()
    assert (again["ticket"], again["phone_epoch"]) == ("", 1)
    assert (await pair.page("GET", "")).json()["phone"]["label"] == "iPhone · Safari 17.5"


async def test_a_token_pairs_once_and_ends_after_two_minutes(world: World) -> None:
    pair = await open_pair(world)
    token = await pair.token()
    async with world.ports.db.reading() as tx:
        assert await store.read_pairing(tx, token.encode()[:32]) is None
    assert (await pair.claim(token)).status_code == 200
    assert code_of(await pair.claim(token)) == (410, "checkin.token_used")
    late = await pair.token()
    world.clock.advance(timedelta(seconds=120))
    assert code_of(await pair.claim(late)) == (410, "checkin.token_expired")
    assert code_of(await pair.claim("x" * 43)) == (404, "checkin.token_invalid")


async def test_of_two_phones_that_scan_at_once_one_gets_in(world: World) -> None:
    pair = await open_pair(world)
    token = await pair.token()
    answers = await asyncio.gather(*(pair.claim(token, f"{MINE}-{n}") for n in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 410, 410, 410]


async def test_a_page_cannot_ask_for_codes_without_end(world: World) -> None:
    pair = await open_pair(world)
    for _ in range(6):
        await pair.token()
    assert code_of(await pair.page("POST", "/pair", {})) == (429, "checkin.too_many_tokens")
    world.clock.advance(timedelta(seconds=121))
    await pair.token()


async def test_an_old_page_pairs_nothing(world: World) -> None:
    pair = await open_pair(world)
    await pair.hall.enter(consent=None)
    assert code_of(await pair.page("POST", "/pair", {})) == (409, "answering.seat_revoked")
    pair.entry = {"ticket": "x"}
    assert code_of(await pair.page("POST", "/pair", {})) == (401, "answering.ticket_invalid")


async def test_the_same_phone_reconnects_in_one_scan_and_its_old_page_ends(world: World) -> None:
    pair = await open_pair(world)
    first = await pair.paired()
    assert (await pair.phone(first, "POST", "/report", _report("wake_lock", is_held=True))).status_code == 200
    second = await pair.paired()
    assert code_of(await pair.phone(first, "GET", "/attempt")) == (409, "checkin.phone_replaced")
    entry = (await pair.phone(second, "GET", "/attempt")).json()
    assert (entry["phone_epoch"], [one["kind"] for one in entry["checks"]]) == (2, ["wake_lock"])


@pytest.mark.parametrize("ticket", ["", "x", "att_1.1.AAAA", "att_1.²." + "A" * 43, "." * 300])
async def test_a_phone_without_a_ticket_of_ours_is_shut_out(world: World, ticket: str) -> None:
    pair = await open_pair(world)
    if ticket.isascii():
        assert code_of(await pair.phone(ticket, "GET", "/attempt")) == (401, "checkin.phone_ticket_invalid")
    assert code_of(await pair.phone(pair.entry["ticket"], "GET", "/attempt")) == (401, "checkin.phone_ticket_invalid")


async def test_a_second_phone_needs_the_proctor(world: World) -> None:
    pair = await open_pair(world)
    first = await pair.paired()
    await pair.phone(first, "POST", "/report", _report("wake_lock", is_held=True))
    assert code_of(await pair.claim(await pair.token(), OTHERS)) == (409, "checkin.other_phone")
    seen = (await pair.page("GET", "")).json()["phone"]
    assert (seen["needs_permission_since"] is not None, seen["other_label"]) == (True, "iPhone · Safari 17.5")
    async with world.ports.db.reading() as tx:
        signals = await list_signals(tx, attempt_id=pair.entry["attempt_id"])
    assert [(one.kind, one.detail) for one in signals] == [("phone_replaced", "iPhone · Safari 17.5")]
    allow = f"/api/checkin/attempts/{pair.entry['attempt_id']}/allow-phone"
    stranger, administrator = await world.staff(Role.PROCTOR), await world.staff(Role.ADMINISTRATOR)
    assert code_of(await stranger.post(allow, json={"reason": "手机没电"})) == (404, "rooms.not_found")
    assert (await administrator.post(allow, json={"reason": "手机没电"})).status_code == 200
    second = (await pair.claim(await pair.token(), OTHERS)).json()
    assert (second["phone_epoch"], second["checks"]) == (2, [])
    assert code_of(await pair.phone(first, "GET", "/attempt")) == (409, "checkin.phone_replaced")
    # The permission was for one phone: the first one is the stranger now.
    assert code_of(await pair.claim(await pair.token(), MINE)) == (409, "checkin.other_phone")
    auditor = await world.staff(Role.AUDITOR)
    acts = [one["act"] for one in (await auditor.get("/api/audit/records")).json()["items"]]
    assert {"checkin.phone.allow", "checkin.phone.change"} <= set(acts)


async def test_a_permission_ends_by_itself(world: World) -> None:
    pair = await open_pair(world)
    await pair.paired()
    administrator = await world.staff(Role.ADMINISTRATOR)
    allow = f"/api/checkin/attempts/{pair.entry['attempt_id']}/allow-phone"
    assert (await administrator.post(allow, json={"reason": "手机没电"})).status_code == 200
    world.clock.advance(15 * MINUTE)
    assert code_of(await pair.claim(await pair.token(), OTHERS)) == (409, "checkin.other_phone")


async def test_checks_are_judged_by_us_and_read_by_staff(world: World) -> None:
    pair = await open_pair(world)
    assert (await pair.page("GET", "")).json()["open"][0] == "browser"
    for measured, verdict in ((DARK, "fail"), (GOOD, "pass")):
        answer = (await pair.page("POST", "/report", _report("picture", **measured, verdict="pass"))).json()
        assert [one["verdict"] for one in answer["checks"]] == [verdict]
    ticket = await pair.paired()
    await pair.phone(ticket, "POST", "/report", _report("camera", width=1280, height=720, label="张三的 iPhone 相机"))
    path = f"/api/checkin/attempts/{pair.entry['attempt_id']}"
    for role in (Role.SUPPORT, Role.PATROL, Role.ADMINISTRATOR):
        report = (await (await world.staff(role)).get(path)).json()
        assert [(one["device"], one["kind"], one["tries"], one["failures"]) for one in report["checks"]] == [
            ("pc", "picture", 2, 1),
            ("phone", "camera", 1, 0),
        ]
        assert report["checks"][1]["measured"]["label"] == "张三的 iPhone 相机"
    stranger = await world.staff(Role.PROCTOR)
    assert code_of(await stranger.get(path)) == (404, "rooms.not_found")
    assert code_of(await (await world.staff(Role.REVIEWER)).get(path)) == (403, "accounts.not_allowed")
    assert code_of(await world.anonymous().get(path)) == (401, "accounts.not_logged_in")


async def test_reports_that_are_not_well_formed_are_refused(world: World) -> None:
    pair = await open_pair(world)
    assert code_of(await pair.page("POST", "/report", _report("picture", mean=5))) == (
        422,
        "checkin.measurement_invalid",
    )
    assert code_of(await pair.page("POST", "/report", _report("wake_lock", is_held=True))) == (
        422,
        "checkin.check_unknown",
    )
    assert code_of(await pair.page("POST", "/report", {"checks": []})) == (422, "http.bad_input")


async def test_staff_let_a_failed_check_through(world: World) -> None:
    pair = await open_pair(world)
    administrator, proctor = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.PROCTOR)
    path = f"/api/checkin/attempts/{pair.entry['attempt_id']}/waive"
    form = {"device": "pc", "kind": "picture", "reason": "已电话核实"}
    await pair.page("POST", "/report", _report("picture", **GOOD))
    assert code_of(await administrator.post(path, json=form)) == (409, "checkin.nothing_to_waive")
    assert code_of(await administrator.post(path, json=form | {"kind": "battery"})) == (409, "checkin.nothing_to_waive")
    await pair.page("POST", "/report", _report("picture", **DARK))
    assert code_of(await proctor.post(path, json=form)) == (404, "rooms.not_found")
    assert (await administrator.post(path, json=form)).status_code == 204
    check_in = (await pair.page("GET", "")).json()
    assert "picture" not in check_in["open"]
    assert [(one["verdict"], one["is_waived"]) for one in check_in["checks"]] == [("fail", True)]
    assert "phone" in check_in["open"]
    assert (await administrator.post(path, json=form | {"kind": "phone"})).status_code == 204
    assert "phone" not in (await pair.page("GET", "")).json()["open"]


async def test_a_finished_attempt_needs_no_phone(world: World) -> None:
    pair = await open_pair(world)
    token = await pair.token()
    world.clock.advance(45 * MINUTE)
    sheet = {"v": 1, "attempt": pair.entry["attempt_id"], "seq": 1, "answers": {}, "flags": []}
    handed = await pair.hall.sit("hand-in", pair.entry, {"sheet": sheet, "confirmed_unanswered": 1})
    assert handed.status_code == 200, handed.text
    assert code_of(await pair.page("POST", "/pair", {})) == (409, "checkin.attempt_over")
    assert code_of(await pair.claim(token)) == (410, "checkin.token_expired")


async def test_a_sitting_that_films_nothing_wants_no_checks(world: World) -> None:
    pair = await open_pair(world)
    async with world.ports.db.transaction() as tx:
        await _drop_tracks(tx, pair.hall.sitting_id)
    assert code_of(await pair.page("POST", "/pair", {})) == (409, "checkin.phone_not_needed")
    check_in = (await pair.page("GET", "")).json()
    assert (check_in["needed"], check_in["phone"]["needed"]) == ([], [])


async def _drop_tracks(tx: Any, sitting_id: str) -> None:
    row = (await tx.execute(select(sittings).where(sittings.c.id == sitting_id))).one()
    rules = dict(row.rules) | {"tracks_required": []}
    await tx.execute(update(sittings).where(sittings.c.id == sitting_id).values(rules=rules))


async def test_the_phones_steps_join_the_pages_log(world: World) -> None:
    pair = await open_pair(world)
    ticket = await pair.paired()
    at = world.clock.now().isoformat()
    mine = {"events": [{"n": 1, "at_client": at, "kind": "page_hidden"}]}
    assert (await pair.phone(ticket, "POST", "/activity", mine)).json() == {"kept": 1}
    page = {"events": [{"n": 1, "at_client": at, "kind": "check_passed", "detail": "camera"}]}
    assert (await pair.hall.sit("activity", pair.entry, page)).json() == {"kept": 1}
    administrator = await world.staff(Role.ADMINISTRATOR)
    steps = (await administrator.get(f"/api/activity/of-attempt/{pair.entry['attempt_id']}")).json()
    assert {(one["device"], one["kind"], one["importance"]) for one in steps} == {
        ("phone", "page_hidden", "important"),
        ("pc", "check_passed", "plain"),
    }
    assert code_of(await pair.phone("x", "POST", "/activity", mine)) == (401, "checkin.phone_ticket_invalid")


@asynccontextmanager
async def _socket(world: World, path: str) -> AsyncIterator[Any]:
    app = world.client._transport.app  # type: ignore[attr-defined]
    async with (
        httpx.AsyncClient(transport=ASGIWebSocketTransport(app), base_url="https://invigil.test") as client,
        aconnect_ws(f"https://invigil.test{path}", client) as socket,
    ):
        yield socket


async def _hear(socket: Any, *kinds: str) -> dict[str, Any]:
    """Return the next message of one of these kinds."""
    async with asyncio.timeout(10):
        while True:
            message: dict[str, Any] = json.loads(await socket.receive_text())
            if message["type"] in kinds:
                return message


async def test_the_page_sees_its_phone_live(world: World) -> None:
    pair = await open_pair(world)
    async with _socket(world, "/api/sit/socket") as page:
        await page.send_json({"type": "hello", "ticket": pair.entry["ticket"]})
        assert (await _hear(page, "state"))["state"] == "open"
        ticket = await pair.paired()
        assert (await _hear(page, "phone"))["state"] == "lost"
        async with _socket(world, "/api/phone/socket") as phone:
            await phone.send_json({"type": "hello", "ticket": ticket})
            assert (await _hear(phone, "state"))["deadline"] is not None
            await phone.send_json({"type": "phone_status", "state": "checking", "battery": 0.5, "is_charging": True})
            assert (await _hear(phone, "time"))["server_time"]
            assert await _hear(page, "phone") == {
                "type": "phone",
                "state": "checking",
                "battery": 0.5,
                "is_charging": True,
            }
            await phone.send_bytes(PICTURE)
            assert (await _hear(page, "phone_picture"))["jpeg"].startswith("/9j/")
            await phone.send_json({"type": "phone_status", "state": "recording", "battery": 0.5, "is_charging": True})
            assert (await _hear(page, "phone"))["state"] == "recording"
            await phone.send_bytes(PICTURE)
            await phone.send_json({"type": "phone_status", "state": "hidden", "battery": 0.5, "is_charging": True})
            # The picture before it was kept from the page: nothing came between.
            assert (await _hear(page, "phone", "phone_picture"))["type"] == "phone"
            await phone.close()
            assert (await _hear(page, "phone"))["state"] == "lost"


async def test_a_phone_that_is_replaced_is_told_and_shut(world: World) -> None:
    pair = await open_pair(world)
    ticket = await pair.paired()
    async with _socket(world, "/api/phone/socket") as phone:
        await phone.send_json({"type": "hello", "ticket": ticket})
        await _hear(phone, "state")
        await pair.paired()
        assert (await _hear(phone, "replaced"))["phone_epoch"] == 2
        with pytest.raises(WebSocketDisconnect) as shut:
            await asyncio.wait_for(phone.receive_text(), 10)
    assert (shut.value.code, shut.value.reason) == (4401, "checkin.phone_replaced")


@pytest.mark.parametrize(
    "first", ["", "{}", '{"type":"hello","ticket":"x"}', '{"type":"phone_status","state":"checking"}', "[" * 5000]
)
async def test_a_phone_socket_without_a_ticket_is_shut(world: World, first: str) -> None:
    async with _socket(world, "/api/phone/socket") as socket:
        await socket.send_text(first)
        with pytest.raises(WebSocketDisconnect) as shut:
            await asyncio.wait_for(socket.receive_text(), 10)
    assert shut.value.code == 4401


async def test_the_phone_is_told_when_the_attempt_changes(world: World) -> None:
    pair = await open_pair(world)
    world.clock.advance(45 * MINUTE)
    ticket = await pair.paired()
    async with _socket(world, "/api/phone/socket") as phone:
        await phone.send_json({"type": "hello", "ticket": ticket})
        assert (await _hear(phone, "state"))["state"] == "open"
        sheet = {"v": 1, "attempt": pair.entry["attempt_id"], "seq": 1, "answers": {}, "flags": []}
        await pair.hall.sit("hand-in", pair.entry, {"sheet": sheet, "confirmed_unanswered": 1})
        assert (await _hear(phone, "state"))["state"] == "handed_in"
