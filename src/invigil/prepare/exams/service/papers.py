"""What examinations ask of papers."""

from collections.abc import Sequence

from invigil.kernel.ids import CandidateId, JobId, PaperSetId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.jobs import Jobs
from invigil.prepare.candidates.api import list_registered_ids
from invigil.prepare.exams.model import Sitting, SittingState, Subject
from invigil.prepare.exams.model.refusals import PaperSetUnsuitable
from invigil.prepare.papers.api import PaperSetNotFound, access_set, generate, leave_dealing

# The job's name; `jobs` declares it.
DEALING = "exams.sitting.deal"


async def check_paper_choice(tx: Transaction, subject: Subject, others: Sequence[Subject]) -> None:
    """Pass when the chosen paper sets exist, are of this subject, and no mock shows papers of a real sitting.

    others: every subject of the examination.
    Raises: PaperSetUnsuitable.
    Source: C5.5.
    """
    real = {one.paper_set_id for one in others if one.code != subject.code} | {subject.paper_set_id}
    mock = {one.mock_paper_set_id for one in others if one.code != subject.code} | {subject.mock_paper_set_id}
    if (real & mock) - {None}:
        raise PaperSetUnsuitable(
            subject_code=subject.code,
            reason_zh="模拟考试与正式考核不能使用同一套试卷。",
            reason_en="a mock cannot use the papers of a real sitting.",
        )
    for paper_set_id in (subject.paper_set_id, subject.mock_paper_set_id):
        if paper_set_id is not None:
            await _check_subject(tx, subject, paper_set_id)


async def list_subjects_without_papers(tx: Transaction, sitting: Sitting) -> list[str]:
    """Return the subjects of the sitting whose papers are not chosen, or not locked by two persons yet."""
    return [code for code, paper_set_id in sitting.papers.items() if not await _is_locked(tx, paper_set_id)]


async def leave_dealing_for(tx: Transaction, jobs: Jobs, who: Principal, sitting: Sitting) -> JobId:
    """Leave to a job that everybody registered for the sitting's subjects gets a sealed paper; nobody's paper changes."""
    title = Words(f"安排考生试卷：{sitting.title}", f"Arrange papers: {sitting.title}")
    return await jobs.enqueue(tx, DEALING, {"sitting_id": sitting.id}, owner=who, title=title)


async def leave_dealing_of(
    tx: Transaction, jobs: Jobs, who: Principal, sitting: Sitting, subject_code: str
) -> JobId | None:
    """Leave the dealing of one subject's papers to a job; None when everybody has one or nothing is chosen.

    Raises: PaperSetNotLocked.
    """
    paper_set_id = sitting.papers[subject_code]
    people = await list_registered_ids(tx, sitting.exam_id, subject_code)
    if paper_set_id is None or not people:
        return None
    return await leave_dealing(tx, jobs, who, paper_set_id, people)


async def ensure_paper(
    tx: Transaction, who: Principal, sitting: Sitting, candidate_id: CandidateId, subject_code: str
) -> None:
    """Give somebody seated after the sitting was opened a paper at once; before, opening deals to everybody. Idempotent."""
    paper_set_id = sitting.papers.get(subject_code)
    is_open = sitting.state in (SittingState.OPEN, SittingState.RUNNING)
    if is_open and paper_set_id is not None and await _is_locked(tx, paper_set_id):
        await generate(tx, who, paper_set_id, [candidate_id])


async def _is_locked(tx: Transaction, paper_set_id: PaperSetId | None) -> bool:
    if paper_set_id is None:
        return False
    try:
        return (await access_set(tx, paper_set_id)).is_locked
    except PaperSetNotFound:
        return False


async def _check_subject(tx: Transaction, subject: Subject, paper_set_id: PaperSetId) -> None:
    try:
        found = await access_set(tx, paper_set_id)
    except PaperSetNotFound:
        raise PaperSetUnsuitable(
            subject_code=subject.code, reason_zh="没有这套试卷。", reason_en="there is no such paper set."
        ) from None
    if found.blueprint.subject_code != subject.code:
        raise PaperSetUnsuitable(
            subject_code=subject.code,
            reason_zh=f"这套试卷属于“{found.blueprint.subject_code}”科目。",
            reason_en=f"it is for subject {found.blueprint.subject_code}.",
        )
