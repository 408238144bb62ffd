"""A candidate's own sittings: what can be done now, and why not."""

from dataclasses import dataclass
from datetime import datetime

from invigil.kernel.ids import CandidateId
from invigil.kernel.principals import Principal
from invigil.kernel.refusals import Refusal
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Sitting, access_sitting, check_mock_gate, compute_sitting_state
from invigil.prepare.rooms.api import Seat, list_seats_of_candidate
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt
from invigil.sit.answering.model.attempts import FINAL_STATES
from invigil.sit.answering.model.refusals import AttemptClosed
from invigil.sit.answering.service.entering import check_may_begin


@dataclass(frozen=True, slots=True)
class OwnSitting:
    """One of the candidate's sittings: what can be done now. reason, reason_en: why it cannot be entered, None when it can."""

    sitting_id: str
    title: str
    subject: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    late_entry_until: datetime
    duration_s: int
    state: str
    attempt_state: str | None
    can_enter: bool
    reason: str | None
    reason_en: str | None


async def list_own_sittings(tx: Transaction, who: Principal) -> list[OwnSitting]:
    """Return the candidate's sittings by start."""
    candidate_id = CandidateId(who.id)
    attempts = {one.sitting_id: one for one in await store.list_attempts(tx, candidate_id=candidate_id)}
    views = []
    for seat in await list_seats_of_candidate(tx, candidate_id):
        sitting = await access_sitting(tx, seat.sitting_id)
        views.append(await _view(tx, sitting, seat, attempts.get(sitting.id)))
    return sorted(views, key=lambda one: one.starts_at)


async def _view(tx: Transaction, sitting: Sitting, seat: Seat, attempt: Attempt | None) -> OwnSitting:
    refusal = await _find_refusal(tx, sitting, seat, attempt)
    return OwnSitting(
        sitting_id=sitting.id,
        title=sitting.title,
        subject=seat.subject_code,
        kind=sitting.kind,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        late_entry_until=sitting.late_entry_until,
        duration_s=int(sitting.rules.duration.total_seconds()),
        state=compute_sitting_state(sitting, tx.now),
        attempt_state=None if attempt is None else attempt.state,
        can_enter=refusal is None,
        reason=None if refusal is None else refusal.message_zh,
        reason_en=None if refusal is None else refusal.message_en,
    )


async def _find_refusal(tx: Transaction, sitting: Sitting, seat: Seat, attempt: Attempt | None) -> Refusal | None:
    if attempt is not None:
        return AttemptClosed() if attempt.state in FINAL_STATES else None
    try:
        check_may_begin(sitting, tx.now)
        await check_mock_gate(tx, sitting, seat.candidate_id)
    except Refusal as refusal:
        return refusal
    return None
