"""Everything about an attempt on one clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from invigil.base.accounts.api import read_staff_names
from invigil.judge.review import store
from invigil.judge.review.model import Case, Finding, Verdict
from invigil.judge.review.service.judging import read_case
from invigil.judge.review.service.watching import WatchedTrack, list_tracks
from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import PublicCard, read_public_cards
from invigil.prepare.exams.api import Sitting, access_sitting
from invigil.prepare.rooms.api import list_rooms
from invigil.sit.activity.api import LoggedStep, list_steps
from invigil.sit.answering.api import Attempt, TrailPoint, access_attempt, compute_deadline, list_trail_points
from invigil.sit.recording.api import to_ms
from invigil.watch.proctoring.api import Note, list_notes
from invigil.watch.signals.api import Signal, list_signals


@dataclass(frozen=True, slots=True)
class AttemptTimeline:
    """What a reviewer sees of an attempt. names: of staff by id. from_ms, to_ms: of the screen's timeline, server's clock."""

    attempt: Attempt
    card: PublicCard | None
    sitting: Sitting
    room_number: int
    from_ms: int
    to_ms: int
    tracks: Sequence[WatchedTrack]
    signals: Sequence[Signal]
    notes: Sequence[Note]
    findings: Sequence[Finding]
    steps: Sequence[LoggedStep]
    trail: Sequence[TrailPoint]
    verdicts: Sequence[Verdict]
    case: Case
    names: Mapping[str, str]


async def read_timeline(tx: Transaction, attempt_id: AttemptId) -> AttemptTimeline:
    """Return everything about an attempt.

    Raises: AttemptNotFound.
    Source: S3.18, S3.19.
    """
    attempt = await access_attempt(tx, attempt_id)
    sitting = await access_sitting(tx, attempt.sitting_id)
    tracks = await list_tracks(tx, attempt_id)
    case, edition = await read_case(tx, attempt)
    numbers = {room.id: room.number for room in await list_rooms(tx, attempt.sitting_id)}
    from_ms, to_ms = compute_span(attempt, tracks, tx.now)
    return AttemptTimeline(
        attempt=attempt,
        card=(await read_public_cards(tx, [attempt.candidate_id])).get(attempt.candidate_id),
        sitting=sitting,
        room_number=numbers.get(attempt.room_id, 0),
        from_ms=from_ms,
        to_ms=to_ms,
        tracks=tracks,
        signals=await list_signals(tx, attempt_id=attempt_id),
        notes=await list_notes(tx, attempt_id=attempt_id),
        findings=await store.list_findings(tx, attempt_id),
        steps=await list_steps(tx, attempt_id),
        trail=await list_trail_points(tx, attempt_id),
        verdicts=await store.list_verdicts(tx, attempt_id, edition),
        case=case,
        names=await read_staff_names(tx),
    )


def compute_span(attempt: Attempt, tracks: Sequence[WatchedTrack], now: datetime) -> tuple[int, int]:
    """Return the ends of the screen's timeline: the sitting, or more where recording began before or went on after."""
    ends_at = attempt.ended_at or min(now, compute_deadline(attempt, now))
    takes = [take for track in tracks for take in track.takes]
    begins = [to_ms(attempt.starts_at), *(take.origin_ms for take in takes)]
    ends = [to_ms(ends_at), *(take.origin_ms + take.take.last_p1_ms for take in takes)]
    return min(begins), max(*ends, min(begins) + 1)
