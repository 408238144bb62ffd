"""What a measurement is judged to be. Every function is total: a value that is missing was refused before (`read_measured`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from invigil.prepare.exams.api import Orientation
from invigil.sit.checkin.model import CheckKind, Device, Judgement, Measured, Verdict
from invigil.sit.checkin.rules.browsers import judge_computer, judge_phone
from invigil.sit.checkin.rules.thresholds import THRESHOLDS

PASS, WARN, FAIL = Verdict.PASS, Verdict.WARN, Verdict.FAIL
_T = THRESHOLDS

# Cameras that are programs: worth a look by staff, never a breach by itself (P17).
VIRTUAL_CAMERAS = (
    "obs",
    "manycam",
    "xsplit",
    "snap camera",
    "e2esoft",
    "vcam",
    "splitcam",
    "droidcam",
    "ivcam",
    "virtual",
    "虚拟",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sitting asks of the devices."""

    orientation: Orientation
    allows_several_screens: bool


def judge(device: Device, kind: CheckKind, measured: Measured, asked: Asked) -> Judgement:
    """Return the verdict on a measurement with the names and types of `MEASURED_NAMES`.

    Source: S3.8, S3.9.
    """
    match kind:
        case CheckKind.ORIENTATION:
            return judge_orientation(str(measured["orientation"]), asked.orientation)
        case CheckKind.SCREEN:
            return judge_screen(measured, asked)
        case CheckKind.MODEL | CheckKind.BROWSER:
            return _judge_program(device, measured)
        case _:
            return _JUDGES[kind](measured)


def judge_picture(measured: Measured) -> Judgement:
    """mean, deviation: of the luma, 0 to 255. sharpness: >= 0."""
    mean, deviation, sharpness = (
        _number(measured, "mean"),
        _number(measured, "deviation"),
        _number(measured, "sharpness"),
    )
    if mean > _T.bright_above:
        return Judgement(FAIL, "picture_bright")
    if deviation < _T.flat_below:
        return Judgement(FAIL, "picture_covered")
    if mean < _T.dark_below:
        return Judgement(FAIL, "picture_dark")
    if deviation < _T.covered_below:
        return Judgement(FAIL, "picture_covered")
    if sharpness < _T.blurred_below:
        return Judgement(FAIL, "picture_blurred")
    return Judgement(PASS, "picture_good")


def judge_camera(measured: Measured) -> Judgement:
    """width, height: points of a frame, 0 when there is no camera. label: the camera's name."""
    long_side = max(_number(measured, "width"), _number(measured, "height"))
    short_side = min(_number(measured, "width"), _number(measured, "height"))
    if short_side <= 0:
        return Judgement(FAIL, "camera_missing")
    if long_side < _T.least_width or short_side < _T.least_height:
        return Judgement(FAIL, "camera_small")
    if any(name in str(measured["label"]).lower() for name in VIRTUAL_CAMERAS):
        return Judgement(WARN, "camera_virtual")
    if long_side < _T.small_width or short_side < _T.small_height:
        return Judgement(WARN, "camera_coarse")
    return Judgement(PASS, "camera_good")


def judge_microphone(measured: Measured) -> Judgement:
    """peak: 0 to 1, the loudest since listening began; below 0 when there is no microphone."""
    peak = _number(measured, "peak")
    if peak < 0:
        return Judgement(FAIL, "microphone_missing")
    return Judgement(FAIL, "microphone_silent") if peak <= _T.silent_below else Judgement(PASS, "microphone_good")


def judge_speaker(measured: Measured) -> Judgement:
    """gain_1..3: dB of each tone over the quiet. counted, played: tones that the candidate counted of those played; played 0: not asked."""
    heard = sum(_number(measured, f"gain_{place}") > _T.heard_above_db for place in (1, 2, 3))
    if heard >= _T.tones_needed:
        return Judgement(PASS, "speaker_good")
    played = _number(measured, "played")
    if played > 0 and _number(measured, "counted") == played:
        return Judgement(WARN, "speaker_counted")
    return Judgement(FAIL, "speaker_miscounted" if played > 0 else "speaker_unheard")


