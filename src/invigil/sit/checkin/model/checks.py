"""Checks of a device before the sitting: what is measured, and what it is judged to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MeasuredValue = str | float | bool | None
Measured = Mapping[str, MeasuredValue]


class Device(StrEnum):
    """Which of the candidate's two devices."""

    PC = "pc"
    PHONE = "phone"


class Verdict(StrEnum):
    """PASS: good. WARN: may go on, staff see it. FAIL: must be repeated, or let through by staff."""

    PASS = "pass"  # noqa: S105 - a verdict
    WARN = "warn"
    FAIL = "fail"


class CheckKind(StrEnum):
    """What is checked."""

    BROWSER = "browser"  # of the PC
    NETWORK = "network"  # upload speed and loss to the access points
    CAMERA = "camera"  # there, and with enough points
    PICTURE = "picture"  # not dark, bright, covered or blurred
    MICROPHONE = "microphone"
    SPEAKER = "speaker"  # tones, heard by the microphone or counted by the candidate
    SCREEN = "screen"  # the whole screen is shared
    PHONE = "phone"  # never reported: staff let a candidate sit without one
    MODEL = "model"  # model and browser of the phone
    BATTERY = "battery"
    ORIENTATION = "orientation"
    WAKE_LOCK = "wake_lock"
    PLACEMENT = "placement"  # the candidate has placed the phone as drawn


PC_CHECKS = (
    CheckKind.BROWSER,
    CheckKind.NETWORK,
    CheckKind.CAMERA,
    CheckKind.PICTURE,
    CheckKind.MICROPHONE,
    CheckKind.SPEAKER,
    CheckKind.SCREEN,
    CheckKind.PHONE,
)
PHONE_CHECKS = (
    CheckKind.MODEL,
    CheckKind.CAMERA,
    CheckKind.PICTURE,
    CheckKind.MICROPHONE,
    CheckKind.SPEAKER,
    CheckKind.BATTERY,
    CheckKind.WAKE_LOCK,
    CheckKind.ORIENTATION,
    CheckKind.PLACEMENT,
)

CHECK_NAMES_ZH: Mapping[CheckKind, str] = {
    CheckKind.BROWSER: "浏览器",
    CheckKind.NETWORK: "网络",
    CheckKind.CAMERA: "摄像头",
    CheckKind.PICTURE: "画面",
    CheckKind.MICROPHONE: "麦克风",
    CheckKind.SPEAKER: "扬声器",
    CheckKind.SCREEN: "屏幕共享",
    CheckKind.PHONE: "手机",
    CheckKind.MODEL: "机型与浏览器",
    CheckKind.BATTERY: "电量",
    CheckKind.ORIENTATION: "手机方向",
    CheckKind.WAKE_LOCK: "屏幕常亮",
    CheckKind.PLACEMENT: "摆放位置",
}

CHECK_NAMES_EN: Mapping[CheckKind, str] = {
    CheckKind.BROWSER: "Browser",
    CheckKind.NETWORK: "Network",
    CheckKind.CAMERA: "Camera",
    CheckKind.PICTURE: "Picture",
    CheckKind.MICROPHONE: "Microphone",
    CheckKind.SPEAKER: "Speaker",
    CheckKind.SCREEN: "Screen sharing",
    CheckKind.PHONE: "Phone",
    CheckKind.MODEL: "Model and browser",
    CheckKind.BATTERY: "Battery",
    CheckKind.ORIENTATION: "Orientation",
    CheckKind.WAKE_LOCK: "Wake lock",
    CheckKind.PLACEMENT: "Placement",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a measurement. reason: a key of REASONS."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class StoredCheck:
    """The newest result of one check of one device.

    tries: how often it was made. failures: how often it failed. waived_by: who let the candidate through, "" when nobody did.
    """

    attempt_id: str
    device: Device
    kind: CheckKind
    verdict: Verdict
    reason: str
    measured: Measured
    checked_at: datetime
    tries: int
    failures: int
    waived_by: str
    waived_at: datetime | None
    waive_reason: str

    @property
    def is_passable(self) -> bool:
        """Whether the candidate may go on."""
        return self.verdict is not Verdict.FAIL or bool(self.waived_by)
