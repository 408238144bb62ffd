"""The recording feature's facade."""

from invigil.sit.recording import protocol
from invigil.sit.recording.model import (
    CAUSES_EN,
    CAUSES_ZH,
    CommittedSegment,
    CoveredGap,
    DeclaredGap,
    GapCause,
    Segment,
    SegmentConflict,
    Span,
    Take,
    TakeEnd,
    TrackChange,
    TrackCoverage,
    TrackState,
    TrackStateChanged,
)
from invigil.sit.recording.model.forms import CommitAnswer, CommitForm
from invigil.sit.recording.model.takes import NO_PREVIOUS
from invigil.sit.recording.rules.forms import check_commit
from invigil.sit.recording.rules.sealing import KEY_CONTEXT, key_binding, segment_binding, segment_iv
from invigil.sit.recording.service.covering import compute_coverage
from invigil.sit.recording.service.destroying import forget_take_keys
from invigil.sit.recording.service.keeping import is_take_intact, open_label, open_take_key
from invigil.sit.recording.service.linking import listen_to_commits
from invigil.sit.recording.service.opening import open_segment
from invigil.sit.recording.service.passes import RecordingPass
from invigil.sit.recording.service.recorder import Recorder, to_ms
from invigil.sit.recording.service.verifying import (
    FAULTS_ZH,
    FaultKind,
    RecordingFault,
    Verified,
    verify_attempt,
    verify_take,
)
from invigil.sit.recording.service.watching import TrackWatch, listen
from invigil.sit.recording.store import (
    list_changes,
    list_conflicts,
    list_gaps,
    list_segments,
    list_stretches,
    list_takes,
    read_takes,
)

__all__ = [
    "CAUSES_EN",
    "CAUSES_ZH",
    "FAULTS_ZH",
    "KEY_CONTEXT",
    "NO_PREVIOUS",
    "CommitAnswer",
    "CommitForm",
    "CommittedSegment",
    "CoveredGap",
    "DeclaredGap",
    "FaultKind",
    "GapCause",
    "Recorder",
    "RecordingFault",
    "RecordingPass",
    "Segment",
    "SegmentConflict",
    "Span",
    "Take",
    "TakeEnd",
    "TrackChange",
    "TrackCoverage",
    "TrackState",
    "TrackStateChanged",
    "TrackWatch",
    "Verified",
    "check_commit",
    "compute_coverage",
    "forget_take_keys",
    "is_take_intact",
    "key_binding",
    "list_changes",
    "list_conflicts",
    "list_gaps",
    "list_segments",
    "list_stretches",
    "list_takes",
    "listen",
    "listen_to_commits",
    "open_label",
    "open_segment",
    "open_take_key",
    "protocol",
    "read_takes",
    "segment_binding",
    "segment_iv",
    "to_ms",
    "verify_attempt",
    "verify_take",
]
