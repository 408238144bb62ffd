"""Legal holds: what must not be deleted while a dispute goes on."""

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId, SittingId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.api import access_sitting
from invigil.serve.recordings import store
from invigil.serve.recordings.model import Hold
from invigil.serve.recordings.rules.refusals import AlreadyHeld, HoldNotFound
from invigil.sit.answering.api import AttemptNotFound, access_attempt


async def set_hold(
    tx: Transaction, who: Principal, sitting_id: SittingId, attempt_id: AttemptId | None, reason: str
) -> Hold:
    """Keep the recordings of one candidate, or of the whole sitting, from being deleted.

    Raises: SittingNotFound; AttemptNotFound - also an attempt of another sitting; AlreadyHeld.
    """
    await access_sitting(tx, sitting_id)
    if attempt_id is not None and (await access_attempt(tx, attempt_id)).sitting_id != sitting_id:
        raise AttemptNotFound
    await tx.lock(f"recordings.hold/{sitting_id}")
    in_force = [one for one in await store.list_holds(tx, sitting_id) if one.lifted_at is None]
    if any(one.attempt_id == attempt_id for one in in_force):
        raise AlreadyHeld
    hold = Hold(new_id("hold"), sitting_id, attempt_id, reason, StaffId(who.id), tx.now, None, None)
    await store.insert_hold(tx, hold)
    details = {"sitting": sitting_id, "attempt": attempt_id or ""}
    await record(tx, who, act="recordings.hold.set", on=hold.id, details=details)
    return hold


async def lift_hold(tx: Transaction, who: Principal, sitting_id: SittingId, hold_id: str) -> None:
    """End a hold; deletion goes on by its own date.

    Raises: HoldNotFound.
    """
    known = {one.id for one in await store.list_holds(tx, sitting_id)}
    if hold_id not in known or not await store.lift_hold(tx, hold_id, who.id):
        raise HoldNotFound
    await record(tx, who, act="recordings.hold.lift", on=hold_id, details={"sitting": sitting_id})
