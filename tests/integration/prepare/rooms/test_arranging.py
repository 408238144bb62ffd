"""Rooms over HTTP on both databases: arranging, moves by hand, proctors, recusal, refusals."""

from datetime import timedelta
from typing import Any

from invigil.kernel.principals import Role
from invigil.prepare.rooms.api import list_rooms_of_proctor, list_seats, list_seats_of_candidate, seat_of
from tests.integration.prepare.exams.desk import TITLE, ExamDesk, code_of
from tests.world import Person, World


async def hire(world: World, count: int) -> list[Person]:
    return [await world.staff(Role.PROCTOR) for _ in range(count)]


async def move(desk: ExamDesk, sitting: dict[str, Any], version: int, **form: str) -> Any:
    return await desk.one.post(f"/api/sittings/{sitting['id']}/moves", json={"version": version} | form)


async def test_everybody_sits_once_in_rooms_of_one_subject(world: World) -> None:
    desk = await ExamDesk.open(world)
    people = await desk.register(31) + await desk.register(5, subject="B", first=100)
    sitting = await desk.plan_locked("A", "B")
    shown = await desk.arrange(sitting)
    assert (shown["version"], shown["rooms"], shown["seated"], shown["candidates"]) == (1, 3, 36, 36)
    assert shown["rooms_lacking_proctors"] == 3
    rooms = await desk.rooms(sitting)
    assert [(room["subject_code"], room["seated"]) for room in rooms] == [("A", 16), ("A", 15), ("B", 5)]
    assert sorted(one["candidate_id"] for room in rooms for one in room["occupants"]) == sorted(people)
    async with world.ports.db.reading() as tx:
        seat = await seat_of(tx, sitting["id"], people[0])
        assert seat is not None
        assert await list_seats_of_candidate(tx, people[0]) == [seat]
        assert len(await list_seats(tx, sitting["id"])) == 36
        assert await seat_of(tx, sitting["id"], "nobody") is None
    page = await desk.one.get(f"/api/sittings/{sitting['id']}/rooms", params={"subject_code": "B"})
    assert [room["number"] for room in page.json()["items"]] == [3]


