"""The life of a paper set: draft, generated, proofed, locked by another person."""

import asyncio
from typing import Any, NamedTuple

from invigil.base.audit.api import record
from invigil.kernel.ids import JobId, PaperSetId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id, new_secret
from invigil.platform.jobs import Jobs
from invigil.prepare.papers.model import Blueprint, PaperSet, PaperSetState, Pool
from invigil.prepare.papers.rules.coverage import describe_coverage
from invigil.prepare.papers.rules.draws import ALGORITHM
from invigil.prepare.papers.rules.planning import Plan, document_of_plan, make_plan
from invigil.prepare.papers.rules.refusals import BlueprintInfeasible, PaperSetNotFound
from invigil.prepare.papers.rules.sealing import check_move, check_second_person
from invigil.prepare.papers.service.bank import Snapshot, take_snapshot
from invigil.prepare.papers.service.blueprints import access_blueprint
from invigil.prepare.papers.service.material import digest_of_pool, document_of_pool, seal_key, seal_seed
from invigil.prepare.papers.store import sets as store

# More reasons than these nobody reads in one sentence; the live check shows all of them.
MOST_REASONS = 5
# The job's name; `jobs` declares it.
GENERATING = "papers.set.generate"


class Drawn(NamedTuple):
    """What generating computes before anything is written."""

    pool: Pool
    plan: Plan
    seed: bytes
    coverage: dict[str, Any]


async def create_set(tx: Transaction, who: Principal, blueprint_id: str, expected_people: int) -> PaperSet:
    """Make a draft from the blueprint as it is now.

    Raises: BlueprintNotFound.
    """
    stored = await access_blueprint(tx, blueprint_id)
    paper_set = PaperSet(
        id=PaperSetId(new_id("pset")),
        blueprint_id=stored.id,
        blueprint=stored.blueprint,
        state=PaperSetState.DRAFT,
        expected_people=expected_people,
        algorithm=ALGORITHM,
        pool_digest="",
        pool_count=0,
        coverage=None,
        paper_count=0,
        created_by=who.id,
        created_at=tx.now,
        generated_at=None,
        proofed_by="",
        proofed_at=None,
        locked_by="",
        locked_at=None,
        sealed_at=None,
    )
    await store.insert_set(tx, paper_set)
    await record(tx, who, act="papers.set.create", on=paper_set.id, details={"blueprint": stored.id})
    return paper_set


async def access_set(tx: Transaction, paper_set_id: str) -> PaperSet:
    """Return a set without its material.

    Raises: PaperSetNotFound.
    """
    paper_set = await store.find_set(tx, paper_set_id)
    if paper_set is None:
        raise PaperSetNotFound
    return paper_set


async def leave_generation(tx: Transaction, jobs: Jobs, who: Principal, paper_set_id: str) -> JobId:
    """Leave the generating of a draft to a job.

    Raises: PaperSetNotFound; PaperSetCannotMove - not a draft.
    """
    paper_set = await access_set(tx, paper_set_id)
    check_move(paper_set.state, PaperSetState.GENERATED)
    title = Words(f"组卷：{paper_set.blueprint.title}", f"Make a paper set: {paper_set.blueprint.title}")
    return await jobs.enqueue(tx, GENERATING, {"paper_set_id": paper_set_id}, owner=who, title=title)


async def begin_generation(tx: Transaction, paper_set_id: str) -> tuple[PaperSet, Snapshot]:
    """Return the draft and the pool as it is now.

    Raises: PaperSetNotFound; PaperSetCannotMove - not a draft; PoolTooLarge.
    """
    paper_set = await access_set(tx, paper_set_id)
    check_move(paper_set.state, PaperSetState.GENERATED)
    return paper_set, await take_snapshot(tx, paper_set.blueprint.subject_code)


async def draw_up(paper_set: PaperSet, snapshot: Snapshot) -> Drawn:
    """Plan the set, draw its seed, forecast its exposure. Computes in a thread.

    Raises: BlueprintInfeasible - with what is missing.
    """
    return await asyncio.to_thread(_draw_up, paper_set.blueprint, snapshot, paper_set.expected_people)


