"""Arranging a sitting and assigning its proctors; both run as jobs, since a sitting can have 50,000 candidates."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel, Field

from invigil.kernel.ids import SittingId
from invigil.kernel.words import Words
from invigil.platform.entropy import new_characters
from invigil.platform.http import ManagementRouter, Tx, Who, ports_of
from invigil.prepare.candidates.api import count_by_subject
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.model import PlanState
from invigil.prepare.rooms.rules.planning import is_outdated, list_rooms_lacking_proctors
from invigil.prepare.rooms.service.arranging import ARRANGING
from invigil.prepare.rooms.service.proctoring import ASSIGNING
from invigil.prepare.rooms.service.scope import access_arranged, access_changeable
from invigil.prepare.rooms.store import confirmations, seating

router = ManagementRouter(prefix="/api/sittings/{sitting_id}", tags=["rooms"])

SEED_CHARACTERS = 12


class ArrangeForm(BaseModel):
    """How to seat everybody. version: of the arrangement as it was read, 0 for none. seed: drawn when left out."""

    version: int = Field(ge=0)
    seed: str = Field(default="", max_length=64)
    spreads_employers: bool = True


class AssignForm(BaseModel):
    """Whom to choose from; every active proctor when left out."""

    version: int = Field(ge=0)
    staff_ids: list[str] = Field(default_factory=list, max_length=5_000)


class StartedJob(BaseModel):
    """Work that was left for later; see /api/jobs/{id}."""

    job_id: str


class ArrangementAnswer(BaseModel):
    """How a sitting stands. version 0: not arranged yet. seated of candidates: registered for its subjects.

    is_outdated: candidates sit in rooms of a subject that the sitting no longer has. rooms_lacking_proctors: fewer than one proctor for 30 (S4.6).
    """

    sitting_id: str
    version: int
    plan_state: PlanState
    seed: str
    spreads_employers: bool
    arranged_at: datetime | None
    is_outdated: bool
    rooms: int
    seated: int
    candidates: int
    rooms_lacking_proctors: int


@router.get("/arrangement", name="rooms.arrangement.show", summary="考场编排概况")
async def show_arrangement(sitting_id: SittingId, tx: Tx) -> ArrangementAnswer:
    """Show how a sitting's candidates are seated."""
    sitting = await access_sitting(tx, sitting_id)
    arrangement = await seating.read_arrangement(tx, sitting_id)
    rooms = await seating.list_rooms(tx, sitting_id)
    registered = await count_by_subject(tx, sitting.exam_id)
    plan = await confirmations.read_plan(tx, sitting.exam_id)
    return ArrangementAnswer(
        sitting_id=sitting_id,
        version=0 if arrangement is None else arrangement.version,
        plan_state=plan.state,
        seed="" if arrangement is None else arrangement.seed,
        spreads_employers=arrangement is not None and arrangement.spreads_employers,
        arranged_at=None if arrangement is None else arrangement.arranged_at,
        is_outdated=is_outdated(rooms, sitting.papers),
        rooms=len(rooms),
        seated=sum(room.seated for room in rooms),
        candidates=sum(registered.get(code, 0) for code in sitting.papers),
        rooms_lacking_proctors=len(list_rooms_lacking_proctors(rooms)),
    )


@router.post("/arrangement", name="rooms.arrangement.arrange", summary="自动编排考场", status_code=202)
async def arrange(sitting_id: SittingId, form: ArrangeForm, request: Request, tx: Tx, who: Who) -> StartedJob:
    """Seat everybody registered for the sitting's subjects, replacing its rooms and proctors."""
    sitting = await access_changeable(tx, sitting_id, form.version)
    seed = form.seed or new_characters("abcdefghjkmnpqrstuvwxyz23456789", SEED_CHARACTERS)
    arguments = {
        "sitting_id": sitting_id,
        "version": form.version,
        "seed": seed,
        "spreads_employers": form.spreads_employers,
    }
    title = Words(f"编排考场：{sitting.title}", f"Arrange rooms: {sitting.title}")
    return StartedJob(job_id=await ports_of(request).jobs.enqueue(tx, ARRANGING, arguments, owner=who, title=title))


@router.post("/proctor-assignment", name="rooms.proctors.assign", summary="自动安排监考", status_code=202)
async def assign(sitting_id: SittingId, form: AssignForm, request: Request, tx: Tx, who: Who) -> StartedJob:
    """Give every room a proctor who is neither related to nor employed with its candidates."""
    sitting = await access_arranged(tx, sitting_id, form.version)
    arguments = {"sitting_id": sitting_id, "version": form.version, "staff_ids": form.staff_ids}
    title = Words(f"安排监考：{sitting.title}", f"Assign proctors: {sitting.title}")
    return StartedJob(job_id=await ports_of(request).jobs.enqueue(tx, ASSIGNING, arguments, owner=who, title=title))
