"""What examinations ask of papers."""

from collections.abc import Sequence

from invigil.platform.db import Transaction
from invigil.prepare.exams.model import Sitting, Subject
from invigil.prepare.exams.model.refusals import PaperSetUnsuitable


async def check_paper_choice(tx: Transaction, subject: Subject, others: Sequence[Subject]) -> None:  # noqa: ARG001 - PENDING
    """Pass when the chosen paper sets suit the subject.

    others: every subject of the examination; no mock may show papers of a real sitting.
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


async def list_subjects_without_papers(tx: Transaction, sitting: Sitting) -> list[str]:  # noqa: ARG001 - PENDING
    """Return the subjects of the sitting whose papers are not chosen, or not locked by two persons yet."""
    return [code for code, paper_set_id in sitting.papers.items() if paper_set_id is None]