def _draw_up(blueprint: Blueprint, snapshot: Snapshot, people: int) -> Drawn:
    found = make_plan(blueprint, snapshot.pool)
    if found.plan is None:
        shown = found.shortages[:MOST_REASONS]
        raise BlueprintInfeasible(
            reasons_zh="；".join(shortage.zh for shortage in shown),
            reasons_en="; ".join(shortage.en for shortage in shown),
            count=len(found.shortages),
        )
    seed = new_secret()
    coverage = describe_coverage(blueprint, snapshot.pool, found.plan, seed=seed, people=people)
    return Drawn(snapshot.pool, found.plan, seed, coverage | {"repeated": snapshot.repeated})


async def keep_drawn(tx: Transaction, who: Principal, paper_set: PaperSet, drawn: Drawn) -> None:
    """Write the material: seed and a fresh key, both sealed, the pool snapshot and the plan.

    Raises: PaperSetCannotMove - somebody was faster.
    """
    await _move(
        tx,
        who,
        await access_set(tx, paper_set.id),
        PaperSetState.GENERATED,
        seed=seal_seed(tx, paper_set.id, drawn.seed),
        key=seal_key(tx, paper_set.id, new_secret()),
        pool=document_of_pool(drawn.pool),
        pool_digest=digest_of_pool(drawn.pool),
        pool_count=len(drawn.pool.questions),
        plan=document_of_plan(drawn.plan),
        coverage=drawn.coverage,
        generated_at=tx.now,
    )


async def discard(tx: Transaction, who: Principal, paper_set_id: str) -> PaperSet:
    """Throw away what was generated; the next generation draws a new seed and a new pool.

    Raises: PaperSetNotFound; PaperSetCannotMove - locked already.
    """
    nothing = {"seed": b"", "key": b"", "pool": None, "plan": None, "coverage": None, "generated_at": None}
    reset = {"pool_digest": "", "pool_count": 0, "proofed_by": "", "proofed_at": None}
    return await _move(tx, who, await access_set(tx, paper_set_id), PaperSetState.DRAFT, **nothing, **reset)


async def proof(tx: Transaction, who: Principal, paper_set_id: str) -> PaperSet:
    """State that the samples were read and are right; the first of two persons.

    Raises: PaperSetNotFound; PaperSetCannotMove.
    """
    paper_set = await access_set(tx, paper_set_id)
    return await _move(tx, who, paper_set, PaperSetState.PROOFED, proofed_by=who.id, proofed_at=tx.now)


async def lock(tx: Transaction, who: Principal, paper_set_id: str) -> PaperSet:
    """Lock a proofed set for good; the second person. Source: C5.5.

    Raises: PaperSetNotFound; PaperSetCannotMove; NeedsAnotherPerson.
    """
    paper_set = await access_set(tx, paper_set_id)
    check_move(paper_set.state, PaperSetState.LOCKED)
    check_second_person(paper_set.proofed_by, who.id)
    return await _move(tx, who, paper_set, PaperSetState.LOCKED, locked_by=who.id, locked_at=tx.now)


async def seal(tx: Transaction, who: Principal, paper_set: PaperSet) -> None:
    """Note that candidates' papers exist, so the set is used; nothing happens to a set that is sealed already."""
    if paper_set.state is not PaperSetState.SEALED:
        await _move(tx, who, paper_set, PaperSetState.SEALED, sealed_at=tx.now)


async def _move(
    tx: Transaction, who: Principal, paper_set: PaperSet, step: PaperSetState, **values: object
) -> PaperSet:
    check_move(paper_set.state, step)
    if not await store.move_set(tx, paper_set.id, paper_set.state, step, values):
        check_move((await access_set(tx, paper_set.id)).state, step)
    await record(tx, who, act=f"papers.set.{step}", on=paper_set.id)
    return await access_set(tx, paper_set.id)
