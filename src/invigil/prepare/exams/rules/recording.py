"""Checking, writing, reading and estimating how a sitting is recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from invigil.prepare.exams.model import PictureRules, RecordingRules, RuleFault, StopRule, Track

# Even alone: browsers encode H.264 in blocks of two pixels and refuse an odd width or height.
WIDTHS, HEIGHTS = range(160, 3841, 2), range(120, 2161, 2)
FRAMES_PER_S = range(1, 31)
KBPS = range(30, 8001)
AUDIO_KBPS = range(8, 129)
# Below, a page does little else than store; above, a browser that is killed loses too much.
SHORTEST_SEGMENT, LONGEST_SEGMENT = timedelta(seconds=2), timedelta(seconds=15)
PREVIEW_PERCENT = range(20, 101)
RETENTION_DAYS = range(1, 3651)

# Measured in Chromium with H.264: a screen at 3 frames/s delivers 129 of 150 kbit/s; a camera at 10 frames/s 60 of 350, since
# the rate that is asked for is meant for about 30; Opus 21 of 24. Encoders never deliver much more than they are asked for.
SCREEN_DELIVERS, AUDIO_DELIVERS = 0.86, 0.875
CAMERA_DELIVERS_AT_30 = 0.52
_FULL_RATE = 30


@dataclass(frozen=True, slots=True)
class TrackEstimate:
    """What one track costs. kbps and mb_per_hour as expected; most_mb_per_hour when the encoder delivers all it is asked for."""

    track: Track
    kbps: float
    mb_per_hour: float
    most_mb_per_hour: float


Check = tuple[str, Callable[[RecordingRules], bool], str, str]


def _is_picture(picture: PictureRules) -> bool:
    return (
        picture.width in WIDTHS
        and picture.height in HEIGHTS
        and picture.frames_per_s in FRAMES_PER_S
        and picture.kbps in KBPS
    )


_PICTURE_ZH = "{}的画面设置不可用：宽 160–3840、高 120–2160，均须为偶数；每秒 1–30 帧、30–8000 kbit/s。"
_PICTURE_EN = "The picture of the {} cannot be used: 160-3840 by 120-2160, both even, 1-30 frames/s, 30-8000 kbit/s."

_CHECKS: tuple[Check, ...] = (
    (
        "screen",
        lambda rules: _is_picture(rules.screen),
        _PICTURE_ZH.format("答题屏幕"),
        _PICTURE_EN.format("screen"),
    ),
    (
        "camera",
        lambda rules: _is_picture(rules.camera),
        _PICTURE_ZH.format("电脑摄像头"),
        _PICTURE_EN.format("PC camera"),
    ),
    ("phone", lambda rules: _is_picture(rules.phone), _PICTURE_ZH.format("手机"), _PICTURE_EN.format("phone")),
    (
        "audio_kbps",
        lambda rules: rules.audio_kbps in AUDIO_KBPS,
        "声音的码率须在 8 到 128 kbit/s 之间。",
        "The sound's rate must lie between 8 and 128 kbit/s.",
    ),
    (
        "segment_length",
        lambda rules: SHORTEST_SEGMENT <= rules.segment_length <= LONGEST_SEGMENT,
        "录制分段的长度须在 2 到 15 秒之间。",
        "A segment must last between 2 and 15 seconds.",
    ),
    (
        "phone_preview_percent",
        lambda rules: rules.phone_preview_percent in PREVIEW_PERCENT,
        "手机预览须占录制画面的 20% 到 100%。",
        "The phone's preview must show between 20 and 100 % of the picture.",
    ),
    (
        "retention_days",
        lambda rules: rules.retention_days in RETENTION_DAYS,
        "录像保存天数须在 1 到 3650 之间。",
        "Recordings are kept between 1 and 3650 days.",
    ),
)


def find_recording_faults(rules: RecordingRules) -> list[RuleFault]:
    """Return every rule of recording that cannot stand, in the order of the fields."""
    return [RuleFault(f"recording.{field}", zh, en) for field, holds, zh, en in _CHECKS if not holds(rules)]


def estimate_recording(rules: RecordingRules, tracks: Sequence[Track]) -> list[TrackEstimate]:
    """Return what each track costs a candidate and the store per hour, in the order given.

    Source: S3.3; the ratios are those measured, other contents and encoders deliver otherwise.
    """
    return [_estimate(track, rules) for track in tracks]


def _estimate(track: Track, rules: RecordingRules) -> TrackEstimate:
    if track is Track.SCREEN:
        expected, most = rules.screen.kbps * SCREEN_DELIVERS, float(rules.screen.kbps)
    else:
        picture = rules.camera if track is Track.CAMERA else rules.phone
        ratio = min(1.0, CAMERA_DELIVERS_AT_30 * picture.frames_per_s / _FULL_RATE)
        expected = picture.kbps * ratio + rules.audio_kbps * AUDIO_DELIVERS
        most = float(picture.kbps + rules.audio_kbps)
    return TrackEstimate(track, round(expected, 1), _mb_per_hour(expected), _mb_per_hour(most))


def _mb_per_hour(kbps: float) -> float:
    return round(kbps * 3600 / 8 / 1000, 1)


def encode_recording(rules: RecordingRules) -> dict[str, Any]:
    """Return the rules as JSON values."""
    return {
        "screen": _encode_picture(rules.screen),
        "camera": _encode_picture(rules.camera),
        "phone": _encode_picture(rules.phone),
        "audio_kbps": rules.audio_kbps,
        "segment_ms": rules.segment_length // timedelta(milliseconds=1),
        "on_track_stopped": rules.on_track_stopped.value,
        "phone_preview_percent": rules.phone_preview_percent,
        "retention_days": rules.retention_days,
        "needs_second_review": rules.needs_second_review,
    }


def decode_recording(written: Mapping[str, Any] | None) -> RecordingRules:
    """Read what `encode_recording` wrote; a sitting planned before recordings existed has the defaults.

    Raises: KeyError, ValueError - it is something else.
    """
    if written is None:
        return RecordingRules()
    return RecordingRules(
        screen=PictureRules(**written["screen"]),
        camera=PictureRules(**written["camera"]),
        phone=PictureRules(**written["phone"]),
        audio_kbps=written["audio_kbps"],
        segment_length=timedelta(milliseconds=written["segment_ms"]),
        on_track_stopped=StopRule(written["on_track_stopped"]),
        phone_preview_percent=written["phone_preview_percent"],
        retention_days=written["retention_days"],
        needs_second_review=written["needs_second_review"],
    )


def _encode_picture(picture: PictureRules) -> dict[str, int]:
    return {
        "width": picture.width,
        "height": picture.height,
        "frames_per_s": picture.frames_per_s,
        "kbps": picture.kbps,
    }
