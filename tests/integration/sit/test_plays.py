"""A limit of plays holds over a reload and over a change of the computer: the server keeps the count, on both databases (S3.11)."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.integration.prepare.exams.desk import code_of
from tests.integration.sit.test_entering import Hall, open_hall
from tests.world import World

SOUND, FILM = "i1/media_01AB", "i1/media_02CD"


async def _tell(hall: Hall, entry: dict[str, Any], counts: dict[str, Any]) -> httpx.Response:
    return await hall.sit("plays", entry, {"plays": counts})


async def test_plays_stand_after_a_reload_and_at_another_computer(world: World) -> None:
    hall = await open_hall(world)
    entry = (await hall.enter()).json()
    assert entry["plays"] == {}
    assert (await _tell(hall, entry, {SOUND: 1})).json() == {"plays": {SOUND: 1}}
    assert (await _tell(hall, entry, {SOUND: 2, FILM: 1})).json() == {"plays": {SOUND: 2, FILM: 1}}
    assert (await hall.enter()).json()["plays"] == {SOUND: 2, FILM: 1}
    released = await hall.desk.one.post(f"/api/attempts/{entry['attempt_id']}/release", json={"reason": "电脑损坏"})
    assert released.status_code < 300
    elsewhere = (await hall.enter(await hall.again())).json()
    assert elsewhere["plays"] == {SOUND: 2, FILM: 1}


async def test_the_greater_count_wins_in_any_order_and_from_an_older_page(world: World) -> None:
    hall = await open_hall(world)
    older = (await hall.enter()).json()
    newer = (await hall.enter()).json()
    answers = await asyncio.gather(*(_tell(hall, newer, {SOUND: count, FILM: 1}) for count in (3, 1, 5, 2, 5)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await _tell(hall, older, {SOUND: 4, FILM: 2})).json() == {"plays": {SOUND: 5, FILM: 2}}
    assert (await _tell(hall, newer, {})).json() == {"plays": {SOUND: 5, FILM: 2}}
    assert (await hall.enter()).json()["plays"] == {SOUND: 5, FILM: 2}


@pytest.mark.parametrize(
    "counts",
    [
        {"i0/media_1": 1},
        {"i9999/media_1": 1},
        {"x1/media_1": 1},
        {"i1/other_1": 1},
        {"i1/media_": 1},
        {"i1/media_1/../2": 1},
        {f"i1/media_{'A' * 41}": 1},
        {SOUND: 0},
        {SOUND: -1},
        {SOUND: 10_001},
    ],
)
async def test_what_is_no_count_is_refused_and_nothing_is_kept(world: World, counts: dict[str, int]) -> None:
    hall = await open_hall(world)
    entry = (await hall.enter()).json()
    assert code_of(await _tell(hall, entry, {FILM: 1} | counts)) == (422, "answering.plays_invalid")
    assert (await hall.enter()).json()["plays"] == {}


async def test_a_page_that_invents_places_fills_no_table(world: World) -> None:
    hall = await open_hall(world)
    entry = (await hall.enter()).json()
    for start in (0, 250):
        assert (await _tell(hall, entry, {f"i1/media_{start + n}": 1 for n in range(250)})).status_code == 200
    assert code_of(await _tell(hall, entry, {SOUND: 1})) == (422, "answering.plays_invalid")
    assert (await _tell(hall, entry, {"i1/media_7": 2})).json()["plays"]["i1/media_7"] == 2


async def test_without_a_ticket_nothing_is_told_or_learned(world: World) -> None:
    hall = await open_hall(world)
    entry = (await hall.enter()).json()
    forged = entry | {"ticket": entry["ticket"][:-2] + "xx"}
    assert code_of(await _tell(hall, forged, {SOUND: 1})) == (401, "answering.ticket_invalid")
    answer = await world.anonymous().post("/api/sit/plays", json={"plays": {SOUND: 1}})
    assert code_of(answer) == (401, "answering.ticket_invalid")