async def test_arranging_again_needs_the_version_and_gives_the_same(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(40)
    sitting = await desk.plan_locked("A")
    await desk.arrange(sitting)
    before = [[one["candidate_id"] for one in room["occupants"]] for room in await desk.rooms(sitting)]
    stale = await desk.one.post(f"/api/sittings/{sitting['id']}/arrangement", json={"version": 0})
    assert code_of(stale) == (409, "rooms.changed_meanwhile")
    assert (await desk.arrange(sitting, 1))["version"] == 2
    after = [[one["candidate_id"] for one in room["occupants"]] for room in await desk.rooms(sitting)]
    assert after == before


async def test_two_administrators_do_not_overwrite_each_other(world: World) -> None:
    desk = await ExamDesk.open(world)
    people = await desk.register(31)
    sitting = await desk.plan_locked("A")
    await desk.arrange(sitting)
    rooms = await desk.rooms(sitting)
    there = rooms[1]["id"]
    mover = rooms[0]["occupants"][3]["candidate_id"]
    assert (await move(desk, sitting, 1, candidate_id=mover, room_id=there)).json() == {"version": 2}
    late = await desk.other.post(
        f"/api/sittings/{sitting['id']}/moves", json={"version": 1, "candidate_id": people[0], "room_id": there}
    )
    assert code_of(late) == (409, "rooms.changed_meanwhile")
    rooms = await desk.rooms(sitting)
    assert [room["seated"] for room in rooms] == [15, 16]
    assert rooms[1]["occupants"][-1] | {"seat_number": 16} == rooms[1]["occupants"][-1]
    # The seat left behind is the next one given.
    back = await move(desk, sitting, 2, candidate_id=mover, room_id=rooms[0]["id"])
    assert back.json() == {"version": 3}
    assert (await desk.rooms(sitting))[0]["occupants"][3]["candidate_id"] == mover


async def test_swapping_seats(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(31)
    await desk.register(1, subject="B", first=99)
    sitting = await desk.plan_locked("A", "B")
    await desk.arrange(sitting)
    first, second, third = await desk.rooms(sitting)
    one, other = first["occupants"][0]["candidate_id"], second["occupants"][4]["candidate_id"]
    path = f"/api/sittings/{sitting['id']}/swaps"
    form = {"candidate_id": one, "other_candidate_id": other, "version": 1}
    assert (await desk.one.post(path, json=form)).json() == {"version": 2}
    first, second, third = await desk.rooms(sitting)
    assert first["occupants"][0]["candidate_id"] == other
    assert second["occupants"][4]["candidate_id"] == one
    foreign = {"candidate_id": one, "other_candidate_id": third["occupants"][0]["candidate_id"], "version": 2}
    assert code_of(await desk.one.post(path, json=foreign)) == (409, "rooms.other_subject")
    nobody = form | {"other_candidate_id": "cand_none", "version": 2}
    assert code_of(await desk.one.post(path, json=nobody)) == (404, "rooms.not_seated")
    itself = form | {"other_candidate_id": one, "version": 2}
    assert (await desk.one.post(path, json=itself)).json() == {"version": 3}


async def test_refused_moves(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(30)
    (stranger,) = await desk.register(1, subject="B", first=500)
    sitting = await desk.plan_locked("A", "B")
    await desk.arrange(sitting)
    full, other = await desk.rooms(sitting)
    (late,) = await desk.register(1, first=900)
    assert code_of(await move(desk, sitting, 1, candidate_id=late, room_id=full["id"])) == (409, "rooms.full")
    assert code_of(await move(desk, sitting, 1, candidate_id=late, room_id=other["id"])) == (409, "rooms.other_subject")
    assert code_of(await move(desk, sitting, 1, candidate_id=late, room_id="room_x")) == (404, "rooms.not_found")
    assert code_of(await move(desk, sitting, 1, candidate_id="x", room_id=full["id"])) == (404, "candidates.not_found")
    unseated = (await desk.one.get(f"/api/sittings/{sitting['id']}/unseated")).json()
    assert [one["candidate_id"] for one in unseated["items"]] == [late]
    out = await desk.one.post(
        f"/api/sittings/{sitting['id']}/unseatings", json={"candidate_id": stranger, "version": 1}
    )
    assert out.json() == {"version": 2}
    seated = full["occupants"][0]["candidate_id"]
    await desk.one.post(f"/api/sittings/{sitting['id']}/unseatings", json={"candidate_id": seated, "version": 2})
    assert (await move(desk, sitting, 3, candidate_id=late, room_id=full["id"])).json() == {"version": 4}


async def test_nobody_sits_two_subjects_at_once(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(3)
    (again,) = await desk.register(1, subject="B", first=2)  # candidate 2 once more, for another subject
    both = await desk.plan_locked("A", "B")
    answer = await desk.one.post(f"/api/sittings/{both['id']}/arrangement", json={"version": 0})
    await desk.run_jobs()
    job = (await desk.one.get(f"/api/jobs/{answer.json()['job_id']}")).json()
    assert (job["state"], job["refusal_code"]) == ("refused", "rooms.person_twice")
    assert "T000002A" in job["refusal_message"]
    morning, afternoon = await desk.plan_locked("A"), await desk.plan_locked("B")
    assert (await desk.arrange(morning))["seated"] == 3
    assert (await desk.arrange(afternoon))["seated"] == 1
    room = (await desk.rooms(afternoon))[0]
    await desk.one.post(f"/api/sittings/{afternoon['id']}/unseatings", json={"candidate_id": again, "version": 1})
    assert (await move(desk, afternoon, 2, candidate_id=again, room_id=room["id"])).json() == {"version": 3}


async def test_nobody_is_moved_into_two_subjects_at_once(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(1, first=1)
    (stays,) = await desk.register(1, subject="B", first=2)
    sitting = await desk.plan_locked("A", "B")
    await desk.arrange(sitting)
    (twice,) = await desk.register(1, subject="B", first=1)
    room = (await desk.rooms(sitting))[1]
    assert room["occupants"][0]["candidate_id"] == stays
    refused = await move(desk, sitting, 1, candidate_id=twice, room_id=room["id"])
    assert code_of(refused) == (409, "rooms.person_twice")


async def test_a_second_sitting_takes_who_is_left(world: World) -> None:
    desk = await ExamDesk.open(world)
    first = await desk.register(10)
    morning, afternoon = await desk.plan_locked("A"), await desk.plan_locked("A")
    await desk.arrange(morning)
    later = await desk.register(4, first=50)
    assert (await desk.arrange(afternoon))["seated"] == 4
    room = (await desk.rooms(afternoon))[0]
    assert sorted(one["candidate_id"] for one in room["occupants"]) == sorted(later)
    twice = await move(desk, afternoon, 1, candidate_id=first[0], room_id=room["id"])
    assert code_of(twice) == (404, "rooms.not_seated")


async def test_when_rooms_can_be_arranged(world: World) -> None:
    desk = await ExamDesk.open(world)
    draft = await desk.plan("A")
    path = f"/api/sittings/{draft['id']}"
    refused = await desk.one.post(f"{path}/arrangement", json={"version": 0})
    assert code_of(refused) == (409, "rooms.arrangement_not_possible")
    sitting = await desk.lock(draft)
    assert code_of(await desk.one.post(f"{path}/proctor-assignment", json={"version": 0})) == (
        409,
        "rooms.not_arranged",
    )
    answer = await desk.one.post(f"{path}/arrangement", json={"version": 0})
    await desk.run_jobs()
    job = (await desk.one.get(f"/api/jobs/{answer.json()['job_id']}")).json()
    assert job["refusal_code"] == "rooms.nobody_to_arrange"
    await desk.register(2)
    await desk.agree()
    await desk.choose_papers("A")
    await desk.arrange(sitting)
    await desk.open_sitting(sitting)
    room = (await desk.rooms(sitting))[0]
    mover = room["occupants"][0]["candidate_id"]
    world.clock.advance(timedelta(days=3) - timedelta(microseconds=1))
    form = {"candidate_id": mover, "version": 1}
    assert (await desk.one.post(f"{path}/unseatings", json=form)).status_code == 200
    world.clock.advance(timedelta(microseconds=1))
    assert code_of(await move(desk, sitting, 2, candidate_id=mover, room_id=room["id"])) == (
        409,
        "rooms.arrangement_not_possible",
    )


async def test_an_arrangement_made_for_other_subjects_shows(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(2)
    sitting = await desk.plan_locked("A")
    assert (await desk.arrange(sitting))["is_outdated"] is False
    path = f"/api/sittings/{sitting['id']}"
    draft = (await desk.one.post(f"{path}/unlock", json={"typed_title": TITLE, "reason": "换科目"})).json()
    assert (await desk.one.get(f"{path}/arrangement")).json()["is_outdated"] is False
    form = {name: draft[name] for name in ("kind", "title", "starts_at", "version")}
    assert (await desk.one.put(path, json=form | {"subject_codes": ["B"]})).status_code == 200
    assert (await desk.one.get(f"{path}/arrangement")).json()["is_outdated"] is True


async def test_proctors_one_each_without_relatives_and_colleagues(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(60, employer="建工集团")
    sitting = await desk.plan_locked("A")
    shown = await desk.arrange(sitting)
    staff = await hire(world, 3)
    ids = [one.principal.id for one in staff]
    # The first works with the candidates; the second is married to one of them, known by name alone.
    await desk.one.put(f"/api/proctors/{ids[0]}/declaration", json={"employer": "建工 集团"})
    rooms = await desk.rooms(sitting)
    spouse = rooms[0]["occupants"][0]["name"]
    added = await staff[1].post("/api/my/relatives", json={"relation": "spouse", "name": spouse})
    assert added.status_code == 201
    job = await desk.assign(sitting, shown["version"])
    assert job["state"] == "done", job
    rooms = await desk.rooms(sitting)
    assert [[one["staff_id"] for one in room["proctors"]] for room in rooms] == [[ids[2]], [ids[1]]]
    async with world.ports.db.reading() as tx:
        assert [room.number for room in await list_rooms_of_proctor(tx, ids[2])] == [1]
    # By hand the same checks hold.
    version = shown["version"] + 1
    swap = {"room_id": rooms[0]["id"], "other_room_id": rooms[1]["id"], "version": version}
    refused = await desk.one.post(f"/api/sittings/{sitting['id']}/proctor-swaps", json=swap)
    assert code_of(refused) == (409, "rooms.recusal_violated")
    assert "近亲属" in refused.json()["message"]
    path = f"/api/rooms/{rooms[0]['id']}/proctors"
    refused = await desk.one.put(path, json={"staff_ids": [ids[0]], "version": version})
    assert code_of(refused) == (409, "rooms.recusal_violated")
    assert "同属一个单位" in refused.json()["message"]
    refused = await desk.one.put(path, json={"staff_ids": [ids[1]], "version": version})
    assert code_of(refused) == (409, "rooms.recusal_violated"), (
        "busy as well, but they could not watch this room anyway"
    )
    other = f"/api/rooms/{rooms[1]['id']}/proctors"
    refused = await desk.one.put(other, json={"staff_ids": [ids[2]], "version": version})
    assert code_of(refused) == (409, "rooms.proctor_busy")
    refused = await desk.one.put(path, json={"staff_ids": [desk.one.principal.id], "version": version})
    assert code_of(refused) == (422, "rooms.not_a_proctor")
    emptied = await desk.one.put(path, json={"staff_ids": [], "version": version})
    assert emptied.json() == {"version": version + 1}
    moved = rooms[0]["occupants"][0]["candidate_id"]
    away = rooms[1]["occupants"][0]["candidate_id"]
    await desk.one.post(
        f"/api/sittings/{sitting['id']}/unseatings", json={"candidate_id": away, "version": version + 1}
    )
    refused = await move(desk, sitting, version + 2, candidate_id=moved, room_id=rooms[1]["id"])
    assert code_of(refused) == (409, "rooms.recusal_violated")


async def test_relatives_are_found_by_identity_number(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(1, first=7)
    sitting = await desk.plan_locked("A")
    await desk.arrange(sitting)
    (proctor,) = await hire(world, 1)
    form = {"relation": "lineal", "name": "别名", "identity_number": f"{7:017}x"}
    await proctor.post("/api/my/relatives", json=form)
    job = await desk.assign(sitting, 1)
    assert job["refusal_code"] == "rooms.proctors_missing"
    bad = await proctor.post("/api/my/relatives", json=form | {"identity_number": "123"})
    assert code_of(bad) == (422, "rooms.identity_number_malformed")
    own = (await proctor.get("/api/my/declaration")).json()
    assert own["relatives"][0]["identity_tail"] == "007X"
    gone = await proctor.delete(f"/api/my/relatives/{own['relatives'][0]['id']}")
    assert gone.status_code == 204
    again = await proctor.delete(f"/api/my/relatives/{own['relatives'][0]['id']}")
    assert code_of(again) == (404, "rooms.relative_not_found")
    assert (await desk.assign(sitting, 1))["state"] == "done"


async def test_too_few_proctors_are_counted_and_nothing_changes(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(90)
    sitting = await desk.plan_locked("A")
    await desk.arrange(sitting)
    first, second = await hire(world, 2)
    job = await desk.assign(sitting, 1)
    assert job["refusal_code"] == "rooms.proctors_missing"
    assert "还差 1 名" in job["refusal_message"]
    assert all(not room["proctors"] for room in await desk.rooms(sitting))
    await hire(world, 1)
    only = await desk.assign(sitting, 1, staff_ids=[first.principal.id, second.principal.id])
    assert only["refusal_code"] == "rooms.proctors_missing"
    assert (await desk.assign(sitting, 1))["state"] == "done"
    # A proctor who watches elsewhere at that time is not to be had.
    await desk.register(1, subject="B", first=500)
    beside = await desk.plan_locked("B")
    await desk.arrange(beside)
    assert (await desk.assign(beside, 1))["refusal_code"] == "rooms.proctors_missing"
    after = await desk.plan_locked("B", starts_at=world.clock.now() + timedelta(days=3, minutes=90))
    await desk.one.post(
        f"/api/sittings/{beside['id']}/unseatings",
        json={"candidate_id": (await desk.rooms(beside))[0]["occupants"][0]["candidate_id"], "version": 1},
    )
    await desk.arrange(after)
    assert (await desk.assign(after, 1))["state"] == "done"


async def test_a_proctor_sees_only_their_own_room(world: World) -> None:
    desk = await ExamDesk.open(world)
    await desk.register(31)
    sitting = await desk.plan_locked("A")
    await desk.arrange(sitting)
    one, other = await hire(world, 2)
    await desk.assign(sitting, 1)
    own = (await one.get("/api/my/rooms")).json()
    assert len(own) == 1
    assert own[0]["sitting_title"] == "上午场"
    room_id = own[0]["room"]["id"]
    assert (await one.get(f"/api/rooms/{room_id}")).json()["occupants"][0]["identity_masked"].startswith("000000")
    assert code_of(await other.get(f"/api/rooms/{room_id}")) == (404, "rooms.not_found")
    for path in (f"/api/sittings/{sitting['id']}/rooms", f"/api/sittings/{sitting['id']}/unseated", "/api/proctors"):
        assert (await one.get(path)).status_code == 403
        assert (await world.anonymous().get(path)).status_code == 401
    refused = await one.put(f"/api/rooms/{room_id}/proctors", json={"staff_ids": [], "version": 2})
    assert refused.status_code == 403


async def test_what_is_declared_is_sealed(world: World) -> None:
    desk = await ExamDesk.open(world)
    (proctor,) = await hire(world, 1)
    form = {"relation": "spouse", "name": "欧阳·买买提", "identity_number": "11010119900101001X"}
    added = await desk.one.post(f"/api/proctors/{proctor.principal.id}/relatives", json=form)
    assert added.status_code == 201
    async with world.ports.db.reading() as tx:
        raw = (await tx.connection.exec_driver_sql("SELECT name, identity_number FROM rooms_relative")).one()
    assert all("欧阳".encode() not in bytes(part) and b"1990" not in bytes(part) for part in raw)
    listed = (await desk.one.get("/api/proctors")).json()["items"]
    assert listed[0]["relative_count"] == 1
    shown = (await desk.one.get(f"/api/proctors/{proctor.principal.id}/declaration")).json()
    assert shown["relatives"][0]["name"] == "欧阳·买买提"
    unknown = await desk.one.post("/api/proctors/staff_none/relatives", json=form)
    assert code_of(unknown) == (404, "accounts.not_found")


async def test_staff_look_up_where_a_candidate_sits(world: World) -> None:
    desk = await ExamDesk.open(world)
    people = await desk.register(31)
    sitting = await desk.plan_locked("A")
    await desk.arrange(sitting)
    room = (await desk.rooms(sitting))[0]
    occupant = room["occupants"][2]
    path = f"/api/candidates/{occupant['candidate_id']}/seats"
    found = (await desk.one.get(path)).json()
    assert [(one["sitting_id"], one["room_id"], one["seat_number"]) for one in found] == [
        (sitting["id"], room["id"], 3)
    ]
    assert (found[0]["kind"], found[0]["room_number"], found[0]["proctors"]) == ("real", 1, [])
    await desk.one.post(
        f"/api/sittings/{sitting['id']}/unseatings", json={"version": 1, "candidate_id": occupant["candidate_id"]}
    )
    assert (await desk.one.get(path)).json() == []
    assert len(people) == 31
    assert code_of(await desk.one.get("/api/candidates/nobody/seats")) == (404, "candidates.not_found")
    official = await world.staff(Role.BOARD_OFFICIAL)
    assert (await official.get(path)).status_code == 200
    proctor = await world.staff(Role.PROCTOR)
    assert code_of(await proctor.get(path)) == (403, "accounts.not_allowed")
    assert code_of(await world.anonymous().get(path)) == (401, "accounts.not_logged_in")
