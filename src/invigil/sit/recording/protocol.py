"""The manifest over the sockets of page and phone: what `POST /api/sit/recording/commit` takes, without a request of its own.

`invigil protocol` writes the TypeScript types.
"""

from typing import Annotated

import msgspec

from invigil.sit.recording.model.forms import (
    MOST_ENDS,
    MOST_GAPS,
    MOST_SEGMENTS,
    EndForm,
    GapForm,
    SegmentAnswer,
    SegmentForm,
    TrackName,
)


class CommitMessage(msgspec.Struct, tag="commit", tag_field="type", forbid_unknown_fields=True):
    """What a device declares: segments in order, ends of takes, gaps. id: the device's own, at most 40 letters; the answer bears it."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    segments: Annotated[list[SegmentForm], msgspec.Meta(max_length=MOST_SEGMENTS)] = msgspec.field(default_factory=list)
    ends: Annotated[list[EndForm], msgspec.Meta(max_length=MOST_ENDS)] = msgspec.field(default_factory=list)
    gaps: Annotated[list[GapForm], msgspec.Meta(max_length=MOST_GAPS)] = msgspec.field(default_factory=list)


class CommittedMessage(msgspec.Struct, tag="committed", tag_field="type"):
    """What became of each segment and end. stored_until_ms: by track of the takes named, server's clock."""

    id: str
    segments: list[SegmentAnswer]
    ends: list[SegmentAnswer]
    stored_until_ms: dict[TrackName, int]


class CommitRefusedMessage(msgspec.Struct, tag="commit_refused", tag_field="type"):
    """Nothing of it was kept. status, code: as the same over HTTP would be answered."""

    id: str
    status: int
    code: str


RecordingMessage = CommittedMessage | CommitRefusedMessage
