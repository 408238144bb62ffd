"""Blueprints: keeping them, and checking them against the bank while they are written."""

from collections import Counter
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from invigil.platform.http import ManagementRouter, Page, Paging, SelfCommittingRouter, Tx, Who, paging_of, ports_of
from invigil.prepare.papers.model import Blueprint, PointsText, QuestionType, Shortage, StoredBlueprint
from invigil.prepare.papers.service import blueprints as service
from invigil.prepare.papers.store.blueprints import search_blueprints

router = ManagementRouter(prefix="/api/papers", tags=["papers"])
# Checking computes for up to a second and writes nothing: it must not hold a writing transaction meanwhile.
checking_router = SelfCommittingRouter(prefix="/api/papers", tags=["papers"])


class BlueprintAnswer(BaseModel):
    """A blueprint with its totals. version: send it back with an edit."""

    id: str
    version: int
    blueprint: Blueprint
    question_count: int
    item_count: int
    points: PointsText
    created_by: str
    created_at: datetime
    edited_at: datetime


class BlueprintEdit(BaseModel):
    """An edit of the version that was read."""

    version: int = Field(ge=1)
    blueprint: Blueprint


class FeasibilityAnswer(BaseModel):
    """Whether the bank can fill the blueprint now.

    shortages: empty when it can. mean_difficulty: hundredths of a level, the same for every paper; null when it cannot.
    repeated: questions left out because an equal one is in the pool.
    """

    is_feasible: bool
    shortages: list[Shortage]
    pool_count: int
    repeated: int
    mean_difficulty: int | None
    question_count: int
    item_count: int
    points: PointsText


class PoolCell(BaseModel):
    """How many questions the pool has of one type, knowledge area and difficulty; item_count: items of each question."""

    type: QuestionType
    item_count: int
    knowledge_area: str
    difficulty: int
    count: int


class PoolAnswer(BaseModel):
    """What a blueprint of the subject draws from now."""

    subject_code: str
    count: int
    repeated: int
    cells: list[PoolCell]


@router.get("/blueprints", name="papers.blueprints.list", summary="组卷方案列表")
async def list_blueprints(
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    subject_code: Annotated[str, Query(max_length=20)] = "",
) -> Page[BlueprintAnswer]:
    """List blueprints that are not archived, last edited first."""
    found, total = await search_blueprints(
        tx, q=paging.q, subject_code=subject_code, offset=paging.offset, limit=paging.page_size
    )
    return Page(items=[_answer(one) for one in found], total=total, page=paging.page, page_size=paging.page_size)


@router.post("/blueprints", name="papers.blueprints.create", summary="新建组卷方案", status_code=201)
async def create_blueprint(blueprint: Blueprint, tx: Tx, who: Who) -> BlueprintAnswer:
    """Keep a new blueprint; it need not be feasible yet."""
    return _answer(await service.create_blueprint(tx, who, blueprint))


@checking_router.post("/blueprints/check", name="papers.blueprints.check", summary="检查组卷方案能否满足")
async def check_blueprint(blueprint: Blueprint, request: Request) -> FeasibilityAnswer:
    """Say at once whether the bank can fill this blueprint, and if not exactly what is missing."""
    async with ports_of(request).db.reading() as tx:
        snapshot = await service.read_pool(tx, blueprint.subject_code)
    found = await service.check_blueprint(blueprint, snapshot)
    return FeasibilityAnswer(
        is_feasible=not found.shortages,
        shortages=list(found.shortages),
        pool_count=found.pool_count,
        repeated=found.repeated,
        mean_difficulty=found.mean_difficulty,
        question_count=blueprint.question_count,
        item_count=blueprint.item_count,
        points=blueprint.points,
    )


@router.get("/blueprints/{blueprint_id}", name="papers.blueprints.read", summary="组卷方案")
async def read_blueprint(blueprint_id: str, tx: Tx) -> BlueprintAnswer:
    """Return one blueprint."""
    return _answer(await service.access_blueprint(tx, blueprint_id))


@router.put("/blueprints/{blueprint_id}", name="papers.blueprints.edit", summary="修改组卷方案")
async def edit_blueprint(blueprint_id: str, form: BlueprintEdit, tx: Tx, who: Who) -> BlueprintAnswer:
    """Replace the version that was read; paper sets made before do not change."""
    return _answer(await service.edit_blueprint(tx, who, blueprint_id, form.version, form.blueprint))


@router.delete("/blueprints/{blueprint_id}", name="papers.blueprints.archive", summary="归档组卷方案", status_code=204)
async def archive_blueprint(blueprint_id: str, tx: Tx, who: Who) -> None:
    """Take a blueprint out of the offer; nothing is deleted."""
    await service.archive_blueprint(tx, who, blueprint_id)


@router.get("/pool", name="papers.pool.read", summary="科目题库构成")
async def read_pool(tx: Tx, subject_code: Annotated[str, Query(min_length=1, max_length=20)]) -> PoolAnswer:
    """Count the subject's active questions by type, knowledge area and difficulty, for writing quotas."""
    pool, repeated = await service.read_pool(tx, subject_code)
    cells = Counter((q.type, len(q.option_counts), q.knowledge_area, q.difficulty) for q in pool.questions)
    return PoolAnswer(
        subject_code=subject_code,
        count=len(pool.questions),
        repeated=repeated,
        cells=[
            PoolCell(type=kind, item_count=items, knowledge_area=area, difficulty=level, count=count)
            for (kind, items, area, level), count in sorted(cells.items())
        ],
    )


def _answer(stored: StoredBlueprint) -> BlueprintAnswer:
    return BlueprintAnswer(
        id=stored.id,
        version=stored.version,
        blueprint=stored.blueprint,
        question_count=stored.blueprint.question_count,
        item_count=stored.blueprint.item_count,
        points=stored.blueprint.points,
        created_by=stored.created_by,
        created_at=stored.created_at,
        edited_at=stored.edited_at,
    )
