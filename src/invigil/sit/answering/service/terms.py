"""How to record, as a page learns it on entering and a phone when it is paired."""

from collections.abc import Sequence

from pydantic import BaseModel

from invigil.kernel.encoding import encode_base64url
from invigil.platform.keys import Keys
from invigil.platform.media import AccessPoint
from invigil.prepare.exams.api import PictureRules, SittingRules


class PictureTerms(BaseModel):
    """What to ask of a picture."""

    width: int
    height: int
    fps: int
    kbps: int

    @classmethod
    def of(cls, one: PictureRules) -> "PictureTerms":
        """Return the terms of a picture."""
        return cls(width=one.width, height=one.height, fps=one.frames_per_s, kbps=one.kbps)


class RecordingRulesTerms(BaseModel):
    """The sitting's rules about recording. phone_preview_ratio: how much of the recorded width the phone shows, 0 to 1 (S3.12).

    retention_days: how long recordings are kept, said before the first frame (P13).
    """

    tracks: list[str]
    screen: PictureTerms
    camera: PictureTerms
    phone: PictureTerms
    audio_kbps: int
    segment_ms: int
    on_track_stopped: str
    phone_preview_ratio: float
    orientation: str
    allows_several_screens: bool
    retention_days: int


class AccessPointTerms(BaseModel):
    """Where segments may be sent. url: an origin; empty: where the page came from."""

    name: str
    url: str


class RecordingTerms(BaseModel):
    """All that a device needs to record. public_key: X25519, base64url; keys of takes are wrapped to it (S2.5)."""

    public_key: str
    rules: RecordingRulesTerms
    access_points: list[AccessPointTerms]


def recording_terms(keys: Keys, rules: SittingRules, access_points: Sequence[AccessPoint]) -> RecordingTerms:
    """Return how this sitting is recorded."""
    recording = rules.recording
    return RecordingTerms(
        public_key=encode_base64url(keys.recording_public_key),
        rules=RecordingRulesTerms(
            tracks=list(rules.tracks_required),
            screen=PictureTerms.of(recording.screen),
            camera=PictureTerms.of(recording.camera),
            phone=PictureTerms.of(recording.phone),
            audio_kbps=recording.audio_kbps,
            segment_ms=int(recording.segment_length.total_seconds() * 1000),
            on_track_stopped=recording.on_track_stopped,
            phone_preview_ratio=recording.phone_preview_percent / 100,
            orientation=rules.orientation,
            allows_several_screens=rules.allows_several_screens,
            retention_days=recording.retention_days,
        ),
        access_points=[AccessPointTerms(name=one.name, url=one.origin) for one in access_points],
    )
