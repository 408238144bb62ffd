"""SQL of paper sets: the set, its sealed material, its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from invigil.kernel.ids import PaperSetId
from invigil.platform.db import Transaction
from invigil.prepare.papers.model import Blueprint, PaperSet, PaperSetState
from invigil.prepare.papers.store.tables import sets

_MATERIAL = ("seed", "key", "pool", "plan")
_SHOWN = [column for column in sets.c if column.name not in _MATERIAL]


@dataclass(frozen=True, slots=True, repr=False)
class SealedMaterial:
    """The material as it is kept: seed and key sealed."""

    seed: bytes
    key: bytes
    pool: list[list[Any]]
    plan: Mapping[str, Any]


async def insert_set(tx: Transaction, paper_set: PaperSet) -> None:
    """Write a draft."""
    await tx.execute(
        insert(sets).values(
            id=paper_set.id,
            blueprint_id=paper_set.blueprint_id,
            subject_code=paper_set.blueprint.subject_code,
            title=paper_set.blueprint.title,
            blueprint=paper_set.blueprint.model_dump(mode="json"),
            state=paper_set.state,
            expected_people=paper_set.expected_people,
            algorithm=paper_set.algorithm,
            seed=b"",
            key=b"",
            pool_digest="",
            pool_count=0,
            paper_count=0,
            created_by=paper_set.created_by,
            created_at=paper_set.created_at,
            proofed_by="",
            locked_by="",
        )
    )


async def find_set(tx: Transaction, paper_set_id: str) -> PaperSet | None:
    """Return a set without its material."""
    row = (await tx.execute(select(*_SHOWN).where(sets.c.id == paper_set_id))).first()
    return None if row is None else _set(row)


async def search_sets(
    tx: Transaction, *, q: str, subject_code: str, state: str, offset: int, limit: int
) -> tuple[list[PaperSet], int]:
    """Return one page, newest first, and the total; empty filters match everything."""
    conditions: list[ColumnElement[bool]] = []
    if q:
        conditions.append(or_(sets.c.title.contains(q, autoescape=True), sets.c.subject_code == q))
    if subject_code:
        conditions.append(sets.c.subject_code == subject_code)
    if state:
        conditions.append(sets.c.state == state)
    total = (await tx.execute(select(func.count()).select_from(sets).where(*conditions))).scalar_one()
    page = select(*_SHOWN).where(*conditions).order_by(sets.c.created_at.desc(), sets.c.id.desc())
    rows = await tx.execute(page.offset(offset).limit(limit))
    return [_set(row) for row in rows.all()], total


async def move_set(
    tx: Transaction,
    paper_set_id: str,
    state: PaperSetState,
    step: PaperSetState,
    values: Mapping[str, object] | None = None,
) -> bool:
    """Take a step from exactly this state, with the columns that go with it; False when the state is another by now."""
    changed = await tx.execute(
        update(sets).where(sets.c.id == paper_set_id, sets.c.state == state).values(state=step, **(values or {}))
    )
    return bool(changed.rowcount)


async def read_material(tx: Transaction, paper_set_id: str) -> SealedMaterial | None:
    """Return the sealed material; None in a draft or without such a set."""
    columns = [sets.c[name] for name in _MATERIAL]
    row = (await tx.execute(select(*columns).where(sets.c.id == paper_set_id))).first()
    if row is None or not row.key:
        return None
    return SealedMaterial(row.seed, row.key, row.pool, row.plan)


async def set_paper_count(tx: Transaction, paper_set_id: str, count: int) -> None:
    """Write how many papers have been dealt."""
    await tx.execute(update(sets).where(sets.c.id == paper_set_id).values(paper_count=count))


def _set(row: Row[Any]) -> PaperSet:
    return PaperSet(
        id=PaperSetId(row.id),
        blueprint_id=row.blueprint_id,
        blueprint=Blueprint.model_validate(row.blueprint),
        state=PaperSetState(row.state),
        expected_people=row.expected_people,
        algorithm=row.algorithm,
        pool_digest=row.pool_digest,
        pool_count=row.pool_count,
        coverage=row.coverage,
        paper_count=row.paper_count,
        created_by=row.created_by,
        created_at=row.created_at,
        generated_at=row.generated_at,
        proofed_by=row.proofed_by,
        proofed_at=row.proofed_at,
        locked_by=row.locked_by,
        locked_at=row.locked_at,
        sealed_at=row.sealed_at,
    )
