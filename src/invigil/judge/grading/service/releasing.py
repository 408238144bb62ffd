"""Results leave the system only when two persons agree: one proposes, another approves."""

from invigil.judge.grading.model import Run, RunState
from invigil.judge.grading.rules.release import check_move, check_origin, check_second_person
from invigil.judge.grading.service.runs import access_run, move
from invigil.judge.grading.store.runs import list_runs
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import SittingState, access_sitting, record_transition


async def propose_release(tx: Transaction, who: Principal, run_id: str) -> Run:
    """Ask for the release of a graded run; the first person.

    Raises: RunNotFound; RunCannotMove.
    """
    values: dict[str, object] = {"proposed_by": who.id, "proposed_at": tx.now}
    run = await access_run(tx, run_id)
    return await move(tx, who, run, RunState.PROPOSED, act="grading.release.propose", values=values)


async def take_back_proposal(tx: Transaction, who: Principal, run_id: str) -> Run:
    """Take a proposal back, one's own or another's.

    Raises: RunNotFound; RunCannotMove.
    """
    run = await access_run(tx, run_id)
    check_origin(run.state, RunState.PROPOSED, RunState.GRADED)
    values: dict[str, object] = {"proposed_by": "", "proposed_at": None}
    return await move(tx, who, run, RunState.GRADED, act="grading.release.take_back", values=values)


async def approve_release(tx: Transaction, who: Principal, run_id: str) -> Run:
    """Release the results; the second person. The run released before, if any, is superseded.

    Raises: RunNotFound; RunCannotMove; ReleaseNeedsAnotherPerson. Source: C5.5, P8.
    """
    run = await access_run(tx, run_id)
    check_move(run.state, RunState.RELEASED)
    check_second_person(run.proposed_by, who.id)
    for other in await list_runs(tx, run.sitting_id):
        if other.state is RunState.RELEASED:
            await move(tx, who, other, RunState.SUPERSEDED, act="grading.run.supersede")
    values: dict[str, object] = {"approved_by": who.id, "approved_at": tx.now, "withdrawn_reason": ""}
    released = await move(tx, who, run, RunState.RELEASED, act="grading.release.approve", values=values)
    if (await access_sitting(tx, run.sitting_id)).state is SittingState.GRADED:
        await record_transition(tx, who, run.sitting_id, SittingState.RELEASED)
    return released


async def withdraw_release(tx: Transaction, who: Principal, run_id: str, reason: str) -> Run:
    """Withdraw released results, with a reason; candidates see nothing until something is released again.

    Raises: RunNotFound; RunCannotMove.
    """
    run = await access_run(tx, run_id)
    check_origin(run.state, RunState.RELEASED, RunState.GRADED)
    values: dict[str, object] = {
        "withdrawn_reason": reason,
        "proposed_by": "",
        "proposed_at": None,
        "approved_by": "",
        "approved_at": None,
    }
    details: dict[str, object] = {"reason": reason}
    withdrawn = await move(
        tx, who, run, RunState.GRADED, act="grading.release.withdraw", values=values, details=details
    )
    if (await access_sitting(tx, run.sitting_id)).state is SittingState.RELEASED:
        await record_transition(tx, who, run.sitting_id, SittingState.GRADED, reason=reason)
    return withdrawn