def judge_network(measured: Measured) -> Judgement:
    """upload_kbps, loss_percent, rtt_ms: of the best access point. unreachable: how many of `access_points` did not answer."""
    if _number(measured, "unreachable") >= _number(measured, "access_points"):
        return Judgement(FAIL, "network_unreachable")
    loss, upload = _number(measured, "loss_percent"), _number(measured, "upload_kbps")
    if loss > _T.most_loss_percent:
        return Judgement(FAIL, "network_lossy")
    if upload < _T.least_upload_kbps:
        return Judgement(FAIL, "network_slow")
    if loss > _T.poor_loss_percent or upload < _T.poor_upload_kbps or _number(measured, "rtt_ms") > _T.poor_rtt_ms:
        return Judgement(WARN, "network_poor")
    if _number(measured, "unreachable") > 0:
        return Judgement(WARN, "network_partly")
    return Judgement(PASS, "network_good")


def judge_battery(measured: Measured) -> Judgement:
    """level: 0 to 1, below 0 where the browser does not tell."""
    level = _number(measured, "level")
    if measured["is_charging"]:
        return Judgement(PASS, "battery_charging")
    if level < 0:
        return Judgement(WARN, "battery_unknown")
    if level < _T.low_battery:
        return Judgement(FAIL, "battery_low")
    return Judgement(WARN, "battery_weak") if level < _T.weak_battery else Judgement(PASS, "battery_good")


def judge_orientation(orientation: str, wanted: Orientation) -> Judgement:
    """Return whether the phone lies as the sitting demands (S3.8). orientation: "landscape" or "portrait"."""
    if wanted is Orientation.EITHER or orientation == wanted.value:
        return Judgement(PASS, "orientation_good")
    return Judgement(FAIL, f"orientation_not_{wanted.value}")


def judge_wake_lock(measured: Measured) -> Judgement:
    """Without a wake lock the candidate must keep the phone from sleeping; that can be done by hand."""
    return Judgement(PASS, "wake_lock_held") if measured["is_held"] else Judgement(WARN, "wake_lock_missing")


def judge_screen(measured: Measured, asked: Asked) -> Judgement:
    """surface: "monitor", "window", "browser", "" when nothing is shared. is_extended: more than one screen; None where unknown."""
    if measured["surface"] == "":
        return Judgement(FAIL, "screen_not_shared")
    if measured["surface"] != "monitor":
        return Judgement(FAIL, "screen_not_whole")
    if measured["is_extended"] and not asked.allows_several_screens:
        return Judgement(FAIL, "screen_several")
    return Judgement(PASS, "screen_good")


def judge_placement(measured: Measured) -> Judgement:
    """The candidate says that the phone stands as drawn; whether it does, the proctor sees."""
    return Judgement(PASS, "placement_confirmed") if measured["is_confirmed"] else Judgement(FAIL, "placement_open")


def _judge_program(device: Device, measured: Measured) -> Judgement:
    if not measured["can_capture"]:
        return Judgement(FAIL, "browser_unable")
    user_agent = str(measured["user_agent"])
    return judge_phone(user_agent) if device is Device.PHONE else judge_computer(user_agent)


_JUDGES: Mapping[CheckKind, Callable[[Measured], Judgement]] = {
    CheckKind.PICTURE: judge_picture,
    CheckKind.CAMERA: judge_camera,
    CheckKind.MICROPHONE: judge_microphone,
    CheckKind.SPEAKER: judge_speaker,
    CheckKind.NETWORK: judge_network,
    CheckKind.BATTERY: judge_battery,
    CheckKind.WAKE_LOCK: judge_wake_lock,
    CheckKind.PLACEMENT: judge_placement,
}


def _number(measured: Measured, name: str) -> float:
    value = measured[name]
    assert isinstance(value, int | float)  # noqa: S101 - read_measured lets nothing else through
    return float(value)
