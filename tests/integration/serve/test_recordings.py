"""Packages of recordings on both databases: made, resumed, fetched in parts, destroyed; retention, holds, proof (S4.7, C5.5)."""

import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from invigil.base.audit import store as audit_store
from invigil.kernel.ids import AttemptId, JobId
from invigil.kernel.principals import SYSTEM, Principal, Role
from invigil.platform.jobs import JobContext
from invigil.platform.jobs.execution import run_queued
from invigil.prepare.exams.api import RecordingRules, SittingRules, SittingState, access_sitting
from invigil.prepare.exams.store import sittings as sittings_store
from invigil.serve.recordings import store
from invigil.serve.recordings.service import making
from invigil.serve.recordings.service.deleting import delete_expired
from invigil.serve.recordings.service.filming import TakeBrokenError
from invigil.serve.recordings.service.giving import destroy_expired
from invigil.sit.recording.api import Take, list_segments, list_takes
from tests.films import MIME, SECONDS_PER_PART, record_parts
from tests.integration.sit.recording.studio import Studio
from tests.world import Person, World

PURPOSE = "移交甲方存档"


async def record(studio: Studio, *tracks: str) -> None:
    """Record six seconds of each track."""
    for track in tracks:
        take = await studio.begin(track, mime=MIME)
        await studio.keep(*take.record(record_parts(), began_ms=studio.now_ms, length_ms=SECONDS_PER_PART * 1000))


async def record_take(studio: Studio, track: str = "camera", size: str = "160x120") -> None:
    """Record one more take of six seconds, half a minute after what was before."""
    studio.world.clock.advance(timedelta(seconds=30))
    take = await studio.begin(track, mime=MIME)
    parts = record_parts(size=size)
    await studio.keep(*take.record(parts, began_ms=studio.now_ms, length_ms=SECONDS_PER_PART * 1000))


def seconds_of(film: bytes, folder: Path) -> float:
    """Return how long a player finds the film, after decoding all of it."""
    path = folder / "film.mp4"
    path.write_bytes(film)
    subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "null", "-"], check=True)
    words = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
    return float(subprocess.run(words, check=True, capture_output=True).stdout)


async def test_the_takes_of_a_track_become_one_film(world: World, tmp_path: Path) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    for _ in range(3):  # the page was reloaded twice
        await record_take(studio)
    package = await make(world, person, studio)
    assert (package["file_count"], package["fault_count"]) == (2, 0)
    archive = await fetch(person, package)
    (film,) = json.loads(archive.read("清单.json"))["考生"][0]["录像"]
    content = archive.read(film["文件"])
    assert hashlib.sha256(content).hexdigest() == film["SHA-256"]
    assert content.find(b"moov") < content.find(b"mdat")
    assert seconds_of(content, tmp_path) == pytest.approx(18, abs=0.2)
    takes = film["各段"]
    assert [one["片内毫秒"] for one in takes] == [0, 6000, 12000]
    assert {one["段次"] for one in takes} == {one.id for one in await takes_of(world, studio)}
    # When each was is said, and what is missing between them.
    assert [later["起点"] - one["起点"] for one, later in pairwise(takes)] == [30_000, 30_000]
    camera = json.loads(archive.read("清单.json"))["考生"][0]["录制轨"][1]
    assert camera["缺口"]


async def test_a_new_film_begins_where_the_picture_changes(world: World, tmp_path: Path) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    for size in ("160x120", "160x120", "320x240", "320x240"):
        await record_take(studio, size=size)
    archive = await fetch(person, await make(world, person, studio))
    films = json.loads(archive.read("清单.json"))["考生"][0]["录像"]
    assert [[one["片内毫秒"] for one in film["各段"]] for film in films] == [[0, 6000], [0, 6000]]
    assert ["电脑摄像头_1_" in film["文件"] for film in films] == [True, False]
    assert "电脑摄像头_3_" in films[1]["文件"]
    for film in films:
        assert seconds_of(archive.read(film["文件"]), tmp_path) == pytest.approx(12, abs=0.2)


