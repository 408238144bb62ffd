"""Grading runs: begun, looked at, released by two persons."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel, Field

from invigil.judge.grading.model import Correction, Run, RunState
from invigil.judge.grading.service import releasing
from invigil.judge.grading.service import runs as service
from invigil.judge.grading.store.runs import list_runs
from invigil.kernel.ids import SittingId
from invigil.platform.http import ManagementRouter, Tx, Who, ports_of
from invigil.prepare.exams.api import access_sitting

router = ManagementRouter(prefix="/api/grading", tags=["grading"])


class RunAnswer(BaseModel):
    """A grading run. corrections: all in force, those of earlier runs first. needs_board: only a board official may approve."""

    id: str
    sitting_id: str
    number: int
    state: RunState
    reason: str
    corrections: list[Correction]
    people: int
    passed: int
    begun_by: str
    begun_at: datetime
    graded_at: datetime | None
    proposed_by: str
    proposed_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    withdrawn_reason: str
    needs_board: bool


class RunList(BaseModel):
    """The runs of a sitting, first one first."""

    items: list[RunAnswer]


class NewRun(BaseModel):
    """Why the sitting is graded (again), and which keys are corrected; no personal data."""

    reason: str = Field(min_length=2, max_length=400)
    corrections: list[Correction] = Field(default_factory=list, max_length=200)


class StartedRun(BaseModel):
    """The run, and the background job that carries it out: follow it at /api/jobs/{job_id}."""

    run: RunAnswer
    job_id: str


class RunReason(BaseModel):
    """Why; it goes into the record, so no personal data."""

    reason: str = Field(min_length=2, max_length=400)


@router.get("/sittings/{sitting_id}/runs", name="grading.runs.list", summary="评分轮次")
async def list_of_sitting(sitting_id: SittingId, tx: Tx) -> RunList:
    """List the runs of a sitting."""
    await access_sitting(tx, sitting_id)
    found = await list_runs(tx, sitting_id)
    waiting = await releasing.list_waiting_for_board(tx, found)
    return RunList(items=[answer_run(run, needs_board=run.id in waiting) for run in found])


@router.post("/sittings/{sitting_id}/runs", name="grading.runs.begin", summary="开始评分或重新评分", status_code=202)
async def begin_run(sitting_id: SittingId, form: NewRun, request: Request, tx: Tx, who: Who) -> StartedRun:
    """Grade a closed sitting; with corrections it is graded anew and the earlier results stay as they are."""
    run, job_id = await service.begin_run(
        tx, ports_of(request).jobs, who, sitting_id, reason=form.reason, corrections=form.corrections
    )
    return StartedRun(run=answer_run(run), job_id=job_id)


@router.get("/runs/{run_id}", name="grading.runs.read", summary="一轮评分")
async def read_run(run_id: str, tx: Tx) -> RunAnswer:
    """Return one run."""
    run = await service.access_run(tx, run_id)
    return answer_run(run, needs_board=bool(await releasing.list_waiting_for_board(tx, [run])))


@router.post("/runs/{run_id}/abandonment", name="grading.runs.abandon", summary="放弃未完成的评分")
async def abandon_run(run_id: str, form: RunReason, tx: Tx, who: Who) -> RunAnswer:
    """Give up a run that is not finished."""
    return answer_run(await service.abandon(tx, who, run_id, form.reason))


@router.post("/runs/{run_id}/proposal", name="grading.release.propose", summary="提出发布成绩")
async def propose_release(run_id: str, tx: Tx, who: Who) -> RunAnswer:
    """Ask for the release: the first of two persons."""
    run = await releasing.propose_release(tx, who, run_id)
    return answer_run(run, needs_board=bool(await releasing.list_waiting_for_board(tx, [run])))


@router.delete("/runs/{run_id}/proposal", name="grading.release.take_back", summary="撤回发布申请")
async def take_back_proposal(run_id: str, tx: Tx, who: Who) -> RunAnswer:
    """Take the proposal back."""
    return answer_run(await releasing.take_back_proposal(tx, who, run_id))


@router.post("/runs/{run_id}/approval", name="grading.release.approve", summary="批准发布成绩（须另一人）")
async def approve_release(run_id: str, tx: Tx, who: Who) -> RunAnswer:
    """Release the results: the second person."""
    return answer_run(await releasing.approve_release(tx, who, run_id))


@router.post("/runs/{run_id}/withdrawal", name="grading.release.withdraw", summary="撤回已发布的成绩")
async def withdraw_release(run_id: str, form: RunReason, tx: Tx, who: Who) -> RunAnswer:
    """Withdraw released results, with a reason."""
    return answer_run(await releasing.withdraw_release(tx, who, run_id, form.reason))


def answer_run(run: Run, *, needs_board: bool = False) -> RunAnswer:
    """Return the run as it is shown. needs_board: of a proposed run."""
    return RunAnswer(
        id=run.id,
        sitting_id=run.sitting_id,
        number=run.number,
        state=run.state,
        reason=run.reason,
        corrections=list(run.corrections),
        people=run.people,
        passed=run.passed,
        begun_by=run.begun_by,
        begun_at=run.begun_at,
        graded_at=run.graded_at,
        proposed_by=run.proposed_by,
        proposed_at=run.proposed_at,
        approved_by=run.approved_by,
        approved_at=run.approved_at,
        withdrawn_reason=run.withdrawn_reason,
        needs_board=needs_board,
    )
