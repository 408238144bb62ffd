"""The queue of a sitting."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel

from invigil.base.accounts.api import read_staff_names
from invigil.judge.review.model import Case, CaseInQueue, CaseState, Outcome, Round
from invigil.judge.review.service.queue import count_progress, take_queue
from invigil.kernel.ids import SittingId
from invigil.platform.http import ManagementRouter, Page, Paging, Tx, paging_of
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.exams.api import access_sitting

router = ManagementRouter(prefix="/api/review", tags=["review"])


class RoundAnswer(BaseModel):
    """A finished round."""

    number: int
    reviewer: str
    reviewer_name: str
    outcome: Outcome
    finished_at: datetime


class CaseAnswer(BaseModel):
    """Where the review of an attempt stands."""

    state: CaseState
    next_round: int | None
    outcome: Outcome | None
    rounds: list[RoundAnswer]


class QueuedAnswer(BaseModel):
    """An attempt in the queue. risk: sum of the weights of its marks."""

    attempt_id: str
    name: str
    ticket_number: str
    room_number: int
    seat_number: int
    subject_code: str
    risk: int
    marks: int
    case: CaseAnswer


class ProgressAnswer(BaseModel):
    """How far the review of the sitting is."""

    total: int
    waiting: int
    second: int
    disputed: int
    settled: int
    violations: int


@router.get("/sittings/{sitting_id}/queue", name="review.queue.list", summary="待复查的考生，最要紧的在前")
async def list_queue(
    sitting_id: SittingId,
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    state: Annotated[CaseState | None, Query()] = None,
    subject_code: Annotated[str, Query(max_length=20)] = "",
) -> Page[QueuedAnswer]:
    """List the attempts of a sitting by urgency; `q` is a part of a name or ticket number."""
    sitting = await access_sitting(tx, sitting_id)
    queue = [
        one
        for one in await take_queue(tx, sitting)
        if state in (None, one.case.state) and subject_code in ("", one.subject_code)
    ]
    cards = await read_public_cards(tx, [one.candidate_id for one in queue]) if paging.q else {}
    found = [one for one in queue if not paging.q or _is_named(cards.get(one.candidate_id), paging.q)]
    shown = paging.cut(found)
    cards = await read_public_cards(tx, [one.candidate_id for one in shown])
    names = await read_staff_names(tx)
    items = [_queued(one, cards.get(one.candidate_id), names) for one in shown]
    return Page(items=items, total=len(found), page=paging.page, page_size=paging.page_size)


@router.get("/sittings/{sitting_id}/progress", name="review.progress.show", summary="复查进度")
async def show_progress(sitting_id: SittingId, tx: Tx) -> ProgressAnswer:
    """Return how far the review of a sitting is."""
    progress = count_progress(await take_queue(tx, await access_sitting(tx, sitting_id)))
    counts = {state.value: number for state, number in progress.by_state.items()}
    return ProgressAnswer(total=progress.total, violations=progress.violations, **counts)


def answer_case(one: Case, names: Mapping[str, str]) -> CaseAnswer:
    """Return where a case stands as it is shown."""
    rounds = [answer_round(finished, names) for finished in one.rounds]
    return CaseAnswer(state=one.state, next_round=one.next_round, outcome=one.outcome, rounds=rounds)


def answer_round(one: Round, names: Mapping[str, str]) -> RoundAnswer:
    """Return a round as it is shown."""
    return RoundAnswer(
        number=one.number,
        reviewer=one.reviewer,
        reviewer_name=names.get(one.reviewer, ""),
        outcome=one.outcome,
        finished_at=one.finished_at,
    )


def _queued(one: CaseInQueue, card: PublicCard | None, names: Mapping[str, str]) -> QueuedAnswer:
    return QueuedAnswer(
        attempt_id=one.attempt_id,
        name=card.name if card else "",
        ticket_number=card.ticket_number if card else "",
        room_number=one.room_number,
        seat_number=one.seat_number,
        subject_code=one.subject_code,
        risk=one.risk,
        marks=one.marks,
        case=answer_case(one.case, names),
    )


def _is_named(card: PublicCard | None, part: str) -> bool:
    return card is not None and (part in card.name or part in card.ticket_number)
