"""Candidates: list, look, change."""

from typing import Annotated

from fastapi import Depends, Query

from invigil.kernel.ids import CandidateId, ExamId
from invigil.platform.http import ManagementRouter, Page, Paging, Tx, Who, paging_of
from invigil.prepare.candidates.http.answers import (
    CandidateAnswer,
    CandidateForm,
    EmployerAnswer,
    ExamIdQuery,
    ReasonForm,
    SubjectCount,
    SummaryAnswer,
    UnmaskedAnswer,
    UnmaskForm,
)
from invigil.prepare.candidates.model import CandidateState
from invigil.prepare.candidates.service import changing, searching
from invigil.prepare.candidates.store import registrations, search
from invigil.prepare.candidates.store.search import CandidateQuery

router = ManagementRouter(prefix="/api/candidates", tags=["candidates"])
MOST_EMPLOYERS = 50


@router.get("", name="candidates.list", summary="考生列表")
async def list_candidates(
    tx: Tx,
    exam_id: ExamIdQuery,
    *,
    paging: Annotated[Paging, Depends(paging_of)],
    subject_code: Annotated[str, Query(max_length=32)] = "",
    employer: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[CandidateState | None, Query()] = None,
    has_photo: Annotated[bool | None, Query()] = None,
) -> Page[CandidateAnswer]:
    """List an examination's candidates.

    q: name, its first or first two characters, identity number or its last four, mobile number, beginning of the ticket
    number, part of the employer. sort: ticket_number, subject_code, employer, created_at, changed_at.
    """
    wanted = searching.CandidateFilter(ExamId(exam_id), paging.q, subject_code, employer, state or "", has_photo)
    found, total = await searching.find_candidates(
        tx, wanted, sort=paging.sort, offset=paging.offset, limit=paging.page_size
    )
    items = [CandidateAnswer.of(one) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/summary", name="candidates.summary", summary="考生人数统计")
async def summarise(tx: Tx, exam_id: ExamIdQuery) -> SummaryAnswer:
    """Return the examination's candidates in figures."""
    subjects = await registrations.count_by_subject(tx, exam_id)
    registered, withdrawn = CandidateState.REGISTERED, CandidateState.WITHDRAWN
    return SummaryAnswer(
        total=sum(subjects.values()),
        withdrawn=await search.count(tx, CandidateQuery(exam_id, state=withdrawn)),
        without_photo=await search.count(tx, CandidateQuery(exam_id, state=registered, has_photo=False)),
        subjects=[SubjectCount(subject_code=code, candidates=count) for code, count in sorted(subjects.items())],
    )


@router.get("/employers", name="candidates.employers", summary="单位列表")
async def list_employers(
    tx: Tx, exam_id: ExamIdQuery, q: Annotated[str, Query(max_length=100)] = ""
) -> list[EmployerAnswer]:
    """List employers whose name contains `q`, those with most candidates first."""
    found = await registrations.list_employers(tx, exam_id, q.strip(), MOST_EMPLOYERS)
    return [EmployerAnswer(employer=employer, candidates=count) for employer, count in found]


@router.get("/{candidate_id}", name="candidates.get", summary="考生详情")
async def get_candidate(candidate_id: CandidateId, tx: Tx, who: Who) -> CandidateAnswer:
    """Return one candidate, masked."""
    return CandidateAnswer.of(await searching.access_candidate(tx, who, candidate_id))


@router.patch("/{candidate_id}", name="candidates.edit", summary="修改考生")
async def edit_candidate(candidate_id: CandidateId, form: CandidateForm, tx: Tx, who: Who) -> CandidateAnswer:
    """Change some fields; the record names the fields, not their values."""
    written = {field: text for field, text in form.model_dump().items() if text is not None}
    return CandidateAnswer.of(await changing.edit_candidate(tx, who, candidate_id, written))


@router.post("/{candidate_id}/withdrawal", name="candidates.withdraw", summary="考生退考")
async def withdraw(candidate_id: CandidateId, form: ReasonForm, tx: Tx, who: Who) -> CandidateAnswer:
    """Take the candidate out of the examination."""
    return CandidateAnswer.of(await changing.withdraw(tx, who, candidate_id, form.reason))


@router.post("/{candidate_id}/reinstatement", name="candidates.reinstate", summary="恢复退考考生")
async def reinstate(candidate_id: CandidateId, form: ReasonForm, tx: Tx, who: Who) -> CandidateAnswer:
    """Take a withdrawn candidate back."""
    return CandidateAnswer.of(await changing.reinstate(tx, who, candidate_id, form.reason))


@router.post("/{candidate_id}/unmask", name="candidates.unmask", summary="查看完整证件号或手机号")
async def unmask(candidate_id: CandidateId, form: UnmaskForm, tx: Tx, who: Who) -> UnmaskedAnswer:
    """Return a protected field in clear; the look is recorded with its reason."""
    value = await changing.unmask(tx, who, candidate_id, form.field, form.reason)
    return UnmaskedAnswer(field=form.field, value=value)
