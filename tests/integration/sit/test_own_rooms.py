"""A proctor deals with the candidates of their own rooms and with nobody else: role × route × relation (P8, C5.5)."""

from datetime import timedelta
from typing import Any

from fastapi.routing import APIRoute

from invigil.app.features import ROUTERS
from invigil.base.accounts.policy import POLICY
from invigil.kernel.principals import Role
from tests.integration.prepare.exams.desk import code_of
from tests.integration.sit.test_entering import MINUTE, Hall, open_hall
from tests.world import Person, World

ELSEWHERE = {(404, "rooms.not_found"), (404, "candidates.not_found")}
CHANGE = {"kind": "extra_time", "minutes": 5, "reason": "平台故障，已核实"}
RELEASE = {"reason": "考生电脑故障"}


def _routes_of_proctors() -> list[APIRoute]:
    """The routes open to proctors whose address names an attempt, a room or a candidate."""
    managed = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    named = {"attempt_id", "room_id", "candidate_id"}
    return [one for one in managed if Role.PROCTOR in POLICY[one.name].roles and named & one.param_convertors.keys()]


async def _sat(world: World) -> tuple[Hall, dict[str, Any], dict[str, str]]:
    """An attempt, and what an address calls it."""
    hall = await open_hall(world)
    world.clock.advance(10 * MINUTE)
    entry = (await hall.enter()).json()
    (room,) = await hall.desk.rooms({"id": hall.sitting_id})
    named = {
        "attempt_id": entry["attempt_id"],
        "room_id": room["id"],
        "candidate_id": hall.candidate.principal.id,
        "exam_id": hall.desk.exam_id,
    }
    return hall, entry, named


async def _ask(person: Person, route: APIRoute, named: dict[str, str]) -> tuple[int, str]:
    path = route.path
    for name in route.param_convertors:
        path = path.replace("{" + name + "}", named.get(name, "x1"))
    answer = await person._send(min(route.methods), path)
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    body = answer.json() if answer.content and is_json else {}
    return answer.status_code, body.get("code", "") if isinstance(body, dict) else ""


async def test_no_route_lets_a_proctor_reach_into_another_room(world: World) -> None:
    hall, _, named = await _sat(world)
    own, other = await hall.proctor(), await world.staff(Role.PROCTOR, Role.AUDITOR)
    patrol, wrong = await world.staff(Role.PATROL), []
    routes = _routes_of_proctors()
    assert {"answering.changes.propose", "answering.seat.release", "accounts.candidate.issue_code"} <= {
        one.name for one in routes
    }
    for route in routes:
        if not POLICY[route.name].roles & {Role.AUDITOR} and (await _ask(other, route, named)) not in ELSEWHERE:
            wrong.append(f"{route.name}: another room's proctor gets in")
        if (await _ask(own, route, named)) in ELSEWHERE:
            wrong.append(f"{route.name}: the room's own proctor is shut out")
        if Role.PATROL in POLICY[route.name].roles and (await _ask(patrol, route, named)) in ELSEWHERE:
            wrong.append(f"{route.name}: the patrol is shut out")
    assert wrong == []


async def test_time_and_seats_are_changed_by_the_rooms_own_proctor(world: World) -> None:
    hall, entry, named = await _sat(world)
    own, other, support = await hall.proctor(), await world.staff(Role.PROCTOR), await world.staff(Role.SUPPORT)
    change, release = (f"/api/attempts/{named['attempt_id']}/{act}" for act in ("changes", "release"))
    assert code_of(await other.post(change, json=CHANGE)) == (404, "rooms.not_found")
    assert code_of(await other.post(release, json=RELEASE)) == (404, "rooms.not_found")
    assert code_of(await support.post(change, json=CHANGE)) == (403, "accounts.not_allowed")
    assert (await hall.save(entry, 1)).status_code == 200, "a refused release leaves the seat alone"
    assert (await own.post(change, json=CHANGE)).status_code == 201
    assert (await hall.desk.one.post(change, json=CHANGE)).status_code == 201
    assert (await own.post(release, json=RELEASE)).status_code == 204
    assert code_of(await hall.save(entry, 2)) == (409, "answering.seat_revoked")
    assert (await support.post(release, json=RELEASE)).status_code == 204


async def test_lists_hold_the_own_rooms_only(world: World) -> None:
    hall, _, named = await _sat(world)
    own, other, patrol = await hall.proctor(), await world.staff(Role.PROCTOR), await world.staff(Role.PATROL)
    assert (await own.post(f"/api/attempts/{named['attempt_id']}/changes", json=CHANGE)).status_code == 201
    for path in (f"/api/attempts/of-sitting/{hall.sitting_id}", f"/api/attempts/of-sitting/{hall.sitting_id}/changes"):
        assert [len((await person.get(path)).json()) for person in (own, patrol, other)] == [1, 1, 0]


async def test_a_proctor_lets_in_only_candidates_of_the_own_room(world: World) -> None:
    hall, _, named = await _sat(world)
    own, other = await hall.proctor(), await world.staff(Role.PROCTOR)
    path = f"/api/staff/candidates/{named['candidate_id']}/code"
    form = {"reason": "本人来电，已核对身份"}
    assert code_of(await other.post(path, json=form)) == (404, "candidates.not_found")
    # These candidates were registered without a credential; the room's own proctor gets as far as that.
    assert code_of(await own.post(path, json=form))[1] not in {"candidates.not_found", "accounts.not_allowed"}


async def test_who_hands_the_room_over_reaches_it_no_more(world: World) -> None:
    hall, _, named = await _sat(world)
    own, colleague = await hall.proctor(), await world.staff(Role.PROCTOR)
    path = f"/api/attempts/{named['attempt_id']}"
    assert (await own.get(path)).status_code == 200
    handed = await own.post(
        f"/api/proctoring/rooms/{named['room_id']}/hand-over",
        json={"to_staff_id": colleague.principal.id, "note": "换班"},
    )
    assert handed.status_code == 201, handed.text
    assert code_of(await own.get(path)) == (404, "rooms.not_found")
    assert (await colleague.get(path)).status_code == 200
    world.clock.advance(timedelta(minutes=1))
