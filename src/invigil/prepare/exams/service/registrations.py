"""What examinations ask of candidates."""

from invigil.kernel.ids import ExamId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import count_by_subject


async def count_candidates(tx: Transaction, exam_id: ExamId, subject_code: str = "") -> int:
    """Return how many are registered for the examination, or for one subject of it."""
    counts = await count_by_subject(tx, exam_id)
    return counts.get(subject_code, 0) if subject_code else sum(counts.values())
