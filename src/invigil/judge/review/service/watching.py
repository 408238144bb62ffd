"""Watching: the tracks of an attempt, the addresses of those segments that are looked at, and the keys, never given out unrecorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from invigil.base.audit.api import record
from invigil.judge.review.rules.refusals import TakeNotFound
from invigil.kernel.grouping import group_by
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
    list_stretches,
    list_takes,
    open_take_key,
    read_takes,
)


@dataclass(frozen=True, slots=True)
class SegmentAddress:
    """A segment and where its ciphertext is. previous: hash of the segment before, which its cipher binds."""

    segment: Segment
    previous: str
    url: str


@dataclass(frozen=True, slots=True)
class AddressedSegments:
    """Segments in order of seq, may be empty. lasts: for so long their addresses are good."""

    segments: Sequence[SegmentAddress]
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class WatchedTake:
    """A take that can be played. origin_ms: server time of its presentation time 0.

    starts_ms: presentation time at which each segment from seq 1 on begins, in order.
    """

    take: Take
    origin_ms: int
    starts_ms: Sequence[int]


@dataclass(frozen=True, slots=True)
class WatchedTrack:
    """A track: what is stored, what is not and why, and the takes in order of their begin."""

    coverage: TrackCoverage
    takes: Sequence[WatchedTake]


async def list_tracks(tx: Transaction, attempt_id: AttemptId) -> list[WatchedTrack]:
    """Return the tracks of an attempt; takes of the check-in and takes without any picture are left out.

    Raises: AttemptNotFound.
    Source: S3.19.
    """
    attempt = await access_attempt(tx, attempt_id)
    stretches = group_by(await list_stretches(tx, attempt_id), lambda one: one.take_id)
    takes = [
        WatchedTake(take, take.origin_ms, [one.p0_ms for one in stretches.get(take.id, [])])
        for take in await list_takes(tx, attempt_id)
        if not take.is_test and take.origin_ms is not None and take.segment_count > 1
    ]
    return [
        WatchedTrack(coverage, [one for one in takes if one.take.track is coverage.track])
        for coverage in await compute_coverage(tx, attempt)
    ]


async def address_segments(
    tx: Transaction, media: MediaStore, attempt_id: AttemptId, take_id: str, *, first: int, most: int
) -> AddressedSegments:
    """Return so many segments of a take, from the one with seq `first` on, with addresses that were signed just now.

    A sitting has thousands of segments and a reviewer looks at few of them: addresses are signed when a page comes near.
    Raises: TakeNotFound - not of this attempt.
    Source: S3.19.
    """
    take = (await read_takes(tx, [take_id])).get(take_id)
    if take is None or take.attempt_id != attempt_id:
        raise TakeNotFound
    # Each segment's cipher binds the hash of the one before.
    found = await list_segments(tx, take, first=max(0, first - 1), most=most + min(first, 1))
    signed = [(one, media.sign_get(one.key, now=tx.now)) for one in found if one.seq >= first]
    hashes = [NO_PREVIOUS, *(one.sha256 for one in found)] if first == 0 else [one.sha256 for one in found]
    addressed = [
        SegmentAddress(one, previous, next(iter(address.urls.values())))
        for (one, address), previous in zip(signed, hashes, strict=False)
    ]
    return AddressedSegments(addressed, min((one.expires_at for _, one in signed), default=tx.now) - tx.now)


async def give_keys(tx: Transaction, who: Principal, attempt_id: AttemptId, reason: str) -> dict[str, bytes]:
    """Return the keys of an attempt's takes; that they were given out stands in the record, or they are not.

    Raises: AttemptNotFound.
    Source: S3.19, P11.
    """
    await access_attempt(tx, attempt_id)
    keys = {take.id: open_take_key(tx, take) for take in await list_takes(tx, attempt_id)}
    await record(tx, who, act="review.keys.give", on=attempt_id, details={"reason": reason, "takes": len(keys)})
    return keys
