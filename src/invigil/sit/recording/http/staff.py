"""What staff see of a recording: bars of what is stored, gaps with causes, lag, takes."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from invigil.kernel.ids import AttemptId
from invigil.platform.http import ManagementRouter, Tx
from invigil.sit.answering.api import access_attempt
from invigil.sit.recording import store
from invigil.sit.recording.model import CAUSES_EN, CAUSES_ZH, Span, Take, TrackCoverage
from invigil.sit.recording.service.covering import compute_coverage
from invigil.sit.recording.service.keeping import is_take_intact, open_label

router = ManagementRouter(prefix="/api/recording", tags=["recording"])


class SpanAnswer(BaseModel):
    """An interval, milliseconds since 1970, server's clock."""

    from_ms: int
    to_ms: int


class GapAnswer(SpanAnswer):
    """A gap and why. is_declared: the page said so; otherwise it follows from the records."""

    cause: str
    cause_zh: str
    cause_en: str
    is_declared: bool


class TakeAnswer(BaseModel):
    """One run of one recorder. is_intact: the manifest is the one we wrote."""

    take_id: str
    started_at: datetime
    mime: str
    label: str
    width: int
    height: int
    frame_rate: float
    segment_count: int
    total_bytes: int
    end_cause: str | None
    end_cause_zh: str | None
    is_test: bool
    is_intact: bool
    conflicts: int


class TrackCoverageAnswer(BaseModel):
    """One track: stored and gaps together are the window. lag_ms: how far the stored part is behind while it runs (S3.14)."""

    track: str
    required: bool
    window: SpanAnswer | None
    stored: list[SpanAnswer]
    gaps: list[GapAnswer]
    stored_ms: int
    gap_ms: int
    stored_until_ms: int | None
    lag_ms: int
    takes: list[TakeAnswer]


class CoverageAnswer(BaseModel):
    """Every track of an attempt: screen, camera, phone."""

    attempt_id: str
    server_time: datetime
    tracks: list[TrackCoverageAnswer]


@router.get("/attempts/{attempt_id}/coverage", name="recording.coverage.show", summary="录制情况与缺口")
async def show_coverage(attempt_id: AttemptId, tx: Tx) -> CoverageAnswer:
    """Return what is stored of each track and what is not, with causes (P3, S3.3)."""
    attempt = await access_attempt(tx, attempt_id)
    takes = await store.list_takes(tx, attempt_id)
    conflicts = [one.take_id for one in await store.list_conflicts(tx, attempt_id)]
    coverage = await compute_coverage(tx, attempt)
    tracks = [
        _track_answer(one, [_take_answer(tx, take, conflicts) for take in takes if take.track is one.track])
        for one in coverage
    ]
    return CoverageAnswer(attempt_id=attempt_id, server_time=tx.now, tracks=tracks)


def _track_answer(one: TrackCoverage, takes: list[TakeAnswer]) -> TrackCoverageAnswer:
    return TrackCoverageAnswer(
        track=one.track,
        required=one.is_required,
        window=None if one.window is None else _span(one.window),
        stored=[_span(span) for span in one.stored],
        gaps=[
            GapAnswer(
                from_ms=gap.span.from_ms,
                to_ms=gap.span.to_ms,
                cause=gap.cause,
                cause_zh=CAUSES_ZH[gap.cause],
                cause_en=CAUSES_EN[gap.cause],
                is_declared=gap.is_declared,
            )
            for gap in one.gaps
        ],
        stored_ms=one.stored_ms,
        gap_ms=one.gap_ms,
        stored_until_ms=one.stored_until_ms,
        lag_ms=one.lag_ms,
        takes=takes,
    )


def _take_answer(tx: Tx, take: Take, conflicts: Sequence[str]) -> TakeAnswer:
    return TakeAnswer(
        take_id=take.id,
        started_at=take.started_at,
        mime=take.mime,
        label=open_label(tx.keys, take),
        width=take.width,
        height=take.height,
        frame_rate=take.frame_rate,
        segment_count=take.segment_count,
        total_bytes=take.total_bytes,
        end_cause=None if take.end is None else take.end.cause,
        end_cause_zh=None if take.end is None else CAUSES_ZH[take.end.cause],
        is_test=take.is_test,
        is_intact=is_take_intact(tx.keys, take),
        conflicts=conflicts.count(take.id),
    )


def _span(span: Span) -> SpanAnswer:
    return SpanAnswer(from_ms=span.from_ms, to_ms=span.to_ms)
