"""The board over HTTP on both databases: figures, drill-down, who may look."""

from datetime import timedelta
from typing import Any

import pytest

from invigil.kernel.ids import CandidateId
from invigil.kernel.principals import Role
from invigil.sit.answering.api import AttemptState, insert_attempt
from invigil.watch.board.service import SHARED_FOR
from tests.integration.prepare.exams.desk import ExamDesk, code_of
from tests.unit.sit.attempts import make_attempt
from tests.world import World


async def open_sitting(world: World, count: int) -> tuple[ExamDesk, dict[str, Any]]:
    desk = await ExamDesk.open(world)
    await desk.register(count)
    await desk.register(1, subject="B", first=500)
    await desk.agree()
    await desk.choose_papers("A", "B")
    sitting = await desk.plan_locked("A", "B")
    await desk.arrange(sitting)
    return desk, await desk.open_sitting(sitting)


async def enter(world: World, room: dict[str, Any], at: int, state: AttemptState = AttemptState.OPEN) -> str:
    """Let the candidate in this place of the room begin an attempt."""
    seat = room["occupants"][at]
    attempt = make_attempt(
        id=f"att_{room['number']}_{at}",
        sitting_id=room["sitting_id"],
        room_id=room["id"],
        candidate_id=seat["candidate_id"],
        seat_number=seat["seat_number"],
        state=state,
        entered_at=world.clock.now(),
    )
    async with world.ports.db.transaction() as tx:
        await insert_attempt(tx, attempt, consent_version="1", device={})
    return attempt.id


async def test_a_sitting_from_before_the_door_opens_to_its_end(world: World) -> None:
    desk, sitting = await open_sitting(world, 31)
    path = f"/api/board/sittings/{sitting['id']}"

    async def counts() -> dict[str, int]:
        answer = (await desk.one.get(path)).json()
        return {name: number for name, number in answer["counts"].items() if number}

    assert await counts() == {"seated": 32, "not_started": 32}
    world.clock.advance(timedelta(days=3, minutes=-10))
    first, second, third = await desk.rooms(sitting)
    await world.candidate(first["occupants"][0]["candidate_id"], desk.exam_id)
    entered = await enter(world, first, 1)
    await enter(world, first, 2, AttemptState.PAUSED)
    await enter(world, second, 0, AttemptState.TERMINATED)
    await enter(world, third, 0)
    assert await counts() == {
        "seated": 32,
        "opened": 5,
        "entered": 4,
        "logged_in": 1,
        "waiting": 2,
        "paused": 1,
        "terminated": 1,
        "not_started": 27,
    }
    world.clock.advance(timedelta(minutes=11))
    world.ports.presence.see(entered, world.clock.now())
    now = await counts()
    assert (now["in_exam"], now["offline"]) == (1, 1)
    world.clock.advance(timedelta(minutes=30))
    world.ports.presence.see(entered, world.clock.now())
    assert (await counts())["absent"] == 28
    shown = (await desk.one.get(path)).json()
    assert shown["sitting"]["state"] == "running"
    assert [(one["subject_code"], one["counts"]["seated"]) for one in shown["by_subject"]] == [("A", 31), ("B", 1)]
    rooms = (await desk.one.get(f"{path}/rooms", params={"sort": "-offline"})).json()
    assert [one["number"] for one in rooms["items"]] == [3, 1, 2]
    assert (await desk.one.get(f"{path}/rooms", params={"q": "2"})).json()["total"] == 1
    assert (await desk.one.get(f"{path}/rooms", params={"subject_code": "B"})).json()["items"][0]["number"] == 3
    seats = (await desk.one.get(f"/api/board/rooms/{first['id']}")).json()["seats"]
    assert [seat["state_zh"] for seat in seats[:4]] == ["缺考", "考核中", "暂停", "缺考"]
    assert seats[1]["name"] == first["occupants"][1]["name"]


async def test_the_room_and_the_sitting_say_the_same(world: World) -> None:
    desk, sitting = await open_sitting(world, 4)
    room = (await desk.rooms(sitting))[0]
    for at, state in enumerate((AttemptState.OPEN, AttemptState.HANDED_IN, AttemptState.AUTO_HANDED_IN)):
        await enter(world, room, at, state)
    listed = (await desk.one.get(f"/api/board/sittings/{sitting['id']}/rooms")).json()["items"][0]["counts"]
    seats = (await desk.one.get(f"/api/board/rooms/{room['id']}")).json()["seats"]
    for state in {seat["state"] for seat in seats}:
        assert listed[state] == sum(seat["state"] == state for seat in seats)
    assert listed["handed_in"] == 2


async def test_who_may_look(world: World) -> None:
    desk, sitting = await open_sitting(world, 1)
    one = await world.staff(Role.PROCTOR)
    await world.staff(Role.PROCTOR)
    job = await desk.assign(sitting, 1)
    assert job["state"] == "done", job
    (own,) = (await one.get("/api/my/rooms")).json()
    (other,) = [room for room in await desk.rooms(sitting) if room["id"] != own["room"]["id"]]
    assert (await one.get(f"/api/board/rooms/{own['room']['id']}")).status_code == 200
    assert code_of(await one.get(f"/api/board/rooms/{other['id']}")) == (404, "rooms.not_found")
    assert (await (await world.staff(Role.PATROL)).get(f"/api/board/rooms/{other['id']}")).status_code == 200
    candidate = await world.candidate(CandidateId("cand_x"), desk.exam_id)
    for path in (f"/api/board/sittings/{sitting['id']}", f"/api/board/sittings/{sitting['id']}/rooms"):
        assert (await one.get(path)).status_code == 403
        assert (await world.anonymous().get(path)).status_code == 401
        assert (await candidate.get(path)).status_code in {401, 403}
    assert [item["id"] for item in (await one.get("/api/board/sittings")).json()] == [sitting["id"]]
    missing = await desk.one.get("/api/board/sittings/none")
    assert code_of(missing) == (404, "exams.sitting_not_found")


async def test_a_large_board_is_shared_for_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invigil.watch.board.service.SHARED_FROM", 1)
    desk, sitting = await open_sitting(world, 3)
    path = f"/api/board/sittings/{sitting['id']}"

    async def handed_in() -> int:
        return int((await desk.one.get(path)).json()["counts"]["handed_in"])

    room = (await desk.rooms(sitting))[0]
    assert await handed_in() == 0
    await enter(world, room, 0, AttemptState.HANDED_IN)
    world.clock.advance(SHARED_FOR - timedelta(microseconds=1))
    assert await handed_in() == 0
    world.clock.advance(timedelta(microseconds=1))
    assert await handed_in() == 1
    # A change of seats shows with the next board.
    form = {"candidate_id": room["occupants"][1]["candidate_id"], "version": 1}
    await desk.one.post(f"/api/sittings/{sitting['id']}/unseatings", json=form)
    world.clock.advance(SHARED_FOR)
    assert (await desk.one.get(path)).json()["counts"]["seated"] == 3
