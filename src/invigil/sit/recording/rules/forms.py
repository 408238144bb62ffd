"""Reading what pages send."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from invigil.sit.recording.model.forms import CommitForm, ProbeForm, TakeForm, TargetsForm
from invigil.sit.recording.model.refusals import RecordingInvalid

F = TypeVar("F")

_decode_take = msgspec.json.Decoder(TakeForm).decode
_decode_targets = msgspec.json.Decoder(TargetsForm).decode
_decode_probe = msgspec.json.Decoder(ProbeForm).decode
_decode_commit = msgspec.json.Decoder(CommitForm).decode


def read_take(body: bytes) -> tuple[TakeForm, datetime]:
    """Return the form and when the take began, aware UTC.

    Raises: RecordingInvalid.
    """
    form = _read(_decode_take, body)
    try:
        started_at = datetime.fromisoformat(form.started_at)
    except ValueError as fault:
        raise RecordingInvalid(reason="开始时间无法读取") from fault
    if started_at.tzinfo is None or not 2000 <= started_at.year <= 2200:
        raise RecordingInvalid(reason="开始时间无法读取")
    if "\x00" in form.label:  # PostgreSQL keeps no NUL in a text
        raise RecordingInvalid(reason="设备名称含有无效字符")
    return form, started_at


def read_targets(body: bytes) -> TargetsForm:
    """Return the form. Raises: RecordingInvalid."""
    return _read(_decode_targets, body)


def read_probe(body: bytes) -> ProbeForm:
    """Return the form. Raises: RecordingInvalid."""
    return _read(_decode_probe, body)


def read_commit(body: bytes) -> CommitForm:
    """Return the form. Raises: RecordingInvalid."""
    form = _read(_decode_commit, body)
    check_commit(form)
    return form


def check_commit(form: CommitForm) -> None:
    """Pass when times make sense; types and bounds were checked while decoding.

    Raises: RecordingInvalid.
    """
    for one in form.segments:
        if one.p0_ms > one.p1_ms or (one.seq == 0 and one.p1_ms > 0):
            raise RecordingInvalid(reason="分段的起止时间不正确")
    for gap in form.gaps:
        if gap.from_ms >= gap.to_ms:
            raise RecordingInvalid(reason="缺口的起止时间不正确")


def _read(decode: Callable[[bytes], F], body: bytes) -> F:
    try:
        return decode(body)
    except msgspec.DecodeError as fault:
        raise RecordingInvalid(reason="不是有效的数据") from fault
