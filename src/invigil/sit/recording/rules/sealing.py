"""What each ciphertext is bound to, and how the manifest hangs together: the same bytes as in the pages' worker."""

import hashlib

from invigil.sit.recording.model.takes import CommittedSegment, Take

IV_BYTES = 12
TRACK_KEY_BYTES = 32
# Ephemeral public key, nonce, key with tag.
WRAPPED_BYTES = 32 + 12 + TRACK_KEY_BYTES + 16
KEY_CONTEXT = "recording-key"
EMPTY_DIGEST = bytes(32)


def segment_iv(seq: int) -> bytes:
    """Return the nonce of a segment: 4 zero bytes and seq, big endian; unique because each take has a key of its own."""
    return bytes(4) + seq.to_bytes(8)


def key_binding(attempt_id: str, track: str, take_id: str) -> bytes:
    """Return the additional data under which a take's key is wrapped."""
    return f"invigil/take/1|{attempt_id}|{track}|{take_id}".encode()


def segment_binding(attempt_id: str, track: str, segment: CommittedSegment) -> bytes:
    """Return the additional data of a segment: its place, the one before it, its times (S2.5, P3)."""
    place = f"invigil/segment/1|{attempt_id}|{track}|{segment.take_id}|{segment.seq}"
    return f"{place}|{segment.previous}|{segment.p0_ms}|{segment.p1_ms}|{segment.at_ms}".encode()


def extend_digest(digest: bytes, segment: CommittedSegment, kept_at_ms: int) -> bytes:
    """Return the digest of the manifest with one row more, 32 bytes."""
    row = f"{segment.seq}|{segment.sha256}|{segment.size}|{segment.p0_ms}|{segment.p1_ms}|{segment.at_ms}|{kept_at_ms}"
    return hashlib.sha256(digest + row.encode()).digest()


def state_message(take: Take) -> bytes:
    """Return what the code over a take's state covers: identity, counts, the manifest's digest and the end."""
    end = "" if take.end is None else f"{take.end.last_seq}|{take.end.cause}|{take.end.ended_at_ms}"
    parts = (
        "invigil/take-state/1", take.id, take.attempt_id, take.track, take.epoch, take.mime, take.is_test,
        take.prefix, take.segment_count, take.last_sha256, take.total_bytes,
        take.rows_digest.hex(), take.origin_ms, take.last_p1_ms, end,
    )  # fmt: skip
    return "\n".join(str(part) for part in parts).encode()


def object_key(prefix: str, seq: int, sha256: str) -> str:
    """Return where a segment stands in the media store."""
    return f"{prefix}/{seq:06d}-{sha256[:16]}"


def object_prefix(*, sitting_id: str, room_id: str, attempt_id: str, track: str, take_id: str) -> str:
    """Return the folder of a take: everything of a room stands below one prefix."""
    return f"recording/{sitting_id}/{room_id}/{attempt_id}/{track}/{take_id}"
