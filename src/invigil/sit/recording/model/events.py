"""News about recordings, past tense."""

from dataclasses import dataclass

from invigil.kernel.ids import AttemptId, RoomId, SittingId
from invigil.prepare.exams.api import Track
from invigil.sit.recording.model.causes import GapCause
from invigil.sit.recording.model.tracks import TrackState


@dataclass(frozen=True, slots=True)
class TrackStateChanged:
    """A track went live or stopped; told at once, so that candidate, proctor and log know within seconds (S3.3).

    since_ms: when it began, at_ms: when we learnt of it; milliseconds since 1970, server's clock.
    """

    attempt_id: AttemptId
    sitting_id: SittingId
    room_id: RoomId
    track: Track
    state: TrackState
    cause: GapCause | None
    since_ms: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class SegmentConflict:
    """A page declared another content under a position that is taken, or broke the chain; what was stored first stands."""

    attempt_id: AttemptId
    track: Track
    take_id: str
    seq: int
    at_ms: int
