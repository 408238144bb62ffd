"""How a track is, as its page reports it."""

from dataclasses import dataclass
from enum import StrEnum

from invigil.prepare.exams.api import Track
from invigil.sit.recording.model.causes import GapCause


class TrackState(StrEnum):
    """OFF (not asked for yet) -> STARTING -> LIVE -> STOPPED -> STARTING …; any state may be reported again."""

    OFF = "off"
    STARTING = "starting"
    LIVE = "live"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class TrackChange:
    """A track's state from this instant on. since_ms: when it began on the page's idea of our clock. at_ms: when we learnt of it."""

    track: Track
    state: TrackState
    cause: GapCause | None
    since_ms: int
    at_ms: int
