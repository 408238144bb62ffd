"""Reading steps, pure."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from invigil.sit.activity.model import IMPORTANCE, MAX_BATCH, Importance, LoggedStep, Step, StepForm, StepsInvalid

_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_ITEM = 8
MAX_DETAIL = 500
MAX_N = 10_000_000

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


def list_highlights(steps: Sequence[LoggedStep]) -> list[LoggedStep]:
    """Return the steps that are not plain."""
    return [step for step in steps if step.importance is not Importance.PLAIN]
