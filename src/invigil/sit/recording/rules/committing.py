"""May this segment, this end be kept?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from invigil.sit.recording.model.forms import SegmentState
from invigil.sit.recording.model.takes import CommittedSegment, Take, TakeEnd
from invigil.sit.recording.rules.sealing import extend_digest


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a segment or an end. take: as it is afterwards. is_new: whether a row must be written."""

    state: SegmentState
    take: Take
    is_new: bool = False


def decide_segment(
    take: Take, segment: CommittedSegment, known: Mapping[int, str], size: int | None, now_ms: int
) -> Decided:
    """Decide one segment against the take as it is.

    known: hashes of those positions below `segment_count` that are asked for. size: of the object in the store, None when absent.
    Source: P3; a position is written once: the same hash again is kept, another one is a conflict and never replaces the first.
    """
    if segment.seq < take.segment_count:
        return Decided("kept" if known.get(segment.seq) == segment.sha256 else "conflict", take)
    if take.end is not None and segment.seq > take.end.last_seq:
        return Decided("conflict", take)
    if segment.seq > take.segment_count:
        return Decided("out_of_order", take)
    if segment.previous != take.last_sha256:
        return Decided("conflict", take)
    if size != segment.size:
        return Decided("missing", take)
    return Decided("kept", _extend(take, segment, now_ms), is_new=True)


def decide_end(take: Take, end: TakeEnd) -> Decided:
    """Decide the end of a take; it is kept once everything before it is."""
    if take.end is not None:
        return Decided("kept" if take.end == end else "conflict", take)
    if end.last_seq < take.segment_count - 1:
        return Decided("conflict", take)
    if end.last_seq > take.segment_count - 1:
        return Decided("out_of_order", take)
    return Decided("kept", replace(take, end=end), is_new=True)


def _extend(take: Take, segment: CommittedSegment, now_ms: int) -> Take:
    origin = take.origin_ms
    if segment.seq > 0:
        here = segment.at_ms - segment.p1_ms
        origin = here if origin is None else min(origin, here)
    return replace(
        take,
        segment_count=segment.seq + 1,
        last_sha256=segment.sha256,
        total_bytes=take.total_bytes + segment.size,
        rows_digest=extend_digest(take.rows_digest, segment, now_ms),
        origin_ms=origin,
        last_p1_ms=max(take.last_p1_ms, segment.p1_ms),
    )
