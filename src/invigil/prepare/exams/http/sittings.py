"""Sittings: drafts, the lock by two persons, opening."""

from fastapi import Request

from invigil.kernel.ids import ExamId, SittingId
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Tx, Who, ports_of
from invigil.prepare.exams.http.schemas import (
    NewSittingForm,
    SittingAnswer,
    SittingDetail,
    SittingForm,
    StartedDealing,
    TypedForm,
    VersionForm,
    plan_of,
)
from invigil.prepare.exams.model import PROFILES, Sitting, SittingRules
from invigil.prepare.exams.service import moving
from invigil.prepare.exams.service import sittings as service
from invigil.prepare.exams.service.exams import access_exam
from invigil.prepare.exams.service.papers import leave_dealing_for
from invigil.prepare.exams.store.sittings import list_transitions

router = ManagementRouter(tags=["exams"])


@router.get("/api/exams/{exam_id}/sittings", name="exams.sittings.list", summary="考试场次")
async def list_sittings(exam_id: ExamId, tx: Tx) -> list[SittingAnswer]:
    """List the sittings of an examination by start."""
    await access_exam(tx, exam_id)
    return [SittingAnswer.of(one, tx.now) for one in await service.list_sittings_of_exam(tx, exam_id)]


@router.post("/api/exams/{exam_id}/sittings", name="exams.sittings.create", summary="新建场次", status_code=201)
async def create_sitting(exam_id: ExamId, form: NewSittingForm, tx: Tx, who: Who) -> SittingDetail:
    """Make a draft; without rules it takes those of the examination's profile."""
    exam = await access_exam(tx, exam_id)
    profile = PROFILES.get(exam.profile)
    plan = plan_of(form, SittingRules() if profile is None else profile.rules)
    return await _detail(tx, await service.create_sitting(tx, who, exam_id, plan))


@router.get("/api/sittings/{sitting_id}", name="exams.sittings.show", summary="场次详情")
async def show_sitting(sitting_id: SittingId, tx: Tx) -> SittingDetail:
    """Show a sitting with its rules, the ways out of its state and the steps it took."""
    return await _detail(tx, await service.access_sitting(tx, sitting_id))


@router.put("/api/sittings/{sitting_id}", name="exams.sittings.edit", summary="修改场次")
async def edit_sitting(sitting_id: SittingId, form: SittingForm, tx: Tx, who: Who) -> SittingDetail:
    """Change a draft; without rules it keeps its own."""
    before = await service.access_sitting(tx, sitting_id)
    plan = plan_of(form, before.rules)
    return await _detail(tx, await service.edit_sitting(tx, who, sitting_id, plan, version=form.version))


@router.delete("/api/sittings/{sitting_id}", name="exams.sittings.delete", summary="删除场次草稿", status_code=204)
async def delete_sitting(sitting_id: SittingId, tx: Tx, who: Who) -> None:
    """Delete a draft that was never locked."""
    await service.delete_sitting(tx, who, sitting_id)


@router.post("/api/sittings/{sitting_id}/lock-proposal", name="exams.sittings.propose_lock", summary="提出锁定场次")
async def propose_lock(sitting_id: SittingId, form: VersionForm, tx: Tx, who: Who) -> SittingDetail:
    """Ask another administrator to lock this version."""
    return await _detail(tx, await moving.propose_lock(tx, who, sitting_id, version=form.version))


@router.post("/api/sittings/{sitting_id}/lock", name="exams.sittings.lock", summary="确认锁定场次（第二人）")
async def lock_sitting(sitting_id: SittingId, form: VersionForm, tx: Tx, who: Who) -> SittingDetail:
    """Confirm the lock somebody else proposed."""
    return await _detail(tx, await moving.lock_sitting(tx, who, sitting_id, version=form.version))


@router.post("/api/sittings/{sitting_id}/unlock", name="exams.sittings.unlock", summary="解除场次锁定")
async def unlock_sitting(sitting_id: SittingId, form: TypedForm, tx: Tx, who: Who) -> SittingDetail:
    """Make a locked sitting a draft again; the examination's title must be typed."""
    moved = await moving.unlock_sitting(tx, who, sitting_id, reason=form.reason, typed_title=form.typed_title)
    return await _detail(tx, moved)


@router.post("/api/sittings/{sitting_id}/opening", name="exams.sittings.open", summary="开放场次")
async def open_sitting(sitting_id: SittingId, request: Request, tx: Tx, who: Who) -> SittingDetail:
    """Let candidates in; needs the registered agreement and locked papers. Candidates without a paper are dealt one by a job."""
    opened = await moving.open_sitting(tx, who, sitting_id)
    await leave_dealing_for(tx, ports_of(request).jobs, who, opened)
    return await _detail(tx, opened)


@router.post(
    "/api/sittings/{sitting_id}/dealing", name="exams.sittings.deal", summary="为考生生成试卷", status_code=202
)
async def deal_papers(sitting_id: SittingId, request: Request, tx: Tx, who: Who) -> StartedDealing:
    """Deal sealed papers to everybody registered for the sitting's subjects who has none; nobody's paper changes."""
    sitting = await service.access_sitting(tx, sitting_id)
    return StartedDealing(job_id=await leave_dealing_for(tx, ports_of(request).jobs, who, sitting))


@router.post("/api/sittings/{sitting_id}/opening-withdrawal", name="exams.sittings.withdraw", summary="撤回场次开放")
async def withdraw_opening(sitting_id: SittingId, form: TypedForm, tx: Tx, who: Who) -> SittingDetail:
    """Shut a sitting opened by mistake, before T0; the examination's title must be typed."""
    moved = await moving.withdraw_opening(tx, who, sitting_id, reason=form.reason, typed_title=form.typed_title)
    return await _detail(tx, moved)


async def _detail(tx: Transaction, sitting: Sitting) -> SittingDetail:
    return SittingDetail.with_steps(sitting, tx.now, await list_transitions(tx, sitting.id))
