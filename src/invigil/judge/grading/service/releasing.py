"""Results leave the system only when two persons agree, one of them a board official: one proposes, the other approves."""

from collections.abc import Iterable

from invigil.base.accounts.api import list_staff
from invigil.judge.grading.model import Run, RunState
from invigil.judge.grading.rules.release import check_move, check_origin, check_two_persons, needs_board_approval
from invigil.judge.grading.service.runs import access_run, move
from invigil.judge.grading.store.runs import list_runs
from invigil.kernel.principals import Principal, Role
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

    Raises: RunNotFound; RunCannotMove; ReleaseNeedsAnotherPerson; ReleaseNeedsBoard. Source: C5.5, P8.
    """
    run = await access_run(tx, run_id)
    check_move(run.state, RunState.RELEASED)
    proposer_roles = await _read_roles(tx, run.proposed_by)
    check_two_persons(
        proposed_by=run.proposed_by, proposer_roles=proposer_roles, approved_by=who.id, approver_roles=who.roles
    )
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


async def list_waiting_for_board(tx: Transaction, runs: Iterable[Run]) -> set[str]:
    """Return the ids of the proposed runs that only a board official may approve."""
    proposed = [run for run in runs if run.state is RunState.PROPOSED]
    roles: dict[str, frozenset[Role]] = {one.id: one.roles for one in await list_staff(tx)} if proposed else {}
    return {run.id for run in proposed if needs_board_approval(roles.get(run.proposed_by, frozenset()))}


async def _read_roles(tx: Transaction, staff_id: str) -> frozenset[Role]:
    return next((one.roles for one in await list_staff(tx) if one.id == staff_id), frozenset())
