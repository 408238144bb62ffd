"""Hot routes and the socket are told every kind of nonsense: a clear refusal each time, and nothing that was saved is lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from httpx_ws import WebSocketDisconnect, aconnect_ws
from httpx_ws.transport import ASGIWebSocketTransport

from invigil.sit.answering import store
from invigil.sit.answering.service.tickets import Ticket, issue_ticket
from tests.unit.sit.attempts import make_attempt
from tests.world import World

SAVE, HAND_IN, ACTIVITY = "/api/sit/save", "/api/sit/hand-in", "/api/sit/activity"
SEQ = 5
GOOD: dict[str, Any] = {"v": 1, "attempt": "att_1", "seq": SEQ, "answers": {"i1": {"c": "A"}}, "flags": []}
STEP = {"n": 1, "at_client": "2026-11-01T09:00:00+00:00", "kind": "focus", "item": "i1", "detail": ""}
DEEP = 100_000

NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "half": b'{"sheet":',
    "text": b"hello",
    "invalid UTF-8": b'{"sheet":"\xff\xfe"}',
    "UTF-16": json.dumps({"sheet": GOOD}).encode("utf-16"),
    "deep list": b"[" * DEEP,
    "deep object": b'{"sheet":' * DEEP,
    "deep inside": b'{"sheet":{"answers":' + b"[" * DEEP + b"]" * DEEP + b"}}",
    "lone surrogate": b'{"sheet":{"v":1,"attempt":"att_1","seq":9,"answers":{"i1":{"t":["\\ud800"]}},"flags":[]}}',
    "NUL bytes": bytes(64),
    "two documents": json.dumps({"sheet": GOOD}).encode() * 2,
    "NaN": b'{"sheet":{"v":1,"attempt":"att_1","seq":NaN,"answers":{},"flags":[]}}',
    "null": b"null",
    "list": b"[]",
    "number": b"1",
    "string": b'"sheet"',
    "empty object": b"{}",
    "form": b"sheet=1&seq=2",
}
STRANGE: list[Any] = [None, True, 0, -1, 1.5, 1e400, 10**30, "", "x" * 300_000, [], {}, [[]], {"": {}}, ["i1"]]
BAD_ANSWERS: list[Any] = [
    {"i0": {"c": "A"}}, {"i1001": {"c": "A"}}, {"I1": {"c": "A"}}, {"": {"c": "A"}}, {"i1 ": {"c": "A"}}, {"i01": {"c": "A"}},
    {"i1": None}, {"i1": "A"}, {"i1": {}}, {"i1": {"c": ""}}, {"i1": {"c": "BA"}}, {"i1": {"c": "AA"}}, {"i1": {"c": "K"}},
    {"i1": {"c": "a"}}, {"i1": {"c": 1}}, {"i1": {"c": ["A"]}}, {"i1": {"c": "A", "b": True}}, {"i1": {"b": 1}},
    {"i1": {"b": "true"}}, {"i1": {"t": "x"}}, {"i1": {"t": []}}, {"i1": {"t": [1]}}, {"i1": {"t": ["x" * 2_001]}},
    {"i1": {"t": ["x"] * 51}}, {"i1": {"t": ["x"], "b": False}}, {"i1": {"c": "A", "x": 1}},
    {f"i{n}": {"c": "A"} for n in range(1, 1_002)},
]  # fmt: skip


def _bad_sheets() -> Iterator[tuple[str, bytes]]:
    """Every field of a good sheet replaced by every strange value, or left out, or added to."""
    for name, value in GOOD.items():
        without = {key: one for key, one in GOOD.items() if key != name}
        yield f"no {name}", json.dumps({"sheet": without}).encode()
        strange: Any
        for number, strange in enumerate(STRANGE):
            is_allowed = (name == "answers" and strange == {}) or (name == "flags" and strange in ([], ["i1"]))
            if type(strange) is not type(value) or not is_allowed:
                yield f"{name} strange {number}", json.dumps({"sheet": GOOD | {name: strange}}).encode()
    yield "v 2", json.dumps({"sheet": GOOD | {"v": 2}}).encode()
    yield "of another attempt", json.dumps({"sheet": GOOD | {"attempt": "att_2"}}).encode()
    yield "one field more", json.dumps({"sheet": GOOD | {"score": 100}}).encode()
    yield "seq too great", json.dumps({"sheet": GOOD | {"seq": 1_000_001}}).encode()
    yield "too many flags", json.dumps({"sheet": GOOD | {"flags": ["i1"] * 1_001}}).encode()
    for number, answers in enumerate(BAD_ANSWERS):
        yield f"answers {number}", json.dumps({"sheet": GOOD | {"seq": SEQ + 1, "answers": answers}}).encode()


def _bad_steps() -> Iterator[tuple[str, bytes]]:
    strange_values: list[Any] = [None, True, -1, 1.5, 10**30, "x" * 600, [], {}, "\x00", "a\x00b"]
    for name in ("n", "at_client", "kind"):
        yield f"no {name}", json.dumps({"events": [{key: one for key, one in STEP.items() if key != name}]}).encode()
    for name in STEP:
        for number, strange in enumerate(strange_values):
            yield f"{name} strange {number}", json.dumps({"events": [STEP | {name: strange}]}).encode()
    yield (
        "a surrogate",
        b'{"events":[{"n":1,"at_client":"2026-11-01T09:00:00Z","kind":"k","item":"","detail":"\\ud800"}]}',
    )
    yield "too many", json.dumps({"events": [STEP] * 100_000}).encode()[: (1 << 20) - 1]


async def _seat(world: World) -> str:
    attempt = make_attempt(starts_at=world.clock.now(), entered_at=world.clock.now())
    async with world.ports.db.transaction() as tx:
        await store.insert_attempt(tx, attempt, consent_version="1", device={})
    return issue_ticket(world.ports.keys, Ticket(attempt.id, attempt.seat_epoch))


async def _post(world: World, path: str, body: bytes, ticket: str) -> httpx.Response:
    return await world.client.post(path, content=body, headers={"Invigil-Ticket": ticket})


def _wrong(name: str, path: str, answer: httpx.Response) -> str | None:
    """Tell what is wrong with the refusal; None when it is a clear one."""
    if not 400 <= answer.status_code < 500:
        return f"{path} {name}: {answer.status_code} {answer.text[:80]}"
    document = answer.json()
    if set(document) != {"code", "message", "message_en", "details"} or not document["message"]:
        return f"{path} {name}: {document}"
    return None


async def test_every_bad_body_is_refused_clearly_and_nothing_is_lost(world: World) -> None:
    ticket = await _seat(world)
    assert (await _post(world, SAVE, json.dumps({"sheet": GOOD}).encode(), ticket)).status_code == 200
    sheets = [*NOT_JSON.items(), *_bad_sheets(), ("2 MB", b" " * (2 << 20))]
    table = [
        (SAVE, sheets),
        (HAND_IN, sheets),
        (ACTIVITY, [*NOT_JSON.items(), *_bad_steps(), ("2 MB", b" " * (2 << 20))]),
    ]
    wrong = [
        _wrong(name, path, await _post(world, path, body, ticket)) for path, bodies in table for name, body in bodies
    ]
    assert "\n".join(one for one in wrong if one) == ""
    async with world.ports.db.reading() as tx:
        trail = await store.list_trail(tx, "att_1")
    assert [row.seq for row in trail] == [SEQ]
    good = json.dumps({"sheet": GOOD | {"seq": SEQ + 1}}).encode()
    assert (await _post(world, SAVE, good, ticket)).status_code == 200


BAD_TICKETS = [
    "",
    "x",
    "..",
    "att_1.1.",
    "att_1.1.AAAA",
    "att_1.-1.AAAA",
    "a" * 10_000,
    "att_1.١.AAAA",
    "\x7f",
    "att_1.1.é",
]


@pytest.mark.parametrize("route", ["save", "hand-in", "activity", "paper", "paper-key", "media/x"])
async def test_every_bad_ticket_is_refused_clearly(world: World, route: str) -> None:
    good = await _seat(world)
    body = json.dumps({"sheet": GOOD}).encode()
    for ticket in [*BAD_TICKETS, good[:-1], good + "A", good.replace("att_1", "att_2")]:
        method = "POST" if route in {"save", "hand-in", "activity"} else "GET"
        headers = {b"Invigil-Ticket": ticket.encode()}
        answer = await world.client.request(method, f"/api/sit/{route}", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "answering.ticket_invalid"), ticket


async def test_other_methods_are_refused_clearly(world: World) -> None:
    for path in (SAVE, HAND_IN, ACTIVITY):
        assert (await world.client.get(path)).json()["code"] == "http.not_found"
        for method in ("PUT", "DELETE", "PATCH"):
            answer = await world.client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (405, "http.method_not_allowed")


@asynccontextmanager
async def _socket(world: World) -> AsyncIterator[Any]:
    app = world.client._transport.app  # type: ignore[attr-defined]
    async with (
        httpx.AsyncClient(transport=ASGIWebSocketTransport(app), base_url="https://invigil.test") as client,
        aconnect_ws("https://invigil.test/api/sit/socket", client) as socket,  # type: ignore[var-annotated]
    ):
        yield socket


FIRST_FRAMES: list[str | bytes] = [
    "", "{", "null", "[]", '{"type":"heartbeat","seq":1,"pending":false}', '{"type":"hello"}', '{"type":"hello","ticket":1}',
    '{"type":"hello","ticket":"att_1.1.AAAA"}', '{"type":"nothing"}', "[" * 50_000, "x" * 200_000, b"\x00\xff", b"",
]  # fmt: skip


@pytest.mark.parametrize("first", FIRST_FRAMES, ids=range(len(FIRST_FRAMES)))
async def test_a_socket_without_a_good_hello_is_closed(world: World, first: str | bytes) -> None:
    await _seat(world)
    async with _socket(world) as socket:
        await (socket.send_text(first) if isinstance(first, str) else socket.send_bytes(first))
        with pytest.raises(WebSocketDisconnect) as closed:
            await asyncio.wait_for(socket.receive_text(), 10)
    assert (closed.value.code, closed.value.reason) == (4401, "answering.ticket_invalid")


async def test_broken_frames_do_not_end_a_conversation(world: World) -> None:
    ticket = await _seat(world)
    async with _socket(world) as socket:
        await socket.send_json({"type": "hello", "ticket": ticket})
        assert (await asyncio.wait_for(socket.receive_json(), 10))["type"] == "state"
        for broken in FIRST_FRAMES:
            if broken != FIRST_FRAMES[4]:
                await (socket.send_text(broken) if isinstance(broken, str) else socket.send_bytes(broken))
        await socket.send_json({"type": "heartbeat", "seq": 1, "pending": False})
        async with asyncio.timeout(10):
            while (await socket.receive_json())["type"] != "time":
                pass  # what the page is told after hello comes first
