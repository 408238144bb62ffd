"""How a sitting is recorded, as the console shows and changes it, and what that costs."""

from datetime import timedelta

from pydantic import BaseModel, Field

from invigil.platform.http import ManagementRouter
from invigil.prepare.exams.model import PictureRules, RecordingRules, RuleFault, StopRule, Track
from invigil.prepare.exams.rules.recording import estimate_recording, find_recording_faults

router = ManagementRouter(prefix="/api/exams", tags=["exams"])
_MOST = 1_000_000


class PictureForm(BaseModel):
    """A picture: pixels, frames per second, kbit/s asked of the encoder."""

    width: int = Field(ge=0, le=_MOST)
    height: int = Field(ge=0, le=_MOST)
    frames_per_s: int = Field(ge=0, le=_MOST)
    kbps: int = Field(ge=0, le=_MOST)

    @classmethod
    def of(cls, one: PictureRules) -> "PictureForm":
        """Return the picture as the console shows it."""
        return cls(width=one.width, height=one.height, frames_per_s=one.frames_per_s, kbps=one.kbps)

    def to_rules(self) -> PictureRules:
        """Return what was sent, unchecked."""
        return PictureRules(self.width, self.height, self.frames_per_s, self.kbps)


class RecordingForm(BaseModel):
    """The rules of recording; see RecordingRules."""

    screen: PictureForm
    camera: PictureForm
    phone: PictureForm
    audio_kbps: int = Field(ge=0, le=_MOST)
    segment_seconds: int = Field(ge=0, le=_MOST)
    on_track_stopped: StopRule
    phone_preview_percent: int = Field(ge=0, le=_MOST)
    retention_days: int = Field(ge=0, le=_MOST)
    needs_second_review: bool

    @classmethod
    def of(cls, rules: RecordingRules) -> "RecordingForm":
        """Return the rules as the console shows them."""
        return cls(
            screen=PictureForm.of(rules.screen),
            camera=PictureForm.of(rules.camera),
            phone=PictureForm.of(rules.phone),
            audio_kbps=rules.audio_kbps,
            segment_seconds=int(rules.segment_length.total_seconds()),
            on_track_stopped=rules.on_track_stopped,
            phone_preview_percent=rules.phone_preview_percent,
            retention_days=rules.retention_days,
            needs_second_review=rules.needs_second_review,
        )

    @classmethod
    def default(cls) -> "RecordingForm":
        """Return the defaults."""
        return cls.of(RecordingRules())

    def to_rules(self) -> RecordingRules:
        """Return what was sent, unchecked."""
        return RecordingRules(
            screen=self.screen.to_rules(),
            camera=self.camera.to_rules(),
            phone=self.phone.to_rules(),
            audio_kbps=self.audio_kbps,
            segment_length=timedelta(seconds=self.segment_seconds),
            on_track_stopped=self.on_track_stopped,
            phone_preview_percent=self.phone_preview_percent,
            retention_days=self.retention_days,
            needs_second_review=self.needs_second_review,
        )


class EstimateForm(BaseModel):
    """What the estimate is asked for."""

    recording: RecordingForm
    tracks: list[Track] = Field(max_length=len(Track))


class TrackEstimateAnswer(BaseModel):
    """What one track costs; most_mb_per_hour: when the encoder delivers all it is asked for."""

    track: Track
    kbps: float
    mb_per_hour: float
    most_mb_per_hour: float


class RuleFaultAnswer(BaseModel):
    """A rule that cannot stand, with the field it is about."""

    field: str
    message: str
    message_en: str

    @classmethod
    def of(cls, one: RuleFault) -> "RuleFaultAnswer":
        """Return the fault as the console shows it."""
        return cls(field=one.field, message=one.zh, message_en=one.en)


class EstimateAnswer(BaseModel):
    """What recording costs a candidate and the store per hour; with faults there is no estimate."""

    tracks: list[TrackEstimateAnswer]
    kbps: float
    mb_per_hour: float
    most_mb_per_hour: float
    faults: list[RuleFaultAnswer]


@router.post("/recording-estimate", name="exams.recording.estimate", summary="估算录制流量")
async def estimate(form: EstimateForm) -> EstimateAnswer:
    """Return the expected rate and volume of a candidate; nothing is written."""
    rules = form.recording.to_rules()
    faults = find_recording_faults(rules)
    tracks = [] if faults else estimate_recording(rules, form.tracks)
    return EstimateAnswer(
        tracks=[TrackEstimateAnswer.model_validate(one, from_attributes=True) for one in tracks],
        kbps=round(sum(one.kbps for one in tracks), 1),
        mb_per_hour=round(sum(one.mb_per_hour for one in tracks), 1),
        most_mb_per_hour=round(sum(one.most_mb_per_hour for one in tracks), 1),
        faults=[RuleFaultAnswer.of(one) for one in faults],
    )
