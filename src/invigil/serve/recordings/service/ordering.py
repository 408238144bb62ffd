"""Ordering a package: checked, recorded, entered in the register, left to a job."""

from invigil.base.audit.api import record
from invigil.kernel.ids import SittingId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.jobs import Jobs
from invigil.serve.exports.api import say_actor
from invigil.serve.recordings import store
from invigil.serve.recordings.model import SCOPES, Package, Scope
from invigil.serve.recordings.rules.refusals import NothingRecorded
from invigil.serve.recordings.service.making import plan_package

MAKE = "recordings.package.make"


async def order_package(
    tx: Transaction, who: Principal, jobs: Jobs, *, scope: Scope, scope_id: str, purpose: str
) -> Package:
    """Enter a package in the register and leave its making to a job.

    Raises: AttemptNotFound; NothingRecorded.
    Source: S4.7, N.
    """
    plan = await plan_package(tx, scope, scope_id)
    if not any(attempt.films for attempt in plan):
        raise NothingRecorded
    package_id = new_id("pkg")
    title = Words(f"制作录像包（{SCOPES[scope].zh}）", f"Make a package of recordings ({SCOPES[scope].en})")
    job_id = await jobs.enqueue(tx, MAKE, {"package_id": package_id}, owner=who, title=title)
    package = Package(
        id=package_id,
        sitting_id=SittingId(plan[0].attempt.sitting_id),
        scope=scope,
        scope_id=scope_id,
        purpose=purpose,
        job_id=job_id,
        ordered_by=say_actor(who),
        ordered_by_name=who.display_name,
        ordered_at=tx.now,
    )
    await store.insert_package(tx, package)
    details = {"scope": scope, "scope_id": scope_id, "purpose": purpose, "candidates": len(plan)}
    await record(tx, who, act="recordings.package.order", on=package_id, details=details)
    return package
