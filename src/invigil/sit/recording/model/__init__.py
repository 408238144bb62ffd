"""What a take, a segment, a gap and a track's state are."""

from invigil.sit.recording.model.causes import CAUSES_EN, CAUSES_ZH, GapCause
from invigil.sit.recording.model.coverage import Coverage, CoveredGap, DeclaredGap, Span, TrackCoverage
from invigil.sit.recording.model.events import SegmentConflict, TrackStateChanged
from invigil.sit.recording.model.takes import CommittedSegment, Segment, Take, TakeEnd
from invigil.sit.recording.model.tracks import TrackChange, TrackState

__all__ = [
    "CAUSES_EN",
    "CAUSES_ZH",
    "CommittedSegment",
    "Coverage",
    "CoveredGap",
    "DeclaredGap",
    "GapCause",
    "Segment",
    "SegmentConflict",
    "Span",
    "Take",
    "TakeEnd",
    "TrackChange",
    "TrackCoverage",
    "TrackState",
    "TrackStateChanged",
]