async def test_a_broken_take_is_left_out_of_the_film(world: World, tmp_path: Path) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    for _ in range(3):
        await record_take(studio)
    broken = sorted(await takes_of(world, studio), key=lambda one: one.origin_ms or 0)[1]
    async with world.ports.db.reading() as tx:
        segment = (await list_segments(tx, broken))[1]
    await world.ports.media.delete(segment.key)
    package = await make(world, person, studio)
    assert (package["file_count"], package["fault_count"]) == (2, 1)
    archive = await fetch(person, package)
    whole, fault = json.loads(archive.read("清单.json"))["考生"][0]["录像"]
    assert [one["片内毫秒"] for one in whole["各段"]] == [0, 6000]
    assert seconds_of(archive.read(whole["文件"]), tmp_path) == pytest.approx(12, abs=0.2)
    assert (fault["未能制作"], [one["段次"] for one in fault["各段"]]) == ("录制分段在存储中缺失", [broken.id])


async def order(person: Person, studio: Studio, scope: str = "candidate") -> Any:
    scope_id = {"candidate": studio.attempt.id, "room": studio.attempt.room_id, "sitting": studio.attempt.sitting_id}
    return await person.post(
        "/api/recordings/packages", json={"scope": scope, "scope_id": scope_id[scope], "purpose": PURPOSE}
    )


async def make(world: World, person: Person, studio: Studio, scope: str = "candidate") -> dict[str, Any]:
    ordered = await order(person, studio, scope)
    assert ordered.status_code == 202, ordered.text
    await run_queued(world.ports)
    made: dict[str, Any] = (await person.get(f"/api/recordings/packages/{ordered.json()['id']}")).json()
    assert made["state"] == "ready", made
    return made


async def fetch(person: Person, package: dict[str, Any]) -> zipfile.ZipFile:
    answer = await person.get(f"/api/recordings/packages/{package['id']}/file")
    assert (answer.status_code, len(answer.content)) == (200, package["total_bytes"])
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def acts(world: World) -> list[str]:
    async with world.ports.db.reading() as tx:
        found, _ = await audit_store.search(tx, act="recordings.", actor_id="", on="", offset=0, limit=50)
    return [one.act for one in found[::-1]]


async def takes_of(world: World, studio: Studio) -> list[Take]:
    async with world.ports.db.reading() as tx:
        return await list_takes(tx, studio.attempt.id)


async def test_a_candidates_recordings_become_films_with_a_manifest(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR, name="王")
    await record(studio, "screen", "camera")
    package = await make(world, person, studio)
    assert (package["file_count"], package["fault_count"], package["downloads"]) == (3, 0, 0)
    archive = await fetch(person, package)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("清单.json"))
    films = manifest["考生"][0]["录像"]
    assert {film["录制轨"] for film in films} == {"屏幕", "电脑摄像头"}
    for film in films:
        content = archive.read(film["文件"])
        assert hashlib.sha256(content).hexdigest() == film["SHA-256"]
        assert content[4:8] == b"ftyp"
        assert content.find(b"moov") < content.find(b"mdat"), "plays before it is whole"
    tracks = {track["录制轨"]: track for track in manifest["考生"][0]["录制轨"]}
    assert set(tracks) == {"屏幕", "电脑摄像头", "手机"}
    assert (await person.get(f"/api/recordings/packages/{package['id']}")).json()["downloads"] == 1
    assert await acts(world) == [
        "recordings.package.order", "recordings.package.make", "recordings.package.download",
    ]  # fmt: skip


