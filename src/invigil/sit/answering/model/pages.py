"""How a candidate's device is, as its page tells; kept in presence, never in the database."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from invigil.sit.answering.model.tracks import TrackName, TrackState


class DeviceState(msgspec.Struct, frozen=True, omit_defaults=True):
    """A PC or a phone. gone_at: since when it is not connected. tracks: name → (state, cause, since ms on the server's clock).

    lags_ms: how far the stored recording of a track is behind.
    """

    is_connected: bool = False
    gone_at: datetime | None = None
    item: str = ""
    answered: int | None = None
    rtt_ms: int | None = None
    down_kbps: int | None = None
    battery_percent: int | None = None
    is_charging: bool | None = None
    tracks: dict[TrackName, tuple[TrackState, str, int]] = {}
    lags_ms: dict[TrackName, int] = {}


class Still(NamedTuple):
    """A small picture of a track. at_ms: when it was taken, server's clock. jpeg: at most 6144 bytes."""

    track: TrackName
    at_ms: int
    jpeg: bytes
