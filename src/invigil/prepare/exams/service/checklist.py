"""Gathering the facts of the checklist."""

from invigil.kernel.ids import ExamId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import (
    CandidateFilter,
    CandidateState,
    count_by_subject,
    find_candidates,
)
from invigil.prepare.exams.rules.checklist import ChecklistItem, ExamFacts, PaperFacts, build_checklist
from invigil.prepare.exams.service.exams import access_exam, find_agreement
from invigil.prepare.exams.service.sittings import list_sittings_of_exam
from invigil.prepare.exams.store import mock
from invigil.prepare.exams.store.exams import list_subjects
from invigil.prepare.papers.api import PaperSetNotFound, access_set


async def list_exam_items(tx: Transaction, exam_id: ExamId) -> list[ChecklistItem]:
    """Return the checklist without what rooms adds.

    Raises: ExamNotFound.
    """
    return build_checklist(await gather_facts(tx, exam_id), tx.now)


async def gather_facts(tx: Transaction, exam_id: ExamId) -> ExamFacts:
    """Return everything the checklist asks about.

    Raises: ExamNotFound.
    """
    exam = await access_exam(tx, exam_id)
    sittings = await list_sittings_of_exam(tx, exam_id)
    registered = await count_by_subject(tx, exam_id)
    subjects = await list_subjects(tx, exam_id)
    chosen = {paper for one in sittings for paper in one.papers.values()}
    chosen |= {paper for one in subjects for paper in (one.paper_set_id, one.mock_paper_set_id)}
    return ExamFacts(
        exam=exam,
        subjects=subjects,
        sittings=sittings,
        agreement=await find_agreement(tx, exam_id),
        registered=registered,
        without_photo=await _count_without_photo(tx, exam_id),
        papers={paper: await _paper_facts(tx, paper) for paper in chosen if paper is not None},
        mock_cleared=await mock.count_cleared(tx, exam_id),
        signing_key_id=tx.keys.signing_key_id,
    )


async def _paper_facts(tx: Transaction, paper_set_id: str) -> PaperFacts:
    try:
        found = await access_set(tx, paper_set_id)
    except PaperSetNotFound:
        return PaperFacts(is_locked=False, papers=0)
    return PaperFacts(found.is_locked, found.paper_count)


async def _count_without_photo(tx: Transaction, exam_id: ExamId) -> int:
    wanted = CandidateFilter(exam_id, state=CandidateState.REGISTERED, has_photo=False)
    _, total = await find_candidates(tx, wanted, sort="", offset=0, limit=1)
    return total
