"""SQL of a glance at every attempt of a sitting."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from invigil.kernel.ids import AttemptId, CandidateId, RoomId, SittingId
from invigil.platform.db import Transaction
from invigil.sit.answering.model import AttemptState
from invigil.sit.answering.store.attempts import attempts

_STATES = {state.value: state for state in AttemptState}


class Glance(NamedTuple):
    """What a board shows of an attempt: few columns, cheap for 50,000 attempts."""

    attempt_id: AttemptId
    candidate_id: CandidateId
    room_id: RoomId
    state: AttemptState
    entered_at: datetime
    ended_at: datetime | None


async def list_glances(tx: Transaction, sitting_id: SittingId) -> list[Glance]:
    """Return a glance at every attempt of the sitting, in no order."""
    columns = (
        attempts.c.id,
        attempts.c.candidate_id,
        attempts.c.room_id,
        attempts.c.state,
        attempts.c.entered_at,
        attempts.c.ended_at,
    )
    rows = (await tx.execute(select(*columns).where(attempts.c.sitting_id == sitting_id))).all()
    return [
        Glance(
            AttemptId(row.id),
            CandidateId(row.candidate_id),
            RoomId(row.room_id),
            _STATES[row.state],
            row.entered_at,
            row.ended_at,
        )
        for row in rows
    ]
