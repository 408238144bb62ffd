"""Takes and segments as the server keeps them."""

from dataclasses import dataclass
from datetime import datetime

from invigil.kernel.ids import AttemptId
from invigil.prepare.exams.api import Track
from invigil.sit.recording.model.causes import GapCause

NO_PREVIOUS = "0" * 64


@dataclass(frozen=True, slots=True)
class TakeEnd:
    """How a take ended. last_seq: of its last segment, -1 when it has none."""

    last_seq: int
    cause: GapCause
    ended_at_ms: int


@dataclass(frozen=True, slots=True)
class Take:
    """One run of one recorder of one track (录制段次); a reload, a reconnect or another device begins a new take.

    epoch: of the page's or the phone's ticket that registered it. started_at: on the page's clock, aware UTC.
    prefix: of its objects in the media store. sealed_key: open with `open_take_key`.
    segment_count, last_sha256 (hexadecimal, 64 zeros before the first), total_bytes: of what is durable.
    rows_digest: over all manifest rows in order, 32 bytes. mac: over this state; `is_take_intact` tells whether it holds.
    origin_ms: server time of presentation time 0, milliseconds since 1970: the least `at - p1` of all segments; None before the first.
    last_p1_ms: presentation time up to which it is stored. kept_at: of the last segment, None before the first.
    """

    id: str
    attempt_id: AttemptId
    track: Track
    epoch: int
    mime: str
    width: int
    height: int
    frame_rate: float
    video_kbps: int
    audio_kbps: int
    is_test: bool
    started_at: datetime
    registered_at: datetime
    prefix: str
    sealed_key: bytes
    sealed_label: bytes
    segment_count: int
    last_sha256: str
    total_bytes: int
    rows_digest: bytes
    origin_ms: int | None
    last_p1_ms: int
    kept_at: datetime | None
    end: TakeEnd | None
    mac: bytes

    @property
    def stored_until_ms(self) -> int | None:
        """Server time up to which the take is stored, milliseconds since 1970; None before the first segment with pictures."""
        return None if self.origin_ms is None else self.origin_ms + self.last_p1_ms


@dataclass(frozen=True, slots=True)
class CommittedSegment:
    """A segment as a page declares it (录制分段). sha256, previous: hexadecimal, of the ciphertexts. size: bytes, > 0.

    p0_ms, p1_ms: presentation time inside the take, 0 and 0 for seq 0. at_ms: when it was made, on the server's clock.
    """

    take_id: str
    seq: int
    sha256: str
    previous: str
    size: int
    p0_ms: int
    p1_ms: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A durable segment. kept_at_ms: when its commit was flushed, server's clock. key: in the media store."""

    take_id: str
    seq: int
    sha256: str
    size: int
    p0_ms: int
    p1_ms: int
    at_ms: int
    kept_at_ms: int
    key: str
