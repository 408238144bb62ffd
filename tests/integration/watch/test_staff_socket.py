"""The staff socket on both databases: who may follow what, snapshots and events, stills, ends (S3.6, S3.16, S1.7, P7, P8)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from httpx_ws import WebSocketDisconnect

from invigil.kernel.principals import Role
from invigil.platform.bus import QUEUE_LENGTH
from invigil.watch.board.live import LiveBoards, StillsDesk
from invigil.watch.board.topics import STAFF_TOPICS
from tests.integration.watch.watched import JPEG, Page, Watched, open_watched
from tests.world import World


def _boards(world: World) -> LiveBoards:
    boards: LiveBoards = world.client._transport.app.state.live_boards  # type: ignore[attr-defined]
    return boards


async def _tick(world: World) -> None:
    """What the web process does twice a second."""
    stills: StillsDesk = world.client._transport.app.state.stills_desk  # type: ignore[attr-defined]
    await _boards(world).tick()
    await stills.turn()


async def _hear_until_the_end(console: Page) -> None:
    while True:
        await console.socket.receive()


async def _follow(console: Page, topic: str, since: int = 0) -> dict[str, Any]:
    await console.say(type="watch", topic=topic, since=since)
    return await console.hear("snapshot", topic=topic)


def _own_seat(watched: Watched, state: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in state["seats"] if one["attempt_id"] == watched.attempt_id)


async def test_who_may_follow_what(world: World) -> None:
    """Every topic for every role: as declared beside it, and a proctor only in their own room (P8)."""
    watched = await open_watched(world)
    identifiers = {"room": watched.room_id, "sitting": watched.hall.sitting_id, "attempt": watched.attempt_id}
    wrong = []
    for role in Role:
        person = watched.proctor if role is Role.PROCTOR else await world.staff(role)
        async with watched.console(person) as console:
            for kind in STAFF_TOPICS:
                topic = kind.of(identifiers[kind.pattern.partition("/")[0]])
                await console.say(type="watch", topic=topic)
                while True:
                    answer = await console.hear_any("snapshot", "refused")
                    if answer["topic"] == topic:
                        break
                if (answer["type"] == "snapshot") != (role in kind.roles):
                    wrong.append(f"{topic}: {role} got {answer['type']}")
    assert wrong == []
    stranger = await world.staff(Role.PROCTOR)
    async with watched.console(stranger) as console:
        for topic in (f"room/{watched.room_id}", f"attempt/{watched.attempt_id}/panel"):
            await console.say(type="watch", topic=topic)
            assert (await console.hear("refused"))["code"] == "rooms.not_found"
        for topic in ("room/none", "everything", "attempt/x", "room/", f"room/{watched.room_id}/x"):
            await console.say(type="watch", topic=topic)
            assert (await console.hear("refused"))["code"] in {"board.topic_unknown", "rooms.not_found"}


@pytest.mark.parametrize("headers", [{"cookie": ""}, {"origin": "https://elsewhere.test"}, {"origin": ""}])
async def test_who_is_not_let_in(world: World, headers: dict[str, str]) -> None:
    watched = await open_watched(world)
    async with watched.console(**headers) as console:
        with pytest.raises(WebSocketDisconnect) as shut:
            await asyncio.wait_for(console.socket.receive(), 10)
    assert shut.value.code == 4401


async def test_a_candidate_is_not_let_in(world: World) -> None:
    watched = await open_watched(world)
    async with watched.console(watched.hall.candidate) as console:
        with pytest.raises(WebSocketDisconnect) as shut:
            await asyncio.wait_for(console.socket.receive(), 10)
    assert shut.value.code == 4401


async def test_a_page_that_comes_beats_and_falls_silent(world: World) -> None:
    watched = await open_watched(world)
    async with watched.console() as console:
        snapshot = await _follow(console, f"room/{watched.room_id}")
        assert _own_seat(watched, snapshot["state"])["state"] == "in_exam"
        assert _own_seat(watched, snapshot["state"])["stopped_tracks"] == ["screen", "camera", "phone"]
        async with watched.page() as page:
            await page.say(type="heartbeat", seq=1, pending=False, item="i1", answered=3, rtt_ms=61, battery_percent=80)
            await page.hear("time")
            await page.say(type="tracks", tracks=[_track("screen", "live")])
            seen = await console.hear_seat(lambda seat: "screen" in seat["tracks"])
            assert (seen["current_item"], seen["answered"], seen["devices"]["pc"]["rtt_ms"]) == ("i1", 3, 50)
            assert seen["stopped_tracks"] == ["camera", "phone"]
            await page.say(type="tracks", tracks=[_track("screen", "stopped", "ended_by_user")])
            stopped = await console.hear_seat(lambda seat: seat["signals"] != {})
            assert (stopped["signals"], stopped["risk"]) == ({"high": 1}, 10)
            assert stopped["latest_signal"]["zh"] == "录制中断"
            world.clock.advance(timedelta(seconds=14, milliseconds=999))
            await _tick(world)
            assert _own_state(world, watched) == "in_exam"
            world.clock.advance(timedelta(milliseconds=1))
            await _tick(world)
            await console.hear_seat(lambda seat: seat["state"] == "offline")
            await page.say(type="heartbeat", seq=1, pending=False)
            await console.hear_seat(lambda seat: seat["state"] == "in_exam")
        world.clock.advance(timedelta(seconds=5))
        await _tick(world)
        gone = await console.hear_seat(lambda seat: seat["state"] == "offline")
        assert gone["devices"]["pc"]["is_connected"] is False


def _track(name: str, state: str, cause: str = "") -> dict[str, Any]:
    numbers = {"local_seq": 1, "pending_bytes": 0, "since_ms": 1_790_000_000_000}
    return {"track": name, "state": state, "cause": cause, "take_id": "take_1", **numbers}


def _own_state(world: World, watched: Watched) -> str:
    state = _boards(world).rooms[watched.room_id].state
    return next(one.state for one in state.seats if one.attempt_id == watched.attempt_id)


async def test_a_page_that_comes_back_gets_what_it_missed(world: World) -> None:
    watched = await open_watched(world)
    topic = f"room/{watched.room_id}"
    async with watched.console() as console:
        version = (await _follow(console, topic))["version"]
        await watched.order("message", text="一")
        version = (await console.hear("event", topic=topic))["version"]
    await watched.order("lock", reason_category="other", reason="核实身份")
    async with watched.console() as console:
        await console.say(type="watch", topic=topic, since=version)
        event = await console.hear_any("event", "snapshot")
        assert (event["type"], event["version"], event["event"]["seat"]["is_locked"]) == ("event", version + 1, True)
        # A version of another time is no use: the whole again.
        await console.say(type="watch", topic=topic, since=version - 100_000)
        await console.hear("snapshot", topic=topic)


async def test_a_revoked_login_closes_the_socket_at_once(world: World) -> None:
    watched = await open_watched(world)
    async with watched.console() as console:
        await _follow(console, f"room/{watched.room_id}")
        assert (await watched.proctor.post("/api/staff/logout")).status_code == 204
        with pytest.raises(WebSocketDisconnect) as shut:
            await asyncio.wait_for(_hear_until_the_end(console), 2)
    assert shut.value.code == 4401


async def test_who_hands_a_room_over_sees_it_no_longer(world: World) -> None:
    watched = await open_watched(world)
    colleague = await world.staff(Role.PROCTOR, name="赵监考")
    duty = {"is_on_duty": True}
    async with watched.console() as console:
        await _follow(console, f"room/{watched.room_id}")
        await watched.proctor.post(f"/api/proctoring/rooms/{watched.room_id}/attendance", json=duty)
        told = await console.hear("event")
        assert [(one["name"], one["is_present"]) for one in told["event"]["proctors"]] == [("李监考", True)]
        form = {"to_staff_id": colleague.principal.id, "note": ""}
        await watched.proctor.post(f"/api/proctoring/rooms/{watched.room_id}/hand-over", json=form)
        assert (await console.hear("refused"))["code"] == "rooms.not_found"
        await watched.order("message", colleague, text="x")
        await console.say(type="heartbeat")
        later = await console.hear("time")
        assert console.told[-2:][0]["type"] == "refused" and later is console.told[-1]  # noqa: PT018 - one fact


async def test_a_reader_that_falls_behind_is_cut_off(world: World) -> None:
    watched = await open_watched(world)
    async with watched.console() as console:
        await _follow(console, f"room/{watched.room_id}")
        topic, message = f"room/{watched.room_id}", b'{"type":"x"}'
        for _ in range(QUEUE_LENGTH + 1):
            await world.ports.bus.publish(topic, message)
        with pytest.raises(WebSocketDisconnect) as shut:
            await asyncio.wait_for(_hear_until_the_end(console), 10)
    assert shut.value.code == 4408


async def test_stills_go_to_the_wall_that_wants_them_and_nowhere_else(world: World) -> None:
    watched = await open_watched(world)
    at_ms = int(world.clock.now().timestamp() * 1000)
    async with watched.page() as page, watched.console() as console, watched.console(watched.patrol) as other:
        state = (await _follow(console, f"room/{watched.room_id}"))["state"]
        await _follow(other, f"room/{watched.room_id}")
        seat = _own_seat(watched, state)["seat_number"]
        wanted = {"room_id": watched.room_id, "seats": [seat], "source": "camera", "interval_ms": 1000}
        await console.say(type="want_stills", **wanted)
        assert (await page.hear("stills", interval_ms=1000))["tracks"] == ["camera"]
        await page.socket.send_bytes(b"\x01\x01" + at_ms.to_bytes(8) + JPEG)
        frame = await console.hear_frame()
        assert frame == b"\x01\x01" + seat.to_bytes(2) + at_ms.to_bytes(8) + JPEG
        # Sooner than asked for, of a track nobody wants, too large, not a picture: none of them goes on.
        for track, picture in ((1, JPEG), (0, JPEG), (1, JPEG + bytes(7000)), (1, b"GIF89a..")):
            await page.socket.send_bytes(bytes((1, track)) + at_ms.to_bytes(8) + picture)
        world.clock.advance(timedelta(seconds=1))
        await page.socket.send_bytes(b"\x01\x01" + (at_ms + 1000).to_bytes(8) + JPEG)
        assert (await console.hear_frame())[4:12] == (at_ms + 1000).to_bytes(8)
        await other.say(type="heartbeat")
        await other.hear("time")
        assert other.frames == []
        await console.say(type="unwatch", topic=f"room/{watched.room_id}")
        assert await page.hear("stills", interval_ms=10_000)


async def test_a_wall_that_asks_anew_is_not_sent_what_it_has_just_got(world: World) -> None:
    watched = await open_watched(world)
    at_ms = int(world.clock.now().timestamp() * 1000)
    async with watched.page() as page, watched.console() as console:
        state = (await _follow(console, f"room/{watched.room_id}"))["state"]
        seat = _own_seat(watched, state)["seat_number"]
        wanted = {"type": "want_stills", "room_id": watched.room_id, "source": "camera", "interval_ms": 1000}
        await console.say(**wanted, seats=[seat])
        await page.hear("stills", interval_ms=1000)
        await page.socket.send_bytes(b"\x01\x01" + at_ms.to_bytes(8) + JPEG)
        await console.hear_frame()
        for others in ([], [29], [30]):
            await console.say(**wanted, seats=[seat, *others])
        await console.say(type="heartbeat")
        await console.hear("time")
        assert console.frames == []
        world.clock.advance(timedelta(seconds=1))
        await console.say(**wanted, seats=[seat])
        assert (await console.hear_frame())[4:12] == at_ms.to_bytes(8)


async def test_stills_of_a_room_one_does_not_follow_are_not_sent(world: World) -> None:
    watched = await open_watched(world)
    stranger = await world.staff(Role.PROCTOR)
    async with watched.page() as page, watched.console(stranger) as console:
        await console.say(type="want_stills", room_id=watched.room_id, seats=list(range(1, 31)), source="camera")
        await console.say(type="heartbeat")
        await console.hear("time")
        await page.socket.send_bytes(b"\x01\x01" + bytes(8) + JPEG)
        await page.say(type="heartbeat", seq=1, pending=False)
        await page.hear("time")
        assert (console.frames, page.told[-1]["type"]) == ([], "time")


async def test_a_rotating_tile_turns_its_source(world: World) -> None:
    watched = await open_watched(world)
    async with watched.page() as page, watched.console() as console:
        state = (await _follow(console, f"room/{watched.room_id}"))["state"]
        seat = _own_seat(watched, state)["seat_number"]
        await console.say(type="want_stills", room_id=watched.room_id, seats=[seat], source="rotate")
        turned = [(await page.hear("stills", interval_ms=1000))["tracks"]]
        for _ in range(2):
            world.clock.advance(timedelta(seconds=10))
            await _tick(world)
            turned.append((await page.hear("stills", interval_ms=1000))["tracks"])
    assert sorted(turned) == [["camera"], ["phone"], ["screen"]]


async def test_the_patrol_sees_calls_climb_and_rooms_fall_silent(world: World) -> None:
    watched = await open_watched(world)
    topic = f"sitting/{watched.hall.sitting_id}/patrol"
    async with watched.console(watched.patrol) as console:
        (room,) = (await _follow(console, topic))["state"]["rooms"]
        assert (room["is_silent"], room["waiting"], room["proctors"][0]["is_present"]) == (False, [], False)
        async with watched.page() as page:
            await page.say(type="raise_hand", id="hand-0000001", is_raised=True)
            await page.hear("hand")
        (waiting,) = (await console.hear_room(lambda one: one["waiting"]))["waiting"]
        assert (waiting["attempt_id"], waiting["is_climbed"]) == (watched.attempt_id, False)
        world.clock.advance(timedelta(seconds=60))
        await _tick(world)
        room = await console.hear_room(lambda one: one["waiting"] and one["waiting"][0]["is_climbed"])
        assert (room["is_silent"], room["counts"]["offline"]) == (True, 1)
    shown = (await watched.patrol.get(f"/api/patrol/sittings/{watched.hall.sitting_id}")).json()
    assert shown["rooms"] == [room]


async def test_a_panel_follows_its_candidate(world: World) -> None:
    watched = await open_watched(world)
    topic = f"attempt/{watched.attempt_id}/panel"
    async with watched.console() as console, watched.page() as page:
        assert (await _follow(console, topic))["state"]["commands"] == []
        (given,) = (await watched.order("warning", canned_id="no_talking")).json()["commands"]
        told = [await console.hear_put("command")]
        for said in ("delivered", "ack"):
            await page.say(type=said, id=given["id"])
            told.append(await console.hear_put("command"))
        assert [one["command"]["delivery"] for one in told] == ["sent", "delivered", "acknowledged"]
        at = world.clock.now()
        step = {"n": 7, "at_client": at.isoformat(), "kind": "paste", "item": "i1"}
        await page.say(type="signal", kind="paste", at_ms=int(at.timestamp() * 1000), item="i1")
        assert (await console.hear_put("signal"))["signal"]["zh"] == "粘贴内容"
        # The same, durable, in the log: a step more, the signal stays one.
        await watched.hall.sit("activity", watched.entry, {"events": [step]})
        assert (await console.hear_put("step"))["step"]["importance"] == "important"
        listed = await watched.proctor.get("/api/proctoring/signals", params={"attempt_id": watched.attempt_id})
        assert [(one["kind"], one["count"]) for one in listed.json()] == [("paste", 1)]
