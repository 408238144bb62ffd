"""Examinations and subjects."""

from typing import Annotated

from fastapi import Depends

from invigil.kernel.ids import ExamId, PaperSetId
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Page, Paging, Tx, Who, paging_of
from invigil.prepare.exams.http.schemas import (
    AgreementAnswer,
    ExamAnswer,
    ExamDetail,
    ExamForm,
    NewExamForm,
    NewSubjectForm,
    ProfileAnswer,
    RulesForm,
    SittingAnswer,
    SubjectAnswer,
    SubjectForm,
    TypedForm,
)
from invigil.prepare.exams.model import PROFILES, Exam
from invigil.prepare.exams.service import exams as service
from invigil.prepare.exams.service.sittings import list_sittings_of_exam
from invigil.prepare.exams.store import exams as store

router = ManagementRouter(tags=["exams"])


@router.get("/api/exam-profiles", name="exams.profiles.list", summary="考试模板")
async def list_profiles() -> list[ProfileAnswer]:
    """List what an examination can start from."""
    return [
        ProfileAnswer(
            name=one.name,
            title=one.title_zh,
            subjects=[NewSubjectForm(code=subject.code, title=subject.title) for subject in one.subjects],
            rules=RulesForm.of(one.rules),
            is_mock_required=one.is_mock_required,
        )
        for one in PROFILES.values()
    ]


@router.get("/api/exams", name="exams.list", summary="考试列表")
async def list_exams(tx: Tx, paging: Annotated[Paging, Depends(paging_of)]) -> Page[ExamAnswer]:
    """List examinations, newest first; `q` is looked for in titles."""
    found, total = await store.search_exams(tx, q=paging.q, offset=paging.offset, limit=paging.page_size)
    spans = await store.read_spans(tx, [one.id for one in found])
    items = [_answer(one, spans.get(one.id, store.NO_SITTINGS)) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.post("/api/exams", name="exams.create", summary="新建考试", status_code=201)
async def create_exam(form: NewExamForm, tx: Tx, who: Who) -> ExamDetail:
    """Make an examination from a profile."""
    return await _detail(tx, await service.create_exam(tx, who, title=form.title, profile=form.profile))


@router.get("/api/exams/{exam_id}", name="exams.show", summary="考试详情")
async def show_exam(exam_id: ExamId, tx: Tx) -> ExamDetail:
    """Show an examination with subjects, sittings and agreement."""
    return await _detail(tx, await service.access_exam(tx, exam_id))


@router.put("/api/exams/{exam_id}", name="exams.edit", summary="修改考试")
async def edit_exam(exam_id: ExamId, form: ExamForm, tx: Tx, who: Who) -> ExamDetail:
    """Change the title or the mock gate."""
    edited = await service.edit_exam(
        tx, who, exam_id, title=form.title, is_mock_required=form.is_mock_required, version=form.version
    )
    return await _detail(tx, edited)


@router.post("/api/exams/{exam_id}/deletion", name="exams.delete", summary="删除考试", status_code=204)
async def delete_exam(exam_id: ExamId, form: TypedForm, tx: Tx, who: Who) -> None:
    """Delete an examination that nobody is registered for; its title must be typed."""
    await service.delete_exam(tx, who, exam_id, typed_title=form.typed_title)


@router.post("/api/exams/{exam_id}/subjects", name="exams.subjects.add", summary="新增科目", status_code=201)
async def add_subject(exam_id: ExamId, form: NewSubjectForm, tx: Tx, who: Who) -> SubjectAnswer:
    """Add a subject."""
    return SubjectAnswer.of(await service.add_subject(tx, who, exam_id, code=form.code, title=form.title))


@router.put("/api/exams/{exam_id}/subjects/{code}", name="exams.subjects.edit", summary="修改科目与试卷")
async def edit_subject(exam_id: ExamId, code: str, form: SubjectForm, tx: Tx, who: Who) -> SubjectAnswer:
    """Change a subject's title, or choose its papers."""
    edited = await service.edit_subject(
        tx,
        who,
        exam_id,
        code,
        title=form.title,
        paper_set_id=None if form.paper_set_id is None else PaperSetId(form.paper_set_id),
        mock_paper_set_id=None if form.mock_paper_set_id is None else PaperSetId(form.mock_paper_set_id),
    )
    return SubjectAnswer.of(edited)


@router.delete(
    "/api/exams/{exam_id}/subjects/{code}", name="exams.subjects.remove", summary="删除科目", status_code=204
)
async def remove_subject(exam_id: ExamId, code: str, tx: Tx, who: Who) -> None:
    """Remove a subject without sittings and candidates."""
    await service.remove_subject(tx, who, exam_id, code)


async def _detail(tx: Transaction, exam: Exam) -> ExamDetail:
    sittings = await list_sittings_of_exam(tx, exam.id)
    agreement = await service.find_agreement(tx, exam.id)
    span = (
        store.SittingSpan(len(sittings), sittings[0].starts_at, sittings[-1].starts_at)
        if sittings
        else store.NO_SITTINGS
    )
    return ExamDetail(
        **_answer(exam, span).model_dump(),
        subjects=[SubjectAnswer.of(one) for one in await store.list_subjects(tx, exam.id)],
        sittings=[SittingAnswer.of(one, tx.now) for one in sittings],
        agreement=None if agreement is None else AgreementAnswer.of(agreement),
    )


def _answer(exam: Exam, span: store.SittingSpan) -> ExamAnswer:
    return ExamAnswer(
        id=exam.id,
        title=exam.title,
        profile=exam.profile,
        is_mock_required=exam.is_mock_required,
        version=exam.version,
        created_at=exam.created_at,
        sitting_count=span.sitting_count,
        first_starts_at=span.first_starts_at,
        last_starts_at=span.last_starts_at,
    )
