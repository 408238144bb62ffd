"""Reading steps, pure."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from invigil.prepare.exams.api import Track
from invigil.sit.activity.model import IMPORTANCE, MAX_BATCH, Importance, LoggedStep, Step, StepForm, StepsInvalid
from invigil.sit.recording.api import GapCause, TrackChange, TrackState

_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_ITEM = 8
MAX_DETAIL = 500
MAX_N = 10_000_000
_KIND_OF_STATE = {
    TrackState.LIVE: "recording_started",
    TrackState.STOPPED: "recording_stopped",
    TrackState.OFF: "recording_ended",
}

_decode = msgspec.json.Decoder(StepForm).decode


def read_steps(body: bytes, now: datetime, device: str) -> list[LoggedStep]:
    """Return the steps of a batch, each with the server's time of arrival.

    Raises: StepsInvalid - not JSON, too many, or a field out of bounds.
    Source: S3.18.
    """
    try:
        form = _decode(body)
    except msgspec.DecodeError as fault:
        raise StepsInvalid from fault
    if len(form.events) > MAX_BATCH:
        raise StepsInvalid
    return [_read(step, now, device) for step in form.events]


def _read(step: Step, now: datetime, device: str) -> LoggedStep:
    if not (0 <= step.n <= MAX_N and _KIND.fullmatch(step.kind)):
        raise StepsInvalid
    if len(step.item) > MAX_ITEM or len(step.detail) > MAX_DETAIL:
        raise StepsInvalid
    # PostgreSQL keeps no NUL in a text: one such step would undo the whole group that it is written with.
    if "\x00" in step.item or "\x00" in step.detail:
        raise StepsInvalid
    try:
        at_client = datetime.fromisoformat(step.at_client)
    except ValueError as fault:
        raise StepsInvalid from fault
    if at_client.tzinfo is None or not 2000 <= at_client.year <= 2200:
        raise StepsInvalid
    importance = IMPORTANCE.get(step.kind, Importance.PLAIN)
    return LoggedStep(step.n, device, at_client, now, step.kind, step.item, step.detail, importance)


def step_of_change(change: TrackChange) -> LoggedStep | None:
    """Return the step that the server itself writes when a track stops or runs again; None for what is under way.

    detail: the track, and the cause of a stop behind a slash. Source: S3.3, S3.18.
    """
    kind = _KIND_OF_STATE.get(change.state)
    if kind is None:
        return None
    # Nobody interrupts what ends with the attempt.
    if change.cause is GapCause.FINISHED:
        kind = _KIND_OF_STATE[TrackState.OFF]
    detail = change.track.value if change.cause is None else f"{change.track.value}/{change.cause.value}"
    # Two tracks may change in the same millisecond, one track hardly.
    n = change.at_ms * len(Track) + list(Track).index(change.track)
    device = "phone" if change.track is Track.PHONE else "pc"
    since, learnt = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (change.since_ms, change.at_ms))
    return LoggedStep(n, device, since, learnt, kind, "", detail, IMPORTANCE[kind])


def list_highlights(steps: Sequence[LoggedStep]) -> list[LoggedStep]:
    """Return the steps that are not plain."""
    return [step for step in steps if step.importance is not Importance.PLAIN]
