"""A candidate who is recorded: an attempt in a sitting, a page's ticket, and what its worker does."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from invigil.kernel.ids import AttemptId, ExamId, SittingId
from invigil.kernel.principals import SYSTEM
from invigil.prepare.exams.api import SittingKind, SittingPlan, SittingRules, create_exam, create_sitting
from invigil.sit.answering import store as answering_store
from invigil.sit.answering.api import TICKET_HEADER, Attempt, Ticket, issue_ticket
from tests.segments import MadeSegment, MadeTake
from tests.unit.sit.attempts import make_attempt
from tests.world import World


@dataclass
class Studio:
    """An attempt and its page."""

    world: World
    attempt: Attempt
    ticket: str = field(repr=False)

    @classmethod
    async def open(cls, world: World, rules: SittingRules | None = None, **changes: Any) -> "Studio":
        """Seat a candidate in a sitting that starts now."""
        now = world.clock.now()
        async with world.ports.db.transaction() as tx:
            exam = await create_exam(tx, SYSTEM, title="考核", profile="beijing")
            plan = SittingPlan(SittingKind.REAL, "上午场", ["A"], now, rules or SittingRules())
            sitting = await create_sitting(tx, SYSTEM, exam.id, plan)
        return await cls.join(world, exam.id, sitting.id, **changes)

    @classmethod
    async def join(cls, world: World, exam_id: ExamId, sitting_id: SittingId, **changes: Any) -> "Studio":
        """Seat one more candidate."""
        now = world.clock.now()
        given = {"exam_id": exam_id, "sitting_id": sitting_id, "starts_at": now, "entered_at": now} | changes
        attempt = make_attempt(**given)
        async with world.ports.db.transaction() as tx:
            await answering_store.insert_attempt(tx, attempt, consent_version="1", device={})
        return cls(world, attempt, issue_ticket(world.ports.keys, Ticket(AttemptId(attempt.id), attempt.seat_epoch)))

    @property
    def now_ms(self) -> int:
        """The server's clock."""
        return int(self.world.clock.now().timestamp() * 1000)

    async def post(self, what: str, body: object, ticket: str | None = None) -> httpx.Response:
        """POST /api/sit/recording/<what> as the page."""
        headers = {TICKET_HEADER: self.ticket if ticket is None else ticket}
        return await self.world.client.post(f"/api/sit/recording/{what}", json=body, headers=headers)

    async def begin(self, track: str = "camera", **changes: Any) -> MadeTake:
        """Register a new take."""
        take = MadeTake(self.attempt.id, track)
        answer = await self.post("takes", take.form(self.world.ports.keys.recording_public_key, **changes))
        assert answer.status_code == 200, answer.text
        return take

    async def put(self, segment: MadeSegment, content: bytes | None = None) -> httpx.Response:
        """Ask for an address and PUT the segment, or other bytes, there."""
        row = {name: segment.row[name] for name in ("take_id", "seq", "sha256", "bytes")}
        answer = await self.post("targets", {"segments": [row]})
        assert answer.status_code == 200, answer.text
        url = next(iter(answer.json()["targets"][0]["urls"].values()))
        path = url if url.startswith("/") else f"{urlsplit(url).path}?{urlsplit(url).query}"
        return await self.world.client.put(path, content=segment.ciphertext if content is None else content)

    async def commit(self, *segments: MadeSegment, **more: Any) -> httpx.Response:
        """Declare segments (and ends, gaps)."""
        return await self.post("commit", {"segments": [one.row for one in segments]} | more)

    async def keep(self, *segments: MadeSegment) -> None:
        """PUT and declare segments, which must be kept."""
        for one in segments:
            assert (await self.put(one)).status_code == 200
        answer = await self.commit(*segments)
        assert [one["state"] for one in answer.json()["segments"]] == ["kept"] * len(segments), answer.text
