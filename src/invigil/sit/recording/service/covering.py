"""What is recorded of an attempt, and what is not and why."""

from collections import defaultdict
from datetime import datetime

from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Track, access_sitting
from invigil.sit.answering.api import Attempt, compute_deadline
from invigil.sit.recording import store
from invigil.sit.recording.model import Span, Take, TrackCoverage
from invigil.sit.recording.rules.coverage import (
    RecordedTake,
    Sat,
    compute_track_coverage,
    compute_window,
    gaps_of_changes,
)
from invigil.sit.recording.service.recorder import to_ms


async def compute_coverage(tx: Transaction, attempt: Attempt) -> list[TrackCoverage]:
    """Account for every track of an attempt, in the order screen, camera, phone; takes made while checking in do not count.

    Source: P3, S3.3, S3.14.
    """
    rules = (await access_sitting(tx, attempt.sitting_id)).rules
    takes = [take for take in await store.list_takes(tx, attempt.id) if not take.is_test]
    spans = await _read_spans(tx, attempt, takes)
    sat = _sat(attempt, tx.now)
    until = sat.now_ms if sat.window is None else sat.window.to_ms
    declared = [
        *await store.list_gaps(tx, attempt.id),
        *gaps_of_changes(await store.list_changes(tx, attempt.id), until),
    ]
    return [
        compute_track_coverage(
            track,
            sat,
            [_recorded(take, spans[take.id]) for take in takes if take.track is track],
            declared,
            is_required=track in rules.tracks_required,
        )
        for track in Track
    ]


async def _read_spans(tx: Transaction, attempt: Attempt, takes: list[Take]) -> dict[str, list[Span]]:
    origins = {take.id: take.origin_ms for take in takes}
    spans: dict[str, list[Span]] = defaultdict(list)
    for one in await store.list_stretches(tx, attempt.id):
        origin = origins.get(one.take_id)
        if origin is not None and one.p0_ms < one.p1_ms:
            spans[one.take_id].append(Span(origin + one.p0_ms, origin + one.p1_ms))
    return spans


def _recorded(take: Take, spans: list[Span]) -> RecordedTake:
    begins = take.origin_ms if take.origin_ms is not None else to_ms(take.started_at)
    return RecordedTake(begins, spans, None if take.end is None else take.end.cause)


def _sat(attempt: Attempt, now: datetime) -> Sat:
    ends_at = attempt.ended_at or compute_deadline(attempt, now)
    window = compute_window(to_ms(attempt.starts_at), to_ms(ends_at), to_ms(now))
    return Sat(window, to_ms(now), is_over=attempt.ended_at is not None or now >= ends_at)
