"""Fetching sittings."""

from datetime import datetime

from invigil.kernel.ids import ExamId, SittingId
from invigil.platform.db import Transaction
from invigil.prepare.exams.model import Sitting
from invigil.prepare.exams.model.refusals import SittingNotFound
from invigil.prepare.exams.store import sittings as store


async def access_sitting(tx: Transaction, sitting_id: SittingId) -> Sitting:
    """Return the sitting as stored; `compute_sitting_state` says where it stands now.

    Raises: SittingNotFound.
    """
    found = await store.read_sitting(tx, sitting_id)
    if found is None:
        raise SittingNotFound
    return found


async def list_sittings_of_exam(tx: Transaction, exam_id: ExamId) -> list[Sitting]:
    """Return the sittings of an examination by start; empty for an unknown one."""
    return await store.list_of_exam(tx, exam_id)


async def move_last_deadline(tx: Transaction, sitting_id: SittingId, deadline: datetime) -> None:
    """Keep the sitting running until this deadline at least: somebody was given extra time or paused. Idempotent."""
    await store.move_last_deadline(tx, sitting_id, deadline)
