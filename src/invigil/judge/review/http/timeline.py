"""One attempt on one screen: tracks, marks, log, trail, verdicts; and the keys, recorded when they are given out."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field

from invigil.judge.review.http.judging import FindingAnswer, VerdictAnswer, answer_finding, answer_verdict
from invigil.judge.review.http.queue import CaseAnswer, answer_case
from invigil.judge.review.service.timeline import AttemptTimeline, read_timeline
from invigil.judge.review.service.watching import WatchedTake, WatchedTrack, address_segments, give_keys
from invigil.kernel.encoding import encode_base64url
from invigil.kernel.ids import AttemptId
from invigil.platform.http import ManagementRouter, Tx, Who, ports_of
from invigil.sit.activity.api import LoggedStep, name_of_step, say_detail
from invigil.sit.recording.api import CAUSES_EN, CAUSES_ZH
from invigil.watch.proctoring.api import NOTE_KINDS
from invigil.watch.signals.api import SIGNAL_KINDS, Severity

# Four minutes of a track at four seconds a segment, and some more.
MOST_ADDRESSES = 100
router = ManagementRouter(prefix="/api/review/attempts", tags=["review"])


class SegmentAnswer(BaseModel):
    """A segment and where its ciphertext is."""

    seq: int
    p0_ms: int
    p1_ms: int
    at_ms: int
    bytes: int
    sha256: str
    previous: str
    url: str


class SegmentsAnswer(BaseModel):
    """Segments in order of seq. lasts_s: for so many seconds their addresses are good."""

    segments: list[SegmentAnswer]
    lasts_s: int


class TakeAnswer(BaseModel):
    """A take that can be played. origin_ms: server time of its presentation time 0.

    starts_ms: presentation time at which each segment from seq 1 on begins, in order. ends_ms: at which the last one ends.
    """

    take_id: str
    mime: str
    origin_ms: int
    width: int
    height: int
    end_cause_zh: str | None
    end_cause_en: str | None
    starts_ms: list[int]
    ends_ms: int


class GapAnswer(BaseModel):
    """A stretch without recording, and why."""

    from_ms: int
    to_ms: int
    cause: str
    cause_zh: str
    cause_en: str


class TrackAnswer(BaseModel):
    """A track: what is stored and what is not are together the sitting."""

    track: str
    is_required: bool
    stored_ms: int
    gap_ms: int
    gaps: list[GapAnswer]
    takes: list[TakeAnswer]


class SignalAnswer(BaseModel):
    """A signal on the timeline."""

    id: str
    kind: str
    severity: Severity
    zh: str
    en: str
    device: str
    at: datetime
    last_at: datetime
    count: int
    item: str
    detail_zh: str
    detail_en: str
    must_judge: bool


class NoteAnswer(BaseModel):
    """A proctor's note. stills: the tracks of which a picture was taken."""

    id: str
    kind_zh: str
    kind_en: str
    text: str
    item: str
    by: str
    by_name: str
    at: datetime
    stills: list[str]


class StepAnswer(BaseModel):
    """A step of the operation log."""

    n: int
    device: str
    at: datetime
    kind: str
    kind_zh: str
    kind_en: str
    item: str
    detail_zh: str
    detail_en: str
    importance: str


class SaveAnswer(BaseModel):
    """A point of the answering trail. changed: items whose answer differs from the save before."""

    seq: int
    saved_at: datetime
    answered: int
    changed: list[str]


class TimelineAnswer(BaseModel):
    """Everything about an attempt that a reviewer looks at, on the server's clock. from_ms, to_ms: of the screen's timeline."""

    attempt_id: str
    sitting_id: str
    sitting_title: str
    name: str
    ticket_number: str
    identity_masked: str
    employer: str
    room_number: int
    seat_number: int
    subject_code: str
    state: str
    starts_at: datetime
    ended_at: datetime | None
    from_ms: int
    to_ms: int
    needs_second_review: bool
    tracks: list[TrackAnswer]
    signals: list[SignalAnswer]
    notes: list[NoteAnswer]
    findings: list[FindingAnswer]
    steps: list[StepAnswer]
    trail: list[SaveAnswer]
    verdicts: list[VerdictAnswer]
    case: CaseAnswer


class KeysForm(BaseModel):
    """Why the recording is looked at; it goes into the record, so no personal data."""

    reason: str = Field(min_length=2, max_length=200)


class KeysAnswer(BaseModel):
    """The keys by take, base64url of 32 bytes."""

    keys: dict[str, str]


@router.get("/{attempt_id}", name="review.timeline.show", summary="一名考生的全部录像、标记与日志")
async def show_timeline(attempt_id: AttemptId, tx: Tx) -> TimelineAnswer:
    """Return everything on one timeline; pictures stay closed until the keys are asked for."""
    return _answer(await read_timeline(tx, attempt_id))


