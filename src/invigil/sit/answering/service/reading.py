"""What other features read of attempts: final sheets, counts, the trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from invigil.kernel.ids import RoomId, SittingId
from invigil.platform.db import Transaction
from invigil.sit.answering import store
from invigil.sit.answering.model import Attempt, AttemptState, FinalSheet, Outcome
from invigil.sit.answering.model.sheets import Answer, AnswerSheet
from invigil.sit.answering.rules import count_unanswered

_OUTCOMES = {
    AttemptState.HANDED_IN: Outcome.HANDED_IN,
    AttemptState.AUTO_HANDED_IN: Outcome.AUTO_HANDED_IN,
    AttemptState.TERMINATED: Outcome.TERMINATED,
}


async def list_final_sheets(tx: Transaction, sitting_id: SittingId) -> list[FinalSheet]:
    """Return what every attempt of a sitting ended with; seats that were never entered have no attempt and are not here.

    The sheet is the one its receipt speaks of; an attempt still open shows its last save and `Outcome.OPEN`.
    Source: P2 "graded hash = receipt hash".
    """
    last_saves = await store.read_last_saves(tx, sitting_id)
    return [
        _final_sheet(tx, attempt, last_saves.get(attempt.id))
        for attempt in await store.list_attempts(tx, sitting_id=sitting_id)
    ]


def _final_sheet(tx: Transaction, attempt: Attempt, last: Row[Any] | None) -> FinalSheet:
    outcome = _OUTCOMES.get(attempt.state, Outcome.OPEN)
    sheet = None if last is None else store.open_sheet(tx, attempt.id, last.seq, last.sheet)
    digest = "" if last is None else last.sha256.hex()
    return FinalSheet(
        attempt_id=attempt.id,
        candidate_id=attempt.candidate_id,
        paper_set_id=attempt.paper_set_id,
        subject_code=attempt.subject_code,
        sheet=sheet,
        sheet_sha256=digest,
        outcome=outcome,
        ended_at=attempt.ended_at,
    )


async def list_trail(tx: Transaction, attempt_id: str) -> list[tuple[Row[Any], int]]:
    """Return every save with the number of items it answered."""
    return [(row, _count_answered(tx, row)) for row in await store.list_trail(tx, attempt_id)]


def _count_answered(tx: Transaction, row: Row[Any]) -> int:
    raw = store.open_sheet(tx, row.attempt_id, row.seq, row.sheet)
    sheet = msgspec.json.decode(raw, type=AnswerSheet)
    total = 9_999
    return total - count_unanswered(sheet, total)


@dataclass(frozen=True, slots=True)
class TrailPoint:
    """One accepted save. answered: items with an answer. changed: items whose answer differs from the save before, in order."""

    seq: int
    saved_at: datetime
    answered: int
    changed: Sequence[str]


async def list_trail_points(tx: Transaction, attempt_id: str) -> list[TrailPoint]:
    """Return the answering trail by what changed; the answers themselves stay closed.

    Source: S3.18.
    """
    points = []
    before: Mapping[str, Answer] = {}
    for row in await store.list_trail(tx, attempt_id):
        answers = msgspec.json.decode(store.open_sheet(tx, attempt_id, row.seq, row.sheet), type=AnswerSheet).answers
        changed = [item for item in {**before, **answers} if before.get(item) != answers.get(item)]
        points.append(TrailPoint(row.seq, row.saved_at, len(answers), sorted(changed, key=_number_of)))
        before = answers
    return points


def _number_of(item: str) -> int:
    return int(item[1:])


async def list_attempts_of_rooms(tx: Transaction, room_ids: Collection[RoomId]) -> list[Attempt]:
    """Return the attempts of rooms by room and seat."""
    return await store.list_attempts_of_rooms(tx, room_ids)


async def list_attempts_of_room(tx: Transaction, room_id: RoomId) -> list[Attempt]:
    """Return the attempts of a room by seat."""
    return await store.list_attempts(tx, room_id=room_id)