async def test_any_part_can_be_fetched_again(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    await record(studio, "camera")
    package = await make(world, person, studio)
    path = f"/api/recordings/packages/{package['id']}/file"
    whole = (await person.get(path)).content
    middle = await person.get(path, headers={"range": "bytes=1000-4999"})
    assert (middle.status_code, middle.content) == (206, whole[1000:5000])
    assert middle.headers["content-range"] == f"bytes 1000-4999/{len(whole)}"
    rest = await person.get(path, headers={"range": "bytes=5000-"})
    assert whole[:5000] + rest.content == whole
    assert (await person.get(path, headers={"range": "bytes=-100"})).content == whole[-100:]
    beyond = await person.get(path, headers={"range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "recordings.package.range")
    # Parts are recorded, the download is counted once per beginning.
    assert (await person.get(f"/api/recordings/packages/{package['id']}")).json()["downloads"] == 1


async def test_nothing_readable_is_at_rest(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    await record(studio, "camera")
    package = await make(world, person, studio)
    film = record_parts()[1][200:400]
    keys = await world.ports.blobs.list(f"recordings/{package['id']}")
    assert len(keys) == 2
    for key in keys:
        stored = await world.ports.blobs._store.get(key)
        assert film not in stored
        assert b"ftyp" not in stored
        assert "考生".encode() not in stored


async def test_a_restart_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    await record(studio, "screen", "camera")
    ordered = (await order(person, studio)).json()
    filmed: list[str] = []
    original = making.make_film

    async def breaking(media: Any, keyed: Any) -> Any:
        filmed.append(keyed.take.track)
        if len(filmed) == 2:
            raise RuntimeError("the machine lost its power")
        return await original(media, keyed)

    monkeypatch.setattr(making, "make_film", breaking)
    context = JobContext(JobId(ordered["job_id"]), person.principal, world.ports, "test")
    with pytest.raises(RuntimeError):
        await making.make_package(context, ordered["id"])
    await run_queued(world.ports)
    # The first film was kept; the one that was broken off is made again, and nothing else.
    assert (len(filmed), filmed[1], {*filmed}) == (3, filmed[2], {"screen", "camera"})
    assert (await person.get(f"/api/recordings/packages/{ordered['id']}")).json()["state"] == "ready"


async def test_what_was_altered_is_left_out_and_said(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    await record(studio, "screen", "camera")
    takes = await takes_of(world, studio)
    async with world.ports.db.reading() as tx:
        segments = [await list_segments(tx, take) for take in takes]
    altered = bytearray(await world.ports.media.get(segments[0][1].key))
    altered[50] ^= 1
    await world.ports.media.put(segments[0][1].key, bytes(altered))
    await world.ports.media.delete(segments[1][2].key)
    package = await make(world, person, studio)
    assert (package["file_count"], package["fault_count"]) == (1, 2)
    manifest = json.loads((await fetch(person, package)).read("清单.json"))
    assert [film["未能制作"] for film in manifest["考生"][0]["录像"]] == [
        "录制分段与登记的不符，可能被改动", "录制分段在存储中缺失",
    ]  # fmt: skip


async def test_there_must_be_something_recorded(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    refused = await order(person, studio, "sitting")
    assert (refused.status_code, refused.json()["code"]) == (409, "recordings.package.nothing_recorded")


async def test_packages_end_by_their_date_or_by_hand(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.ADMINISTRATOR)
    await record(studio, "camera")
    one, other = await make(world, person, studio), await make(world, person, studio, "sitting")
    gone = await person.post(f"/api/recordings/packages/{one['id']}/destroy")
    assert gone.json()["state"] == "destroyed"
    world.clock.advance(timedelta(days=8))
    await destroy_expired(_context(world, SYSTEM))
    for package in (one, other):
        answer = await person.get(f"/api/recordings/packages/{package['id']}/file")
        assert (answer.status_code, answer.json()["code"]) == (410, "recordings.package.destroyed")
        assert await world.ports.blobs.list(f"recordings/{package['id']}") == []


READS = ["packages", "packages/pkg_x", "packages/pkg_x/file", "sittings/sit_x/retention"]
WRITES = ["packages", "packages/pkg_x/destroy", "sittings/sit_x/holds", "sittings/sit_x/holds/hold_x/lift"]


@pytest.mark.parametrize(("method", "path"), [*(("GET", one) for one in READS), *(("POST", one) for one in WRITES)])
async def test_recordings_are_taken_out_by_few(world: World, method: str, path: str) -> None:
    form = {"scope": "room", "scope_id": "room_x", "purpose": PURPOSE, "reason": "考生申诉"}

    async def send(person: Person) -> int:
        answer = (
            person.post(f"/api/recordings/{path}", json=form)
            if method == "POST"
            else person.get(f"/api/recordings/{path}")
        )
        return (await answer).status_code

    assert await send(world.anonymous()) == 401
    for role in (Role.PROCTOR, Role.PATROL, Role.REVIEWER, Role.SUPPORT, Role.OPERATOR):
        assert await send(await world.staff(role)) == 403
    assert await send(await world.staff(Role.BOARD_OFFICIAL)) in (200, 404, 409)


async def test_somebody_elses_package_is_not_theirs(world: World) -> None:
    studio, person = await Studio.open(world), await world.staff(Role.BOARD_OFFICIAL)
    await record(studio, "camera")
    package = await make(world, person, studio)
    other = await world.staff(Role.BOARD_OFFICIAL)
    answer = await other.get(f"/api/recordings/packages/{package['id']}/file")
    assert (answer.status_code, answer.json()["code"]) == (404, "recordings.package.not_found")
    assert (
        await (await world.staff(Role.ADMINISTRATOR)).get(f"/api/recordings/packages/{package['id']}/file")
    ).is_success


def _context(world: World, who: Principal) -> JobContext:
    return JobContext(JobId("job_x"), who, world.ports, "test")


async def _end(world: World, studio: Studio) -> None:
    """Close the sitting, as its sweep does when the last deadline is over."""
    async with world.ports.db.transaction() as tx:
        sitting = await access_sitting(tx, studio.attempt.sitting_id)
        await sittings_store.update_sitting(tx, replace(sitting, state=SittingState.CLOSED))


async def test_recordings_are_deleted_when_their_time_is_over_and_not_before(world: World) -> None:
    rules = SittingRules(recording=RecordingRules(retention_days=30))
    studio, person = await Studio.open(world, rules), await world.staff(Role.ADMINISTRATOR)
    await record(studio, "screen", "camera")
    await _end(world, studio)
    path = f"/api/recordings/sittings/{studio.attempt.sitting_id}/retention"
    date = (await person.get(path)).json()["deletes_at"]
    world.clock.advance(timedelta(days=30))
    assert await delete_expired(_context(world, SYSTEM)) == {"attempts": 0}
    assert len(await world.ports.media.list("recording")) == 8
    world.clock.advance(timedelta(hours=3))
    assert world.clock.now().isoformat() > date
    assert await delete_expired(_context(world, SYSTEM)) == {"attempts": 1}
    assert await world.ports.media.list("recording") == []
    assert [take.sealed_key for take in await takes_of(world, studio)] == [b"", b""]
    proof = (await person.get(path)).json()["deletions"][0]
    assert (proof["attempts"], proof["objects"], proof["held"], proof["remaining"]) == (1, 8, 0, 0)
    assert await delete_expired(_context(world, SYSTEM)) == {"attempts": 0}
    assert "recordings.retention.delete" in await acts(world)
    assert (await order(person, studio)).json()["code"] == "recordings.package.nothing_recorded"


async def test_a_hold_keeps_recordings_beyond_their_date(world: World) -> None:
    rules = SittingRules(recording=RecordingRules(retention_days=30))
    held, person = await Studio.open(world, rules), await world.staff(Role.BOARD_OFFICIAL)
    other = await Studio.join(
        world, held.attempt.exam_id, held.attempt.sitting_id, id=AttemptId("att_other"), candidate_id="cand_other"
    )
    for studio in (held, other):
        await record(studio, "camera")
    await _end(world, held)
    holds = f"/api/recordings/sittings/{held.attempt.sitting_id}/holds"
    form = {"attempt_id": held.attempt.id, "reason": "考生提出申诉"}
    hold = await person.post(holds, json=form)
    assert hold.status_code == 201, hold.text
    assert (await person.post(holds, json=form)).json()["code"] == "recordings.hold.already"
    world.clock.advance(timedelta(days=40))
    assert await delete_expired(_context(world, SYSTEM)) == {"attempts": 1}
    assert {key.split("/")[3] for key in await world.ports.media.list("recording")} == {held.attempt.id}
    assert (await person.post(f"{holds}/{hold.json()['id']}/lift")).status_code == 204
    assert (await person.post(f"{holds}/{hold.json()['id']}/lift")).json()["code"] == "recordings.hold.not_found"
    assert await delete_expired(_context(world, SYSTEM)) == {"attempts": 1}
    assert await world.ports.media.list("recording") == []
    async with world.ports.db.reading() as tx:
        proofs = await store.list_deletions(tx, held.attempt.sitting_id)
    assert sorted(proof.held for proof in proofs) == [0, 1]


async def test_a_take_that_is_no_film_is_said(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin("camera", mime=MIME)
    await studio.keep(*take.record([b"no header", b"no film"], began_ms=studio.now_ms))
    (kept,) = await takes_of(world, studio)
    async with world.ports.db.reading() as tx:
        keyed = making.KeyedTake(kept, await list_segments(tx, kept), take.key)
    with pytest.raises(TakeBrokenError, match="无法转换"):
        await making.make_film(world.ports.media, keyed)
