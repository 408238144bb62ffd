"""The queue: which attempts of a sitting to look at, the most urgent first, and how far the work is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from invigil.judge.review import store
from invigil.judge.review.model import CaseInQueue, CaseState, Outcome
from invigil.judge.review.rules.cases import compute_case, sort_queue
from invigil.judge.review.service.marks import list_marks_of_sitting, sum_risk
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Sitting
from invigil.prepare.rooms.api import list_rooms
from invigil.sit.answering.api import list_attempts


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review of a sitting is. by_state: every state is there. violations: settled cases with that outcome."""

    by_state: dict[CaseState, int]
    violations: int

    @property
    def total(self) -> int:
        """All attempts."""
        return sum(self.by_state.values())


async def take_queue(tx: Transaction, sitting: Sitting) -> list[CaseInQueue]:
    """Return every attempt of a sitting in the order in which they should be looked at."""
    marks = await list_marks_of_sitting(tx, sitting.id)
    rounds = await store.list_rounds_of_sitting(tx, sitting.id)
    numbers = {room.id: room.number for room in await list_rooms(tx, sitting.id)}
    needs_second = sitting.rules.recording.needs_second_review
    cases = [
        CaseInQueue(
            attempt_id=attempt.id,
            candidate_id=attempt.candidate_id,
            room_number=numbers.get(attempt.room_id, 0),
            seat_number=attempt.seat_number,
            subject_code=attempt.subject_code,
            risk=sum_risk(marks.get(attempt.id, ())),
            marks=len(marks.get(attempt.id, ())),
            case=compute_case(rounds.get(attempt.id, ()), needs_second=needs_second),
        )
        for attempt in await list_attempts(tx, sitting_id=sitting.id)
    ]
    return sort_queue(cases)


def count_progress(queue: Sequence[CaseInQueue]) -> Progress:
    """Return how far the work is."""
    counted = Counter(one.case.state for one in queue)
    violations = sum(one.case.outcome is Outcome.VIOLATION for one in queue)
    return Progress({state: counted[state] for state in CaseState}, violations)
