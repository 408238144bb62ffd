"""An administrator's desk: upload, let the jobs run, look."""

from typing import Any
from urllib.parse import quote

from invigil.app.sample.candidates import make_people, write_photo_archive, write_workbook
from invigil.app.sample.candidates.people import SamplePerson
from invigil.base.audit import store as audit_store
from invigil.kernel.principals import Role
from invigil.platform.jobs.execution import run_queued
from tests.world import Person, World

EXAM = "exam_01"


class Desk:
    """One administrator in one world, working on one examination."""

    def __init__(self, world: World, who: Person) -> None:
        self.world = world
        self.who = who

    @classmethod
    async def open(cls, world: World) -> "Desk":
        return cls(world, await world.staff(Role.ADMINISTRATOR))

    async def upload(
        self, content: bytes, *, kind: str = "workbook", name: str = "名单.xlsx", **query: str
    ) -> dict[str, Any]:
        """Upload, run the job, and return the import as it then stands."""
        answer = await self.who.post(
            f"/api/candidates/uploads/{kind}",
            params={"exam_id": EXAM, **query},
            content=content,
            headers={"X-File-Name": quote(name), "content-type": "application/octet-stream"},
        )
        assert answer.status_code == 202, answer.text
        await run_queued(self.world.ports)
        return await self.get(f"imports/{answer.json()['id']}")

    async def confirm(self, import_id: str) -> dict[str, Any]:
        """Confirm, run the job, and return the import as it then stands."""
        answer = await self.who.post(f"/api/candidates/imports/{import_id}/confirm")
        assert answer.status_code == 202, answer.text
        await run_queued(self.world.ports)
        return await self.get(f"imports/{import_id}")

    async def import_people(self, people: list[SamplePerson]) -> dict[str, Any]:
        return await self.confirm((await self.upload(write_workbook(people)))["id"])

    async def import_sample(self, count: int = 12) -> list[SamplePerson]:
        """Import sample people with their portraits."""
        people = make_people(count)
        await self.import_people(people)
        found = await self.upload(write_photo_archive(people), kind="photos", name="照片.zip")
        await self.confirm(found["id"])
        return people

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.who.get(f"/api/candidates{'/' if path else ''}{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def people(self, **params: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.get("", exam_id=EXAM, page_size=200, **params))["items"]
        return items

    async def acts(self, prefix: str) -> list[Any]:
        async with self.world.ports.db.reading() as tx:
            found, _ = await audit_store.search(tx, act=prefix, actor_id="", on="", offset=0, limit=100)
        return found
