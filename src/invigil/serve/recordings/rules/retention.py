"""When recordings are deleted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from invigil.kernel.ids import AttemptId
from invigil.serve.recordings.model import Hold


def compute_deletion_date(ended_at: datetime, retention_days: int) -> datetime:
    """Return the instant from which recordings are deleted. ended_at: of the sitting. retention_days: > 0."""
    return ended_at + timedelta(days=retention_days)


def is_held(attempt_id: AttemptId, holds: Iterable[Hold]) -> bool:
    """Tell whether a hold in force covers the attempt. holds: of its sitting, lifted ones included."""
    return any(hold.lifted_at is None and hold.attempt_id in (None, attempt_id) for hold in holds)
