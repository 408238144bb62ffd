"""What settled reviews come to: the breaches that are listed, and which marks need no further look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from invigil.judge.review import store
from invigil.judge.review.model import (
    CaseState,
    ConfirmedBreach,
    Decision,
    MarkKey,
    MarkSource,
    SettledReview,
    Verdict,
)
from invigil.judge.review.rules.cases import compute_case, compute_confirmed
from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Sitting
from invigil.watch.proctoring.api import NOTE_KINDS, ReasonCategory, list_notes
from invigil.watch.signals.api import SIGNAL_KINDS, list_signals


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a mark says, and when it was."""

    what: str
    from_at: datetime
    to_at: datetime


async def read_settled(tx: Transaction, sitting: Sitting) -> SettledReview:
    """Return what the settled reviews of a sitting come to; cases that are still open add nothing.

    Source: C5.2, S3.19.
    """
    needs_second = sitting.rules.recording.needs_second_review
    verdicts = await store.list_verdicts_of_sitting(tx, sitting.id)
    found: list[ConfirmedBreach] = []
    judged: set[MarkKey] = set()
    for attempt_id, rounds in (await store.list_rounds_of_sitting(tx, sitting.id)).items():
        case = compute_case(rounds, needs_second=needs_second)
        if case.state is not CaseState.SETTLED:
            continue
        whose = {(one.number, one.reviewer) for one in rounds}
        said = [one for one in verdicts.get(attempt_id, ()) if (one.round, one.reviewer) in whose]
        judged |= {one.mark for one in said}
        confirmed = compute_confirmed(case)
        if confirmed:
            seen = await _read_marks(tx, AttemptId(attempt_id))
            found += [_breach(mark, seen, said) for mark in confirmed if mark in seen]
    return SettledReview(sorted(found, key=lambda one: (one.from_at, one.attempt_id, one.mark.id)), frozenset(judged))


def _breach(mark: MarkKey, seen: Mapping[MarkKey, _Seen], said: Sequence[Verdict]) -> ConfirmedBreach:
    """said: of this attempt, by round."""
    agreeing = [one for one in said if one.mark == mark and one.decision is Decision.CONFIRM]
    last, at = agreeing[-1], seen[mark]
    return ConfirmedBreach(
        attempt_id=last.attempt_id,
        mark=mark,
        seen=at.what,
        from_at=at.from_at,
        to_at=at.to_at,
        breach=last.breach or ReasonCategory.OTHER,  # `check_verdict` lets none pass without
        reason=last.reason,
        reviewers=tuple(one.reviewer for one in agreeing),
        decided_at=last.decided_at,
    )


async def _read_marks(tx: Transaction, attempt_id: AttemptId) -> dict[MarkKey, _Seen]:
    seen = {
        MarkKey(MarkSource.SIGNAL, one.id): _Seen(SIGNAL_KINDS[one.kind].zh, one.at, one.last_at)
        for one in await list_signals(tx, attempt_id=attempt_id)
    }
    seen |= {
        MarkKey(MarkSource.NOTE, one.id): _Seen(NOTE_KINDS[one.kind].zh, one.at, one.at)
        for one in await list_notes(tx, attempt_id=attempt_id)
    }
    return seen | {
        MarkKey(MarkSource.FINDING, one.id): _Seen(one.text, _instant(one.from_ms), _instant(one.to_ms))
        for one in await store.list_findings(tx, attempt_id)
    }


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
