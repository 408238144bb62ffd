"""Two administrators' desk: an examination with candidates, locked papers, sittings."""

from datetime import datetime, timedelta
from typing import Any

from invigil.kernel.ids import CandidateId, ExamId, PaperSetId
from invigil.kernel.principals import Role
from invigil.platform.entropy import new_id
from invigil.platform.jobs.execution import run_queued
from invigil.prepare.candidates.model import Registration
from invigil.prepare.candidates.service.writing import seal
from invigil.prepare.candidates.store import registrations
from invigil.prepare.papers.api import create_blueprint
from invigil.prepare.papers.model import Blueprint, PaperSet, PaperSetState, QuestionType, Section
from invigil.prepare.papers.store import sets
from tests.world import Person, World

TITLE = "2026年第四季度安管人员考核"
PDF = b"%PDF-1.7\n%scan"
AGREEMENT = {
    "number": "XY-2026-07",
    "commissioner": "市住房和城乡建设委员会",
    "operator": "明鉴考试服务有限公司",
    "signed_on": "2026-10-20",
}


class ExamDesk:
    """One examination of the Beijing profile, made through the interface, and the two administrators who prepare it."""

    def __init__(self, world: World, one: Person, other: Person, exam: dict[str, Any]) -> None:
        self.world = world
        self.one = one
        self.other = other
        self.exam = exam
        self.exam_id = ExamId(exam["id"])

    @classmethod
    async def open(cls, world: World) -> "ExamDesk":
        one, other = await world.staff(Role.ADMINISTRATOR), await world.staff(Role.ADMINISTRATOR)
        answer = await one.post("/api/exams", json={"title": TITLE})
        assert answer.status_code == 201, answer.text
        return cls(world, one, other, answer.json())

    async def agree(self) -> dict[str, Any]:
        """Register the agreement."""
        answer = await self.one.post(
            f"/api/exams/{self.exam_id}/agreements/uploads",
            data=AGREEMENT,
            files={"file": ("协议.pdf", PDF, "application/octet-stream")},
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def register(
        self, count: int, *, subject: str = "A", first: int = 1, employer: str = "单位{}"
    ) -> list[CandidateId]:
        """Register candidates `first`, `first + 1` …; `employer` may hold the number."""
        rows = []
        for number in range(first, first + count):
            ticket = f"T{number:06}{subject}"
            given = Registration(
                "", 0, f"考生{number}", f"{number:017}X", subject, employer.format(number), "", ticket, ""
            )
            now = self.world.clock.now()
            made = seal(self.world.ports.keys, self.exam_id, "test", given)
            rows.append(made.columns | {"ticket_number": ticket, "created_at": now, "changed_at": now})
        async with self.world.ports.db.transaction() as tx:
            await registrations.insert_candidates(tx, rows)
        return [CandidateId(str(row["id"])) for row in rows]

    async def choose_papers(self, *subjects: str, is_locked: bool = True) -> None:
        """Give subjects a paper set each for real and mock sittings."""
        for code in subjects:
            real, mock = await self.make_set(code, is_locked=is_locked), await self.make_set(code, is_locked=is_locked)
            answer = await self.one.put(
                f"/api/exams/{self.exam_id}/subjects/{code}",
                json={"title": code, "paper_set_id": real, "mock_paper_set_id": mock},
            )
            assert answer.status_code == 200, answer.text

    async def make_set(self, subject: str, *, is_locked: bool = True) -> str:
        """Write a paper set as papers would leave it; nothing is dealt from it."""
        section = Section(title="单选", type=QuestionType.SINGLE, count=1, points_each="1")  # type: ignore[arg-type]
        blueprint = Blueprint(title="卷", subject_code=subject, sections=(section,), pass_mark="1")  # type: ignore[arg-type]
        now = self.world.clock.now()
        async with self.world.ports.db.transaction() as tx:
            stored = await create_blueprint(tx, self.one.principal, blueprint)
        made = PaperSet(
            id=PaperSetId(new_id("pset")),
            blueprint_id=stored.id,
            blueprint=blueprint,
            state=PaperSetState.LOCKED if is_locked else PaperSetState.DRAFT,
            expected_people=1,
            algorithm="",
            pool_digest="",
            pool_count=0,
            coverage=None,
            paper_count=0,
            created_by="staff",
            created_at=now,
            generated_at=None,
            proofed_by="",
            proofed_at=None,
            locked_by="",
            locked_at=None,
            sealed_at=None,
        )
        async with self.world.ports.db.transaction() as tx:
            await sets.insert_set(tx, made)
        return made.id

    async def plan(
        self, *subjects: str, kind: str = "real", starts_at: datetime | None = None, **more: Any
    ) -> dict[str, Any]:
        """Make a draft of a sitting that starts in three days."""
        start = starts_at or self.world.clock.now() + timedelta(days=3)
        form = {
            "kind": kind,
            "title": "上午场" if kind == "real" else "模拟场",
            "subject_codes": list(subjects),
            "starts_at": start.isoformat(),
            "capacity": 2 if kind == "mock" else None,
        }
        answer = await self.one.post(f"/api/exams/{self.exam_id}/sittings", json=form | more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def lock(self, sitting: dict[str, Any]) -> dict[str, Any]:
        """Lock a draft, both administrators together."""
        path, form = f"/api/sittings/{sitting['id']}", {"version": sitting["version"]}
        answer = await self.one.post(f"{path}/lock-proposal", json=form)
        assert answer.status_code == 200, answer.text
        answer = await self.other.post(f"{path}/lock", json=form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def plan_locked(self, *subjects: str, **more: Any) -> dict[str, Any]:
        """Make a sitting and lock it."""
        return await self.lock(await self.plan(*subjects, **more))

    async def open_sitting(self, sitting: dict[str, Any]) -> dict[str, Any]:
        """Open a locked sitting; the jobs it leaves stay queued."""
        answer = await self.one.post(f"/api/sittings/{sitting['id']}/opening")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def run_jobs(self) -> None:
        """Carry out what is queued."""
        await run_queued(self.world.ports)

    async def arrange(self, sitting: dict[str, Any], version: int = 0, **more: Any) -> dict[str, Any]:
        """Arrange a sitting and return how it stands."""
        path = f"/api/sittings/{sitting['id']}/arrangement"
        answer = await self.one.post(path, json={"version": version, "seed": "s"} | more)
        assert answer.status_code == 202, answer.text
        await self.run_jobs()
        await self.check_job(answer.json()["job_id"])
        return dict((await self.one.get(path)).json())

    async def assign(self, sitting: dict[str, Any], version: int, **more: Any) -> dict[str, Any]:
        """Assign proctors and return the job as it ended."""
        path = f"/api/sittings/{sitting['id']}/proctor-assignment"
        answer = await self.one.post(path, json={"version": version} | more)
        assert answer.status_code == 202, answer.text
        await self.run_jobs()
        return dict((await self.one.get(f"/api/jobs/{answer.json()['job_id']}")).json())

    async def check_job(self, job_id: str) -> dict[str, Any]:
        """Return a job that must have been done."""
        job = (await self.one.get(f"/api/jobs/{job_id}")).json()
        assert job["state"] == "done", job
        return dict(job)

    async def rooms(self, sitting: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rooms with their occupants."""
        listed = (await self.one.get(f"/api/sittings/{sitting['id']}/rooms", params={"page_size": 200})).json()
        return [(await self.one.get(f"/api/rooms/{room['id']}")).json() for room in listed["items"]]


def code_of(answer: Any) -> tuple[int, str]:
    """Return status and refusal code of an answer."""
    return answer.status_code, answer.json()["code"]
