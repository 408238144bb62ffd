"""The life of a grading run up to its results: begun, graded, abandoned."""

from collections.abc import Sequence

from invigil.base.audit.api import record
from invigil.judge.grading.model import Correction, Run, RunState
from invigil.judge.grading.rules.keys import correct_keys, make_keys
from invigil.judge.grading.rules.refusals import CorrectionUnknown, RunInProgress, RunNotFound, SittingNotClosed
from invigil.judge.grading.rules.release import check_move
from invigil.judge.grading.store import runs as store
from invigil.kernel.ids import JobId, SittingId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.jobs import Jobs
from invigil.prepare.exams.api import Sitting, SittingState, access_sitting, compute_sitting_state
from invigil.prepare.papers.api import load_grading_set, open_answer_keys

# The job's name; `jobs` declares it.
GRADING = "grading.sitting.grade"
OVER = frozenset({SittingState.CLOSED, SittingState.GRADED, SittingState.RELEASED})


async def access_run(tx: Transaction, run_id: str) -> Run:
    """Return a run.

    Raises: RunNotFound.
    """
    run = await store.find_run(tx, run_id)
    if run is None:
        raise RunNotFound
    return run


async def begin_run(
    tx: Transaction,
    jobs: Jobs,
    who: Principal,
    sitting_id: SittingId,
    *,
    reason: str,
    corrections: Sequence[Correction] = (),
) -> tuple[Run, JobId]:
    """Begin the next run of a sitting, with the corrections of the runs before and these; a job carries it out.

    reason: kept with the run, no personal data.
    Raises: SittingNotFound; SittingNotClosed; RunInProgress; CorrectionUnknown; CorrectionUnsuitable.
    """
    await tx.lock(f"grading/{sitting_id}")
    sitting = await access_sitting(tx, sitting_id)
    if compute_sitting_state(sitting, tx.now) not in OVER:
        raise SittingNotClosed
    known = await store.list_runs(tx, sitting_id)
    for run in known:
        if run.state is RunState.GRADING:
            raise RunInProgress(number=run.number)
    await _check_corrections(tx, sitting, corrections)
    in_force = (*_last_corrections(known), *corrections)
    run = _new_run(tx, who, sitting_id, number=len(known) + 1, reason=reason, corrections=in_force)
    await store.insert_run(tx, run)
    details = {"sitting": sitting_id, "number": run.number, "corrections": len(corrections)}
    await record(tx, who, act="grading.run.begin", on=run.id, details=details)
    title = Words(f"评分：{sitting.title}（第 {run.number} 轮）", f"Grade: {sitting.title} (run {run.number})")
    return run, await jobs.enqueue(tx, GRADING, {"run_id": run.id}, owner=who, title=title)


def _last_corrections(known: Sequence[Run]) -> tuple[Correction, ...]:
    """Return the corrections of the newest run that was graded; abandoned runs never were."""
    graded = [run for run in known if run.graded_at is not None]
    return graded[-1].corrections if graded else ()


def _new_run(
    tx: Transaction,
    who: Principal,
    sitting_id: SittingId,
    *,
    number: int,
    reason: str,
    corrections: tuple[Correction, ...],
) -> Run:
    return Run(
        id=new_id("grun"),
        sitting_id=sitting_id,
        number=number,
        state=RunState.GRADING,
        reason=reason,
        corrections=corrections,
        people=0,
        passed=0,
        begun_by=who.id,
        begun_at=tx.now,
        graded_at=None,
        proposed_by="",
        proposed_at=None,
        approved_by="",
        approved_at=None,
        withdrawn_reason="",
    )


async def _check_corrections(tx: Transaction, sitting: Sitting, corrections: Sequence[Correction]) -> None:
    """Refuse a correction that no paper set of the sitting knows, or that does not suit its item."""
    unknown = {(one.version_id, one.part): one for one in corrections}
    for paper_set_id in filter(None, sitting.papers.values()) if corrections else ():
        pool = (await load_grading_set(tx, paper_set_id)).pool
        here = {question.version_id for question in pool.questions} & {one.version_id for one in corrections}
        keys = make_keys(pool, await open_answer_keys(tx, here))
        correct_keys(keys, pool, corrections, strict=False)
        for place, part in keys:
            unknown.pop((pool.questions[place].version_id, part), None)
    for one in unknown.values():
        raise CorrectionUnknown(version_id=one.version_id, part=one.part + 1)


async def abandon(tx: Transaction, who: Principal, run_id: str, reason: str) -> Run:
    """Give up a run that is not finished, so that another can begin. What it has written stays unused.

    Raises: RunNotFound; RunCannotMove.
    """
    run = await access_run(tx, run_id)
    return await move(tx, who, run, RunState.SUPERSEDED, act="grading.run.abandon", details={"reason": reason})


async def move(
    tx: Transaction,
    who: Principal,
    run: Run,
    step: RunState,
    *,
    act: str,
    values: dict[str, object] | None = None,
    details: dict[str, object] | None = None,
) -> Run:
    """Take a step and record it.

    Raises: RunCannotMove - the state does not allow it, or somebody was faster.
    """
    check_move(run.state, step)
    if not await store.move_run(tx, run.id, run.state, step, values):
        check_move((await access_run(tx, run.id)).state, step)
    await record(
        tx, who, act=act, on=run.id, details={"sitting": run.sitting_id, "number": run.number, **(details or {})}
    )
    return await access_run(tx, run.id)
