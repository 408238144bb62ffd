"""What pages send, as msgspec reads it: everything out of bounds is refused while it is decoded."""

from typing import Annotated, Literal

import msgspec

from invigil.sit.recording.model.causes import GapCause

# A fragment of 4 s at the highest rate a sitting may ask for is far below this.
MAX_SEGMENT_BYTES = 4 << 20
# A take of eight hours with segments of one second.
MAX_SEQ = 30_000
MOST_TARGETS = 50
# A check of the line sends a small and a larger parcel to each access point.
MOST_PARCELS = 4
MAX_PARCEL_BYTES = 256 << 10
MOST_SEGMENTS = 200
MOST_ENDS = 20
MOST_GAPS = 100
# Until the year 2200; a bound keeps numbers inside what the database and JavaScript hold exactly.
MAX_INSTANT_MS = 7_258_118_400_000
MAX_PRESENTATION_MS = 48 * 3_600_000

TakeName = Annotated[str, msgspec.Meta(pattern=r"^take_[0-9A-HJKMNP-TV-Z]{26}$")]
Sha256Hex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Seq = Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQ)]
SizeBytes = Annotated[int, msgspec.Meta(ge=1, le=MAX_SEGMENT_BYTES)]
InstantMs = Annotated[int, msgspec.Meta(ge=0, le=MAX_INSTANT_MS)]
PresentationMs = Annotated[int, msgspec.Meta(ge=0, le=MAX_PRESENTATION_MS)]
TrackName = Literal["screen", "camera", "phone"]
Pixels = Annotated[int, msgspec.Meta(ge=0, le=16_384)]
Kbps = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class TakeForm(msgspec.Struct, forbid_unknown_fields=True):
    """A new take. wrapped_key: base64url of ephemeral public key (32 bytes), nonce (12), ciphertext (48). started_at: ISO 8601."""

    take_id: TakeName
    track: TrackName
    mime: Annotated[str, msgspec.Meta(pattern=r"^video/(mp4|webm|x-matroska)(;[ a-zA-Z0-9=.,\"_-]{0,80})?$")]
    wrapped_key: Annotated[str, msgspec.Meta(min_length=123, max_length=123, pattern=r"^[A-Za-z0-9_-]+$")]
    started_at: Annotated[str, msgspec.Meta(max_length=40)]
    width: Pixels
    height: Pixels
    frame_rate: Annotated[float, msgspec.Meta(ge=0, le=240)]
    video_kbps: Kbps
    audio_kbps: Kbps
    label: Annotated[str, msgspec.Meta(max_length=200)] = ""
    is_test: bool = False


class TargetForm(msgspec.Struct, forbid_unknown_fields=True):
    """A segment that a page wants to PUT."""

    take_id: TakeName
    seq: Seq
    sha256: Sha256Hex
    bytes: SizeBytes


class TargetsForm(msgspec.Struct, forbid_unknown_fields=True):
    """Segments that a page wants to PUT soon."""

    segments: Annotated[list[TargetForm], msgspec.Meta(min_length=1, max_length=MOST_TARGETS)]


class ParcelForm(msgspec.Struct, forbid_unknown_fields=True):
    """Random bytes of a network check."""

    sha256: Sha256Hex
    bytes: Annotated[int, msgspec.Meta(ge=1, le=MAX_PARCEL_BYTES)]


class ProbeForm(msgspec.Struct, forbid_unknown_fields=True):
    """What a page wants to send to every access point to measure its line."""

    parcels: Annotated[list[ParcelForm], msgspec.Meta(min_length=1, max_length=MOST_PARCELS)]


class SegmentForm(msgspec.Struct, forbid_unknown_fields=True):
    """A segment that a page has PUT."""

    take_id: TakeName
    seq: Seq
    sha256: Sha256Hex
    previous: Sha256Hex
    bytes: SizeBytes
    p0_ms: PresentationMs
    p1_ms: PresentationMs
    at_ms: InstantMs


class EndForm(msgspec.Struct, forbid_unknown_fields=True):
    """The end of a take. last_seq: -1 when nothing was ever recorded."""

    take_id: TakeName
    last_seq: Annotated[int, msgspec.Meta(ge=-1, le=MAX_SEQ)]
    cause: GapCause
    ended_at_ms: InstantMs


class GapForm(msgspec.Struct, forbid_unknown_fields=True):
    """An interval without recording, and why; from_ms < to_ms."""

    track: TrackName
    from_ms: InstantMs
    to_ms: InstantMs
    cause: GapCause


class CommitForm(msgspec.Struct, forbid_unknown_fields=True):
    """What a page declares: segments in order, ends of takes, gaps."""

    segments: Annotated[list[SegmentForm], msgspec.Meta(max_length=MOST_SEGMENTS)] = msgspec.field(default_factory=list)
    ends: Annotated[list[EndForm], msgspec.Meta(max_length=MOST_ENDS)] = msgspec.field(default_factory=list)
    gaps: Annotated[list[GapForm], msgspec.Meta(max_length=MOST_GAPS)] = msgspec.field(default_factory=list)


SegmentState = Literal["kept", "missing", "conflict", "out_of_order", "unknown_take"]


class SegmentAnswer(msgspec.Struct):
    """What became of a segment or an end. "kept": durable, the page may delete its copy. expected_seq: the next one of the take."""

    take_id: str
    seq: int
    state: SegmentState
    expected_seq: int


class CommitAnswer(msgspec.Struct):
    """The answer to a commit. stored_until_ms: by track of the takes named, server's clock."""

    segments: list[SegmentAnswer]
    ends: list[SegmentAnswer]
    stored_until_ms: dict[TrackName, int]
