"""Making, editing and checking blueprints."""

import asyncio
from typing import NamedTuple

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.papers.model import Blueprint, Shortage, StoredBlueprint
from invigil.prepare.papers.rules.planning import make_plan
from invigil.prepare.papers.rules.refusals import BlueprintChanged, BlueprintNotFound
from invigil.prepare.papers.service.bank import Snapshot, take_snapshot
from invigil.prepare.papers.store import blueprints as store


class CheckedBlueprint(NamedTuple):
    """What the live check says. mean_difficulty: hundredths, of every paper; None when infeasible."""

    shortages: tuple[Shortage, ...]
    pool_count: int
    repeated: int
    mean_difficulty: int | None


async def create_blueprint(tx: Transaction, who: Principal, blueprint: Blueprint) -> StoredBlueprint:
    """Keep a new blueprint; it need not be feasible yet."""
    stored = StoredBlueprint(new_id("bp"), blueprint, 1, who.id, tx.now, tx.now, None)
    await store.insert_blueprint(tx, stored)
    await record(tx, who, act="papers.blueprint.create", on=stored.id)
    return stored


async def edit_blueprint(
    tx: Transaction, who: Principal, blueprint_id: str, version: int, blueprint: Blueprint
) -> StoredBlueprint:
    """Replace version `version` of a blueprint; sets made before keep the blueprint they were made from.

    Raises: BlueprintNotFound; BlueprintChanged - the present version is another one.
    """
    await access_blueprint(tx, blueprint_id)
    if not await store.replace_blueprint(tx, blueprint_id, version, blueprint):
        raise BlueprintChanged
    await record(tx, who, act="papers.blueprint.edit", on=blueprint_id, details={"version": version + 1})
    return await access_blueprint(tx, blueprint_id)


async def archive_blueprint(tx: Transaction, who: Principal, blueprint_id: str) -> None:
    """Take a blueprint out of the offer; nothing is deleted.

    Raises: BlueprintNotFound.
    """
    await access_blueprint(tx, blueprint_id)
    await store.archive_blueprint(tx, blueprint_id, tx.now)
    await record(tx, who, act="papers.blueprint.archive", on=blueprint_id)


async def access_blueprint(tx: Transaction, blueprint_id: str) -> StoredBlueprint:
    """Return a blueprint that is on offer.

    Raises: BlueprintNotFound.
    """
    stored = await store.find_blueprint(tx, blueprint_id)
    if stored is None or stored.archived_at is not None:
        raise BlueprintNotFound
    return stored


async def check_blueprint(blueprint: Blueprint, snapshot: Snapshot) -> CheckedBlueprint:
    """Say whether the pool can fill the blueprint, and if not, exactly what is missing. Computes in a thread."""
    found = await asyncio.to_thread(make_plan, blueprint, snapshot.pool)
    difficulty = None if found.plan is None else found.plan.level_sum * 100 // found.plan.question_count
    return CheckedBlueprint(found.shortages, len(snapshot.pool.questions), snapshot.repeated, difficulty)


async def read_pool(tx: Transaction, subject_code: str) -> Snapshot:
    """Return what a blueprint of this subject would draw from now."""
    return await take_snapshot(tx, subject_code)
