"""Words about devices and tracks that pages, board and recording share."""

from typing import Literal

Device = Literal["pc", "phone"]
TrackName = Literal["screen", "camera", "phone"]
TrackState = Literal["starting", "live", "stopped", "off"]
Sender = Literal["candidate", "staff"]

# The order of the tracks in a still's second byte.
TRACKS: tuple[TrackName, ...] = ("screen", "camera", "phone")
