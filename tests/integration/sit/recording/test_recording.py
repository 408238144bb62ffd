"""Takes, uploads and commits over both databases: idempotent, in order, kept means durable (P3, S2.5, S3.14)."""

import os

import httpx
import pytest

from invigil.sit.recording.api import is_take_intact, list_conflicts, list_segments, list_takes, open_take_key
from tests.integration.sit.recording.studio import Studio
from tests.segments import MadeTake
from tests.world import World


def states(answer: httpx.Response, what: str = "segments") -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["state"] for one in answer.json()[what]]


async def test_a_take_is_recorded(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", *(os.urandom(50_000) for _ in range(3))], began_ms=studio.now_ms)
    await studio.keep(*made)
    answer = await studio.commit(ends=[{"take_id": take.take_id, "last_seq": 3, "cause": "finished", "ended_at_ms": 1}])
    assert states(answer, "ends") == ["kept"]
    assert answer.json()["stored_until_ms"] == {"camera": studio.now_ms + 12_000}
    async with world.ports.db.reading() as tx:
        (kept,) = await list_takes(tx, studio.attempt.id)
        segments = await list_segments(tx, kept)
        assert open_take_key(tx, kept) == take.key
        assert is_take_intact(world.ports.keys, kept)
    assert [one.sha256 for one in segments] == [one.row["sha256"] for one in made]
    assert [await world.ports.media.get(one.key) for one in segments] == [one.ciphertext for one in made]
    assert (kept.segment_count, kept.total_bytes) == (4, sum(len(one.ciphertext) for one in made))


async def test_the_same_again_is_kept_and_another_content_is_a_conflict(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", b"one"])
    await studio.keep(*made)
    assert states(await studio.commit(*made)) == ["kept", "kept"]
    other = MadeTake(take.attempt_id, take.track, take.take_id, os.urandom(32))
    forged = other.record([b"init", b"two"])
    await studio.put(forged[1])
    assert states(await studio.commit(forged[1])) == ["conflict"]
    async with world.ports.db.reading() as tx:
        (kept,) = await list_takes(tx, studio.attempt.id)
        assert [one.sha256 for one in await list_segments(tx, kept)] == [one.row["sha256"] for one in made]
        assert [(one.seq, one.sha256) for one in await list_conflicts(tx, studio.attempt.id)] == [
            (1, forged[1].row["sha256"])
        ]


async def test_what_is_not_stored_or_not_next_is_not_kept(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", b"one", b"two"])
    assert states(await studio.commit(made[0])) == ["missing"]
    await studio.put(made[0])
    await studio.put(made[2])
    answer = await studio.commit(made[0], made[2])
    assert [(one["state"], one["expected_seq"]) for one in answer.json()["segments"]] == [
        ("kept", 1),
        ("out_of_order", 1),
    ]
    unknown = MadeTake(studio.attempt.id, "camera")
    assert states(await studio.commit(*unknown.record([b"init"]))) == ["unknown_take"]


async def test_registering_is_idempotent(world: World) -> None:
    studio = await Studio.open(world)
    take = MadeTake(studio.attempt.id, "screen")
    public = world.ports.keys.recording_public_key
    for _ in range(2):  # wrapped anew, the same key
        answer = await studio.post("takes", take.form(public))
        assert (answer.status_code, answer.json()) == (200, {"take_id": take.take_id})
    for changes in ({"width": 320}, {"label": "别的"}, {"started_at": "2026-11-01T09:00:01+00:00"}):
        answer = await studio.post("takes", take.form(public, **changes))
        assert (answer.status_code, answer.json()["code"]) == (409, "recording.take_conflict")


@pytest.mark.parametrize("track", ["phone"])
async def test_a_page_does_not_record_the_phones_track(world: World, track: str) -> None:
    studio = await Studio.open(world)
    take = MadeTake(studio.attempt.id, track)
    answer = await studio.post("takes", take.form(world.ports.keys.recording_public_key))
    assert (answer.status_code, answer.json()["code"]) == (403, "recording.track_not_yours")
