"""Watching: the tracks of an attempt with the addresses of their segments, and the keys, which are never given out unrecorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.media import MediaStore
from invigil.sit.answering.api import access_attempt
from invigil.sit.recording.api import (
    NO_PREVIOUS,
    Segment,
    Take,
    TrackCoverage,
    compute_coverage,
    list_segments,
    list_takes,
    open_take_key,
)


@dataclass(frozen=True, slots=True)
class SegmentAddress:
    """A segment and where its ciphertext is. previous: hash of the segment before, which its cipher binds."""

    segment: Segment
    previous: str
    url: str


@dataclass(frozen=True, slots=True)
class WatchedTake:
    """A take that can be played. origin_ms: server time of its presentation time 0."""

    take: Take
    origin_ms: int
    segments: Sequence[SegmentAddress]


@dataclass(frozen=True, slots=True)
class WatchedTrack:
    """A track: what is stored, what is not and why, and the takes in order of their begin."""

    coverage: TrackCoverage
    takes: Sequence[WatchedTake]


async def list_tracks(tx: Transaction, media: MediaStore, attempt_id: AttemptId) -> list[WatchedTrack]:
    """Return the tracks of an attempt; takes of the check-in and takes without any picture are left out.

    Raises: AttemptNotFound.
    Source: S3.19.
    """
    attempt = await access_attempt(tx, attempt_id)
    takes = [
        await _watch(tx, media, take, take.origin_ms)
        for take in await list_takes(tx, attempt_id)
        if not take.is_test and take.origin_ms is not None and take.segment_count > 1
    ]
    return [
        WatchedTrack(coverage, [one for one in takes if one.take.track is coverage.track])
        for coverage in await compute_coverage(tx, attempt)
    ]


async def give_keys(tx: Transaction, who: Principal, attempt_id: AttemptId, reason: str) -> dict[str, bytes]:
    """Return the keys of an attempt's takes; that they were given out stands in the record, or they are not.

    Raises: AttemptNotFound.
    Source: S3.19, P11.
    """
    await access_attempt(tx, attempt_id)
    keys = {take.id: open_take_key(tx, take) for take in await list_takes(tx, attempt_id)}
    await record(tx, who, act="review.keys.give", on=attempt_id, details={"reason": reason, "takes": len(keys)})
    return keys


async def _watch(tx: Transaction, media: MediaStore, take: Take, origin_ms: int) -> WatchedTake:
    addressed: list[SegmentAddress] = []
    previous = NO_PREVIOUS
    for segment in await list_segments(tx, take):
        (url, *_) = media.sign_get(segment.key, now=tx.now).urls.values()
        addressed.append(SegmentAddress(segment, previous, url))
        previous = segment.sha256
    return WatchedTake(take, origin_ms, addressed)
