"""Uploaded files of imports leave by date, recorded, and what was written stays: on both databases (P13)."""

from datetime import timedelta

import pytest

from invigil.app.sample.candidates import make_people, write_photo_archive, write_workbook
from invigil.base.audit import store as audit_store
from invigil.base.audit.model import AuditRecord
from invigil.kernel.ids import JobId
from invigil.kernel.principals import SYSTEM
from invigil.platform.jobs import JobContext
from invigil.prepare.candidates.jobs import DELETE_SOURCES as DELETE_CANDIDATE_SOURCES
from invigil.prepare.questions.jobs import DELETE_SOURCES as DELETE_QUESTION_SOURCES
from tests.integration.prepare.candidates.desk import Desk
from tests.integration.prepare.exams.desk import code_of
from tests.integration.prepare.questions.conftest import run_jobs, upload
from tests.world import World

TEXT = "一、判断题\n1、酒后可以登高作业。（×）\n难度：1 知识点：标志\n".encode()
KEPT_FOR = timedelta(days=30)
MOMENT = timedelta(microseconds=1)


async def _sweep(world: World) -> int:
    ctx = JobContext(JobId(""), SYSTEM, world.ports, "test")
    swept = [await kind.run(ctx, {}) for kind in (DELETE_CANDIDATE_SOURCES, DELETE_QUESTION_SOURCES)]
    return sum(int(one["deleted"]) for one in swept)


async def _expired(world: World) -> list[AuditRecord]:
    async with world.ports.db.reading() as tx:
        found = [(await audit_store.search(tx, act=f"{feature}.import.expire", actor_id="", on="", offset=0, limit=9))[0]
                 for feature in ("candidates", "questions")]  # fmt: skip
    return [one for some in found for one in some]


async def _files(world: World, folder: str) -> list[str]:
    return sorted(key.rsplit("/", 1)[1] for key in await world.ports.blobs.list(folder))


async def test_files_of_a_written_list_leave_to_the_instant_and_the_people_stay(world: World) -> None:
    desk = await Desk.open(world)
    written = await desk.import_people(make_people(3))
    folder = f"candidates/imports/{written['id']}"
    assert "source" in await _files(world, folder)
    world.clock.advance(KEPT_FOR - MOMENT)
    assert await _sweep(world) == 0
    assert "source" in await _files(world, folder)
    world.clock.advance(MOMENT)
    assert await _sweep(world) == 1
    assert await _files(world, folder) == []
    assert len(await desk.people()) == 3
    (entry,) = await _expired(world)
    assert (entry.on, entry.actor_kind, entry.details["days"]) == (written["id"], SYSTEM.kind, 30)
    assert entry.details["files"] >= 2  # type: ignore[operator]
    assert await _sweep(world) == 0

    again = await desk.who.post(f"/api/candidates/imports/{written['id']}/corrected")
    assert code_of(again) == (410, "candidates.import_files_deleted")
    issues = await desk.who.get(f"/api/candidates/imports/{written['id']}/issues")
    assert code_of(issues) == (410, "candidates.import_files_deleted")
    assert (await desk.get(f"imports/{written['id']}"))["state"] == "written"


async def test_photos_stay_and_what_waits_for_somebody_stays(world: World) -> None:
    desk = await Desk.open(world)
    people = make_people(2)
    await desk.import_people(people)
    photos = await desk.upload(write_photo_archive(people), kind="photos", name="照片.zip")
    await desk.confirm(photos["id"])
    waiting = await desk.upload(write_workbook(make_people(5)))
    refused = await desk.upload(b"no workbook")
    assert (waiting["state"], refused["state"]) == ("ready", "refused")
    world.clock.advance(KEPT_FOR)
    assert await _sweep(world) == 3
    assert await _files(world, f"candidates/imports/{refused['id']}") == []
    assert "source" in await _files(world, f"candidates/imports/{waiting['id']}")
    assert len(await _files(world, f"candidates/photos/{photos['id']}")) == 2

    assert (await desk.who.post(f"/api/candidates/imports/{waiting['id']}/discard")).status_code == 200
    assert await _sweep(world) == 0
    world.clock.advance(KEPT_FOR)
    assert await _sweep(world) == 1


async def test_files_of_questions_leave_and_the_bank_stays(world: World) -> None:
    person = (await Desk.open(world)).who
    started = await upload(person, TEXT, query="?subject=B")
    await run_jobs(world)
    world.clock.advance(KEPT_FOR)
    assert await _sweep(world) == 0
    path = f"/api/questions/imports/{started['id']}"
    assert (await person.post(f"{path}/confirm")).status_code == 202
    await run_jobs(world)
    world.clock.advance(KEPT_FOR - MOMENT)
    assert await _sweep(world) == 0
    person = (await Desk.open(world)).who  # the login of a month ago has ended
    assert (await person.get(f"{path}/lines")).status_code == 200
    world.clock.advance(MOMENT)
    assert await _sweep(world) == 1
    assert await _files(world, f"questions/imports/{started['id']}") == []
    assert [entry.on for entry in await _expired(world)] == [started["id"]]
    assert code_of(await person.get(f"{path}/lines")) == (410, "questions.import.files_deleted")
    assert (await person.get("/api/questions")).json()["total"] == 1


@pytest.mark.parametrize("days", [1, 90])
async def test_the_setting_says_how_long(world: World, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(world.ports.settings, "import_sources_days", days)
    desk = await Desk.open(world)
    await desk.import_people(make_people(1))
    world.clock.advance(timedelta(days=days) - MOMENT)
    assert await _sweep(world) == 0
    world.clock.advance(MOMENT)
    assert await _sweep(world) == 1
