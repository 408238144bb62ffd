"""What examinations ask of candidates."""

from invigil.kernel.ids import ExamId
from invigil.platform.db import Transaction


async def count_candidates(tx: Transaction, exam_id: ExamId, subject_code: str = "") -> int:  # noqa: ARG001 - PENDING
    """Return how many are registered for the examination, or for one subject of it."""
    return 0
