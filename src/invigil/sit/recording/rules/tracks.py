"""What a report of a track says that was not known, pure."""

from invigil.sit.recording.model.tracks import TrackChange, TrackState


def is_news(told: TrackChange, before: TrackChange | None) -> bool:
    """Tell whether a report says something new.

    told: as reported; a page names one and the same `since_ms` until the state changes. before: the last change of this track, None
    for none.
    A state that began after we last heard of it was left and entered again in between, while the page had no line to say so.
    Source: S3.3.
    """
    if before is None:
        return told.state is not TrackState.OFF
    if (told.state, told.cause) != (before.state, before.cause):
        return True
    return told.state is not TrackState.OFF and told.since_ms > before.at_ms