@router.get("/{attempt_id}/takes/{take_id}/segments", name="review.segments.list", summary="一段录像中若干分片的地址")
async def show_segments(
    attempt_id: AttemptId,
    take_id: str,
    request: Request,
    tx: Tx,
    *,
    first: Annotated[int, Query(ge=0)] = 0,
    most: Annotated[int, Query(ge=1, le=MOST_ADDRESSES)] = MOST_ADDRESSES,
) -> SegmentsAnswer:
    """Return where the ciphertexts of these segments are; only the keys open them."""
    found = await address_segments(tx, ports_of(request).media, attempt_id, take_id, first=first, most=most)
    segments = [
        SegmentAnswer(
            seq=at.segment.seq, p0_ms=at.segment.p0_ms, p1_ms=at.segment.p1_ms, at_ms=at.segment.at_ms,
            bytes=at.segment.size, sha256=at.segment.sha256, previous=at.previous, url=at.url,
        )
        for at in found.segments
    ]  # fmt: skip
    return SegmentsAnswer(segments=segments, lasts_s=int(found.lasts.total_seconds()))


@router.post("/{attempt_id}/keys", name="review.keys.give", summary="取得录像密钥（记入审计）")
async def give(attempt_id: AttemptId, form: KeysForm, tx: Tx, who: Who) -> KeysAnswer:
    """Give out the keys of the recording; the act is recorded, or it does not happen."""
    keys = await give_keys(tx, who, attempt_id, form.reason.strip())
    return KeysAnswer(keys={take: encode_base64url(key) for take, key in keys.items()})


def _answer(one: AttemptTimeline) -> TimelineAnswer:
    attempt, card = one.attempt, one.card
    return TimelineAnswer(
        attempt_id=attempt.id,
        sitting_id=attempt.sitting_id,
        sitting_title=one.sitting.title,
        name=card.name if card else "",
        ticket_number=card.ticket_number if card else "",
        identity_masked=card.identity_masked if card else "",
        employer=card.employer if card else "",
        room_number=one.room_number,
        seat_number=attempt.seat_number,
        subject_code=attempt.subject_code,
        state=attempt.state,
        starts_at=attempt.starts_at,
        ended_at=attempt.ended_at,
        from_ms=one.from_ms,
        to_ms=one.to_ms,
        needs_second_review=one.sitting.rules.recording.needs_second_review,
        tracks=[_track(track) for track in one.tracks],
        signals=_signals(one),
        notes=_notes(one),
        findings=[answer_finding(finding) for finding in one.findings],
        steps=[
            _step(step) for step in one.steps
        ],
        trail=[
            SaveAnswer(seq=save.seq, saved_at=save.saved_at, answered=save.answered, changed=list(save.changed))
            for save in one.trail
        ],
        verdicts=[answer_verdict(verdict) for verdict in one.verdicts],
        case=answer_case(one.case, one.names),
    )  # fmt: skip


def _track(one: WatchedTrack) -> TrackAnswer:
    coverage = one.coverage
    return TrackAnswer(
        track=coverage.track,
        is_required=coverage.is_required,
        stored_ms=coverage.stored_ms,
        gap_ms=coverage.gap_ms,
        gaps=[
            GapAnswer(
                from_ms=gap.span.from_ms,
                to_ms=gap.span.to_ms,
                cause=gap.cause,
                cause_zh=CAUSES_ZH[gap.cause],
                cause_en=CAUSES_EN[gap.cause],
            )
            for gap in coverage.gaps
        ],
        takes=[_take(take) for take in one.takes],
    )


def _take(one: WatchedTake) -> TakeAnswer:
    return TakeAnswer(
        take_id=one.take.id,
        mime=one.take.mime,
        origin_ms=one.origin_ms,
        width=one.take.width,
        height=one.take.height,
        end_cause_zh=None if one.take.end is None else CAUSES_ZH[one.take.end.cause],
        end_cause_en=None if one.take.end is None else CAUSES_EN[one.take.end.cause],
        starts_ms=list(one.starts_ms),
        ends_ms=one.take.last_p1_ms,
    )


def _step(one: LoggedStep) -> StepAnswer:
    name, detail = name_of_step(one.kind), say_detail(one.kind, one.detail)
    return StepAnswer(
        n=one.n, device=one.device, at=one.at_client, kind=one.kind, kind_zh=name.zh, kind_en=name.en, item=one.item,
        detail_zh=detail.zh, detail_en=detail.en, importance=one.importance,
    )  # fmt: skip


def _signals(one: AttemptTimeline) -> list[SignalAnswer]:
    return [
        SignalAnswer(
            id=signal.id, kind=signal.kind, severity=signal.severity, zh=SIGNAL_KINDS[signal.kind].zh,
            en=SIGNAL_KINDS[signal.kind].en, device=signal.device, at=signal.at, last_at=signal.last_at,
            count=signal.count, item=signal.item, detail_zh=say_detail(signal.kind, signal.detail).zh,
            detail_en=say_detail(signal.kind, signal.detail).en, must_judge=signal.severity != "low",
        )
        for signal in one.signals
    ]  # fmt: skip


def _notes(one: AttemptTimeline) -> list[NoteAnswer]:
    return [
        NoteAnswer(
            id=note.id, kind_zh=NOTE_KINDS[note.kind].zh, kind_en=NOTE_KINDS[note.kind].en, text=note.text, item=note.item, by=note.by,
            by_name=one.names.get(note.by, ""), at=note.at, stills=sorted(note.stills),
        )
        for note in one.notes
    ]  # fmt: skip
