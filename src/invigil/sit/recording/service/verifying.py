"""Verifying a recording: every segment is there, is the one that was declared, opens, and stands where it was made (P3, I6)."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from invigil.platform.db import Transaction
from invigil.platform.keys import CannotOpenError, Keys, open_with
from invigil.platform.media import MediaMissingError, MediaStore
from invigil.sit.recording import store
from invigil.sit.recording.model import CommittedSegment, Segment, Take
from invigil.sit.recording.model.takes import NO_PREVIOUS
from invigil.sit.recording.rules.sealing import EMPTY_DIGEST, extend_digest, segment_binding, segment_iv
from invigil.sit.recording.service.keeping import is_take_intact, open_key_with


class FaultKind(StrEnum):
    """What is wrong with a take or a segment."""

    STATE_ALTERED = "state_altered"
    MANIFEST_ALTERED = "manifest_altered"
    KEY_LOST = "key_lost"
    OBJECT_MISSING = "object_missing"
    OBJECT_ALTERED = "object_altered"
    DOES_NOT_OPEN = "does_not_open"


FAULTS_ZH = {
    FaultKind.STATE_ALTERED: "录制段次的状态被改动",
    FaultKind.MANIFEST_ALTERED: "分段清单被改动、增删或换位",
    FaultKind.KEY_LOST: "录制密钥打不开",
    FaultKind.OBJECT_MISSING: "存储中缺少该分段",
    FaultKind.OBJECT_ALTERED: "存储中的分段与登记的哈希不符",
    FaultKind.DOES_NOT_OPEN: "分段无法解密，或不属于这个位置",
}


@dataclass(frozen=True, slots=True)
class RecordingFault:
    """One finding. seq: None when it is about the whole take."""

    take_id: str
    seq: int | None
    kind: FaultKind


@dataclass(frozen=True, slots=True)
class Verified:
    """What was verified of a take; faults may be empty."""

    take: Take
    segment_count: int
    size: int
    faults: Sequence[RecordingFault]


Fetch = Callable[[str], Awaitable[bytes]]


async def verify_attempt(tx: Transaction, media: MediaStore, attempt_id: str) -> list[Verified]:
    """Verify every take of an attempt against the store, one segment in memory at a time."""
    found = []
    for take in await store.list_takes(tx, attempt_id):
        segments = await store.list_segments(tx, take)
        faults = await verify_take(tx.keys, take, segments, media.get)
        found.append(Verified(take, len(segments), sum(one.size for one in segments), faults))
    return found


async def verify_take(keys: Keys, take: Take, segments: Sequence[Segment], fetch: Fetch) -> list[RecordingFault]:
    """Return everything that is wrong with a take; empty when it is whole.

    segments: its rows in order of seq. fetch: gives the object under a key, raises MediaMissingError.
    Source: P3: every flip, drop, swap, truncation and splice is found. A take set back as a whole to a state that once was, with
    the code of that state, is not: it shows as a gap.
    """
    faults = [RecordingFault(take.id, None, kind) for kind in _find_state_faults(keys, take, segments)]
    try:
        key = open_key_with(keys, take)
    except CannotOpenError:
        return [*faults, RecordingFault(take.id, None, FaultKind.KEY_LOST)]
    previous = NO_PREVIOUS
    for segment in segments:
        kind = await _find_fault(take, _committed(segment, previous), key, segment.key, fetch)
        if kind is not None:
            faults.append(RecordingFault(take.id, segment.seq, kind))
        previous = segment.sha256
    return faults


def _find_state_faults(keys: Keys, take: Take, segments: Sequence[Segment]) -> list[FaultKind]:
    faults = []
    if not is_take_intact(keys, take):
        faults.append(FaultKind.STATE_ALTERED)
    digest, previous = EMPTY_DIGEST, NO_PREVIOUS
    for segment in segments:
        digest = extend_digest(digest, _committed(segment, previous), segment.kept_at_ms)
        previous = segment.sha256
    stands = (len(segments), previous, sum(one.size for one in segments), digest)
    declared = (take.segment_count, take.last_sha256, take.total_bytes, take.rows_digest)
    are_in_order = [one.seq for one in segments] == list(range(len(segments)))
    if stands != declared or not are_in_order or any(one.take_id != take.id for one in segments):
        faults.append(FaultKind.MANIFEST_ALTERED)
    return faults


async def _find_fault(
    take: Take, segment: CommittedSegment, key: bytes, object_key: str, fetch: Fetch
) -> FaultKind | None:
    try:
        ciphertext = await fetch(object_key)
    except MediaMissingError:
        return FaultKind.OBJECT_MISSING
    if len(ciphertext) != segment.size or hashlib.sha256(ciphertext).hexdigest() != segment.sha256:
        return FaultKind.OBJECT_ALTERED
    try:
        binding = segment_binding(take.attempt_id, take.track, segment)
        open_with(key, segment_iv(segment.seq), ciphertext, additional=binding)
    except (CannotOpenError, OverflowError):
        return FaultKind.DOES_NOT_OPEN
    return None


def _committed(segment: Segment, previous: str) -> CommittedSegment:
    return CommittedSegment(
        take_id=segment.take_id,
        seq=segment.seq,
        sha256=segment.sha256,
        previous=previous,
        size=segment.size,
        p0_ms=segment.p0_ms,
        p1_ms=segment.p1_ms,
        at_ms=segment.at_ms,
    )
