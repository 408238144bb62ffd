"""Opening a segment: the inverse of what the page's worker did."""

from invigil.platform.keys import open_with
from invigil.sit.recording.model import CommittedSegment, Segment, Take
from invigil.sit.recording.rules.sealing import segment_binding, segment_iv


def open_segment(take: Take, segment: Segment, *, previous: str, key: bytes, ciphertext: bytes) -> bytes:
    """Return the plain bytes of a segment.

    previous: hexadecimal hash of the ciphertext before it in the take, 64 zeros for seq 0. key: of the take, 32 bytes.
    Raises: CannotOpenError - altered, or not the segment of this place, track, take, predecessor or time.
    Source: S2.5, P3.
    """
    declared = CommittedSegment(
        segment.take_id,
        segment.seq,
        segment.sha256,
        previous,
        segment.size,
        segment.p0_ms,
        segment.p1_ms,
        segment.at_ms,
    )
    binding = segment_binding(take.attempt_id, take.track, declared)
    return open_with(key, segment_iv(segment.seq), ciphertext, additional=binding)
