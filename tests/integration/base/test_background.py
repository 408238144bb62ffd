"""Background jobs over HTTP: the owner and administrators see them, nobody else; downloads and cancelling are recorded."""

from datetime import timedelta

import pytest

from invigil.base.audit import store as audit_store
from invigil.base.background.jobs import SWEEP
from invigil.kernel.ids import JobId
from invigil.kernel.principals import SYSTEM, Principal, Role
from invigil.kernel.words import Words
from invigil.platform.blobs import BlobMissingError
from invigil.platform.jobs import JobContext, JobKind
from invigil.platform.jobs.execution import run_queued
from invigil.platform.jobs.model import Arguments
from tests.world import World


async def make_file(ctx: JobContext, arguments: Arguments) -> dict[str, int]:
    content = str(arguments["text"]).encode()
    await ctx.ports.blobs.put(f"jobs/{ctx.job_id}", content)
    await ctx.attach("结果 1.txt", "text/plain", f"jobs/{ctx.job_id}")
    await ctx.report(3, 3, Words("正在收尾", "Finishing"))
    await ctx.conclude(Words("共三步", "Three steps"))
    return {"bytes": len(content)}


KIND = JobKind("tests.file.make", make_file)


async def leave(world: World, owner: Principal) -> str:
    world.ports.jobs.kinds.setdefault(KIND.name, KIND)
    async with world.ports.db.transaction() as tx:
        return await world.ports.jobs.enqueue(
            tx, KIND, {"text": "你好"}, owner=owner, title=Words("生成文件", "Make a file")
        )


async def acts(world: World, prefix: str) -> list[tuple[str, str]]:
    async with world.ports.db.reading() as tx:
        found, _ = await audit_store.search(tx, act=prefix, actor_id="", on="", offset=0, limit=50)
    return [(one.act, one.on) for one in found]


async def test_owner_follows_the_job_and_downloads_its_file(world: World) -> None:
    proctor = await world.staff(Role.PROCTOR)
    job_id = await leave(world, proctor.principal)
    queued = (await proctor.get(f"/api/jobs/{job_id}")).json()
    assert (queued["state"], queued["title"], queued["file_name"]) == ("queued", "生成文件", None)
    assert (queued["title_en"], queued["message"], queued["message_en"]) == ("Make a file", "", "")
    missing = await proctor.get(f"/api/jobs/{job_id}/file")
    assert (missing.status_code, missing.json()["code"]) == (404, "background.no_file")
    assert await run_queued(world.ports) == 1
    done = (await proctor.get(f"/api/jobs/{job_id}")).json()
    assert (done["state"], done["done"], done["total"], done["message"]) == ("done", 3, 3, "共三步")
    assert done["message_en"] == "Three steps"
    assert done["result"] == {"bytes": 6}
    answer = await proctor.get(f"/api/jobs/{job_id}/file")
    assert answer.status_code == 200
    assert answer.content.decode() == "你好"
    assert answer.headers["cache-control"] == "no-store"
    assert "%E7%BB%93%E6%9E%9C%201.txt" in answer.headers["content-disposition"]
    assert await acts(world, "background.job.download") == [("background.job.download", job_id)]
    assert [one["id"] for one in (await proctor.get("/api/jobs")).json()["items"]] == [job_id]


async def test_others_see_nothing_administrators_see_all(world: World) -> None:
    job_id = await leave(world, (await world.staff(Role.PROCTOR)).principal)
    await run_queued(world.ports)
    stranger, administrator = await world.staff(Role.PROCTOR), await world.staff(Role.ADMINISTRATOR)
    for path in (f"/api/jobs/{job_id}", f"/api/jobs/{job_id}/file"):
        refused = await stranger.get(path)
        assert (refused.status_code, refused.json()["code"]) == (404, "jobs.not_found")
        assert (await administrator.get(path)).status_code == 200
    assert (await stranger.post(f"/api/jobs/{job_id}/cancel")).status_code == 404
    assert (await stranger.get("/api/jobs?everybody=true")).json()["total"] == 0
    assert (await administrator.get("/api/jobs")).json()["total"] == 0
    assert (await administrator.get("/api/jobs?everybody=true")).json()["total"] == 1


async def test_cancelling_is_recorded_and_an_ended_job_stays(world: World) -> None:
    proctor = await world.staff(Role.PROCTOR)
    job_id = await leave(world, proctor.principal)
    assert (await proctor.post(f"/api/jobs/{job_id}/cancel")).json()["state"] == "cancelled"
    assert await acts(world, "background.job.cancel") == [("background.job.cancel", job_id)]
    assert await run_queued(world.ports) == 0
    assert (await proctor.post(f"/api/jobs/{job_id}/cancel")).json()["state"] == "cancelled"


@pytest.mark.parametrize("path", ["/api/jobs", "/api/jobs/job_1", "/api/jobs/job_1/file"])
async def test_nobody_enters_without_login(world: World, path: str) -> None:
    assert (await world.anonymous().get(path)).status_code == 401
    assert (await (await world.candidate("cand_1", "exam_1")).get(path)).status_code in (401, 403)


async def test_files_leave_after_a_week_and_rows_after_a_quarter(world: World) -> None:
    proctor = await world.staff(Role.PROCTOR)
    job_id = await leave(world, proctor.principal)
    await run_queued(world.ports)
    ctx = JobContext(JobId(""), SYSTEM, world.ports, "test")
    assert await SWEEP.run(ctx, {}) == {"files": 0, "rows": 0}
    world.clock.advance(timedelta(days=7, seconds=1))
    assert await SWEEP.run(ctx, {}) == {"files": 1, "rows": 0}
    with pytest.raises(BlobMissingError):
        await world.ports.blobs.get(f"jobs/{job_id}")
    assert await acts(world, "background.file.expire") == [("background.file.expire", job_id)]
    world.clock.advance(timedelta(days=90))
    assert await SWEEP.run(ctx, {}) == {"files": 0, "rows": 1}
