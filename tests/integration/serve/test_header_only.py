"""A take that was killed before its first pictures has a header alone: it is no stored time, and breaks nothing (P3, S3.19, S4.7)."""

import io
import json
import zipfile
from datetime import timedelta

from invigil.kernel.principals import Role
from invigil.platform.jobs.execution import run_queued
from invigil.prepare.exams.api import SittingRules, Track
from invigil.sit.recording.api import verify_attempt
from tests.films import MIME, SECONDS_PER_PART, record_parts
from tests.integration.sit.recording.studio import Studio
from tests.world import World

BOTH = SittingRules(tracks_required=(Track.SCREEN, Track.CAMERA))


async def test_a_header_alone_counts_for_nothing_and_breaks_nothing(world: World) -> None:
    studio = await Studio.open(world, BOTH)
    began, parts = studio.now_ms, record_parts()
    whole = await studio.begin("camera", mime=MIME)
    await studio.keep(*whole.record(parts, began_ms=began, length_ms=SECONDS_PER_PART * 1000))
    stored_ms = (len(parts) - 1) * SECONDS_PER_PART * 1000
    begins = world.clock.now() + timedelta(milliseconds=stored_ms)
    for track in ("camera", "screen"):
        killed = await studio.begin(track, mime=MIME, started_at=begins.isoformat())
        await studio.keep(*killed.record(parts[:1], began_ms=began + stored_ms))
        end = {"take_id": killed.take_id, "last_seq": 0, "cause": "killed", "ended_at_ms": began + stored_ms}
        assert (await studio.commit(ends=[end])).json()["ends"][0]["state"] == "kept"

    async with world.ports.db.reading() as tx:
        found = await verify_attempt(tx, world.ports.media, studio.attempt.id)
    assert ([one.segment_count for one in found].count(1), [one.faults for one in found]) == (2, [[], [], []])

    person = await world.staff(Role.ADMINISTRATOR)
    world.clock.advance(timedelta(milliseconds=stored_ms + 5_000))
    tracks = {
        one["track"]: one
        for one in (await person.get(f"/api/recording/attempts/{studio.attempt.id}/coverage")).json()["tracks"]
    }
    assert (tracks["screen"]["stored_ms"], tracks["screen"]["stored_until_ms"]) == (0, None)
    assert (tracks["camera"]["stored_ms"], tracks["camera"]["stored_until_ms"]) == (stored_ms, began + stored_ms)
    assert [gap["cause"] for gap in tracks["camera"]["gaps"]] == ["killed"]

    shown = (await (await world.staff(Role.REVIEWER)).get(f"/api/review/attempts/{studio.attempt.id}")).json()
    assert [take["take_id"] for track in shown["tracks"] for take in track["takes"]] == [whole.take_id]

    scope = {"scope": "candidate", "scope_id": studio.attempt.id, "purpose": "核对录像内容"}
    answer = await person.post("/api/recordings/packages", json=scope)
    assert answer.status_code == 202, answer.text
    ordered = answer.json()
    await run_queued(world.ports)
    made = (await person.get(f"/api/recordings/packages/{ordered['id']}")).json()
    assert (made["state"], made["fault_count"], made["file_count"]) == ("ready", 0, 2)
    file = (await person.get(f"/api/recordings/packages/{ordered['id']}/file")).content
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(file)).read("清单.json"))
    films = manifest["考生"][0]["录像"]
    assert [take["段次"] for film in films for take in film["各段"]] == [whole.take_id]
