"""Paper sets: made, generated, proofed by one person, locked by another."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from invigil.platform.http import ManagementRouter, Page, Paging, Tx, Who, paging_of, ports_of
from invigil.prepare.papers.model import Blueprint, PaperSet, PaperSetState, PointsText
from invigil.prepare.papers.rules.refusals import PaperSetNotGenerated
from invigil.prepare.papers.rules.sealing import MOVES
from invigil.prepare.papers.service import sets as service
from invigil.prepare.papers.service.opening import SAMPLES
from invigil.prepare.papers.store.sets import search_sets

router = ManagementRouter(prefix="/api/papers", tags=["papers"])


class PaperSetAnswer(BaseModel):
    """A paper set. next_states: what may follow; sample_count: how many samples can be read."""

    id: str
    title: str
    subject_code: str
    blueprint_id: str
    blueprint: Blueprint
    state: PaperSetState
    next_states: list[PaperSetState]
    question_count: int
    item_count: int
    points: PointsText
    expected_people: int
    pool_count: int
    pool_digest: str
    algorithm: str
    paper_count: int
    sample_count: int
    created_by: str
    created_at: datetime
    generated_at: datetime | None
    proofed_by: str
    proofed_at: datetime | None
    locked_by: str
    locked_at: datetime | None
    sealed_at: datetime | None


class NewPaperSet(BaseModel):
    """A set from a blueprint. expected_people: for how many the exposure of questions is forecast."""

    blueprint_id: str = Field(min_length=1, max_length=40)
    expected_people: int = Field(default=1_000, ge=1, le=1_000_000)


class StartedGeneration(BaseModel):
    """The set, and the background job that makes it: follow it at /api/jobs/{job_id}."""

    paper_set: PaperSetAnswer
    job_id: str


class CoverageCell(BaseModel):
    """One type × knowledge area × difficulty: questions in the pool, and how many a paper has on average, in hundredths."""

    type: str
    knowledge_area: str
    difficulty: int
    pool: int
    per_paper: int


class Exposure(BaseModel):
    """How often questions would be shown, in hundredths of a percent of the papers; histogram: questions per 5 %."""

    drawn: int
    never_drawn: int
    compulsory: int
    highest: int
    lowest: int
    histogram: list[int]


class CoverageAnswer(BaseModel):
    """Figures for charts. mean_difficulty: hundredths of a level, the same for every paper."""

    forecast_people: int
    mean_difficulty: int
    repeated: int
    cells: list[CoverageCell]
    exposure: Exposure


@router.get("/sets", name="papers.sets.list", summary="试卷集列表")
async def list_sets(
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    subject_code: Annotated[str, Query(max_length=20)] = "",
    state: Annotated[PaperSetState | None, Query()] = None,
) -> Page[PaperSetAnswer]:
    """List paper sets, newest first."""
    found, total = await search_sets(
        tx, q=paging.q, subject_code=subject_code, state=state or "", offset=paging.offset, limit=paging.page_size
    )
    return Page(items=[_answer(one) for one in found], total=total, page=paging.page, page_size=paging.page_size)


@router.post("/sets", name="papers.sets.create", summary="从组卷方案生成试卷集", status_code=202)
async def create_set(form: NewPaperSet, request: Request, tx: Tx, who: Who) -> StartedGeneration:
    """Make a draft from the blueprint as it is now and begin to generate it."""
    paper_set = await service.create_set(tx, who, form.blueprint_id, form.expected_people)
    job_id = await service.leave_generation(tx, ports_of(request).jobs, who, paper_set.id)
    return StartedGeneration(paper_set=_answer(paper_set), job_id=job_id)


@router.get("/sets/{paper_set_id}", name="papers.sets.read", summary="试卷集")
async def read_set(paper_set_id: str, tx: Tx) -> PaperSetAnswer:
    """Return one paper set."""
    return _answer(await service.access_set(tx, paper_set_id))


@router.post("/sets/{paper_set_id}/generation", name="papers.sets.generate", summary="重新组卷", status_code=202)
async def generate_set(paper_set_id: str, request: Request, tx: Tx, who: Who) -> StartedGeneration:
    """Generate a draft again, from the bank as it is now and with a new seed."""
    job_id = await service.leave_generation(tx, ports_of(request).jobs, who, paper_set_id)
    return StartedGeneration(paper_set=_answer(await service.access_set(tx, paper_set_id)), job_id=job_id)


@router.post("/sets/{paper_set_id}/discard", name="papers.sets.discard", summary="退回草稿")
async def discard_set(paper_set_id: str, tx: Tx, who: Who) -> PaperSetAnswer:
    """Throw away what was generated; not possible once locked."""
    return _answer(await service.discard(tx, who, paper_set_id))


@router.post("/sets/{paper_set_id}/proof", name="papers.sets.proof", summary="确认校对")
async def proof_set(paper_set_id: str, tx: Tx, who: Who) -> PaperSetAnswer:
    """State that the samples were read and are right: the first of two persons."""
    return _answer(await service.proof(tx, who, paper_set_id))


@router.post("/sets/{paper_set_id}/lock", name="papers.sets.lock", summary="锁定试卷集（须另一人）")
async def lock_set(paper_set_id: str, tx: Tx, who: Who) -> PaperSetAnswer:
    """Lock the set for good: the second person."""
    return _answer(await service.lock(tx, who, paper_set_id))


@router.get("/sets/{paper_set_id}/coverage", name="papers.sets.coverage", summary="覆盖、难度与曝光统计")
async def read_coverage(paper_set_id: str, tx: Tx) -> CoverageAnswer:
    """Return the figures for the charts of a generated set."""
    paper_set = await service.access_set(tx, paper_set_id)
    if paper_set.coverage is None:
        raise PaperSetNotGenerated
    return CoverageAnswer.model_validate(paper_set.coverage)


def _answer(paper_set: PaperSet) -> PaperSetAnswer:
    blueprint = paper_set.blueprint
    return PaperSetAnswer(
        id=paper_set.id,
        title=blueprint.title,
        subject_code=blueprint.subject_code,
        blueprint_id=paper_set.blueprint_id,
        blueprint=blueprint,
        state=paper_set.state,
        next_states=sorted(MOVES[paper_set.state]),
        question_count=blueprint.question_count,
        item_count=blueprint.item_count,
        points=blueprint.points,
        expected_people=paper_set.expected_people,
        pool_count=paper_set.pool_count,
        pool_digest=paper_set.pool_digest,
        algorithm=paper_set.algorithm,
        paper_count=paper_set.paper_count,
        sample_count=0 if paper_set.state is PaperSetState.DRAFT else SAMPLES,
        created_by=paper_set.created_by,
        created_at=paper_set.created_at,
        generated_at=paper_set.generated_at,
        proofed_by=paper_set.proofed_by,
        proofed_at=paper_set.proofed_at,
        locked_by=paper_set.locked_by,
        locked_at=paper_set.locked_at,
        sealed_at=paper_set.sealed_at,
    )
