"""Beginning a take."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from invigil.platform.db import Transaction
from invigil.prepare.exams.api import Track
from invigil.sit.answering.api import Attempt, access_attempt
from invigil.sit.recording import store
from invigil.sit.recording.model import Take
from invigil.sit.recording.model.forms import TakeForm
from invigil.sit.recording.model.refusals import RecordingOver, TakeConflict, TooManyTakes
from invigil.sit.recording.model.takes import NO_PREVIOUS
from invigil.sit.recording.rules.sealing import EMPTY_DIGEST, object_prefix
from invigil.sit.recording.service.keeping import (
    open_key_with,
    open_label,
    seal_label,
    seal_take_key,
    unwrap_key,
    with_mac,
)
from invigil.sit.recording.service.passes import RecordingPass

# Three tracks, each begun anew at every reload or reconnect; a page that reloads every minute for an hour and a half stays below.
MOST_TAKES = 300
# A page that was closed offline may be opened again within this, and sends what it holds.
DRAIN_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a device says about a take. key: unwrapped, 32 bytes."""

    who: RecordingPass
    form: TakeForm
    key: bytes
    started_at: datetime


async def register_take(tx: Transaction, who: RecordingPass, form: TakeForm, started_at: datetime) -> Take:
    """Make a take known before its first segment; the same again changes nothing.

    Raises: TrackNotYours, KeyInvalid, TakeConflict, TooManyTakes, RecordingOver, AttemptNotFound.
    Source: S3.3, S2.5.
    """
    who.check_track(form.track)
    key = unwrap_key(tx.keys, form.wrapped_key, attempt_id=who.attempt_id, track=form.track, take_id=form.take_id)
    claim = _Claim(who, form, key, started_at)
    await tx.lock(f"recording.take/{who.attempt_id}")
    present = (await store.read_takes(tx, [form.take_id])).get(form.take_id)
    if present is not None:
        _check_same(tx, present, claim)
        return present
    attempt = await access_attempt(tx, who.attempt_id)
    check_may_register(attempt, tx.now)
    if await store.count_takes(tx, attempt.id) >= MOST_TAKES:
        raise TooManyTakes
    take = with_mac(tx.keys, _begin(tx, attempt, claim))
    await store.insert_take(tx, take, sitting_id=attempt.sitting_id)
    return take


def check_may_register(attempt: Attempt, now: datetime) -> None:
    """Pass while something of the attempt may still be on its way.

    Raises: RecordingOver.
    """
    if attempt.ended_at is not None and now > attempt.ended_at + DRAIN_WITHIN:
        raise RecordingOver


def _check_same(tx: Transaction, present: Take, claim: _Claim) -> None:
    form = claim.form
    given = (claim.who.attempt_id, form.track, form.mime, form.width, form.height, form.frame_rate, form.video_kbps)
    stands = (
        present.attempt_id, present.track, present.mime, present.width, present.height, present.frame_rate, present.video_kbps,
    )  # fmt: skip
    more = (form.audio_kbps, form.is_test, claim.started_at)
    if given != stands or more != (present.audio_kbps, present.is_test, present.started_at):
        raise TakeConflict
    if open_key_with(tx.keys, present) != claim.key or open_label(tx.keys, present) != form.label:
        raise TakeConflict


def _begin(tx: Transaction, attempt: Attempt, claim: _Claim) -> Take:
    form = claim.form
    prefix = object_prefix(
        sitting_id=attempt.sitting_id,
        room_id=attempt.room_id,
        attempt_id=attempt.id,
        track=form.track,
        take_id=form.take_id,
    )
    return Take(
        id=form.take_id,
        attempt_id=attempt.id,
        track=Track(form.track),
        epoch=claim.who.epoch,
        mime=form.mime,
        width=form.width,
        height=form.height,
        frame_rate=form.frame_rate,
        video_kbps=form.video_kbps,
        audio_kbps=form.audio_kbps,
        is_test=form.is_test,
        started_at=claim.started_at,
        registered_at=tx.now,
        prefix=prefix,
        sealed_key=seal_take_key(tx.keys, claim.key, form.take_id),
        sealed_label=seal_label(tx.keys, form.label, form.take_id),
        segment_count=0,
        last_sha256=NO_PREVIOUS,
        total_bytes=0,
        rows_digest=EMPTY_DIGEST,
        origin_ms=None,
        last_p1_ms=0,
        kept_at=None,
        end=None,
        mac=b"",
    )
