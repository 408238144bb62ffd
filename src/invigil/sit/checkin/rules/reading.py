"""What a report must contain, by kind of check; anything else is refused, so that every rule can count on its values."""

import math
from collections.abc import Mapping
from typing import Any

from invigil.sit.checkin.model import PC_CHECKS, PHONE_CHECKS, CheckKind, Device, Measured
from invigil.sit.checkin.model.refusals import CheckUnknown, MeasurementInvalid

LONGEST_TEXT = 400
MOST_NAMES = 24

_PROGRAM: Mapping[str, type] = {"user_agent": str, "can_capture": bool}
MEASURED_NAMES: Mapping[CheckKind, Mapping[str, type]] = {
    CheckKind.BROWSER: _PROGRAM,
    CheckKind.MODEL: _PROGRAM,
    CheckKind.NETWORK: {
        "upload_kbps": float,
        "loss_percent": float,
        "rtt_ms": float,
        "unreachable": float,
        "access_points": float,
    },
    CheckKind.CAMERA: {"width": float, "height": float, "label": str},
    CheckKind.PICTURE: {"mean": float, "deviation": float, "sharpness": float},
    CheckKind.MICROPHONE: {"peak": float},
    CheckKind.SPEAKER: {"gain_1": float, "gain_2": float, "gain_3": float, "played": float, "counted": float},
    CheckKind.SCREEN: {"surface": str, "is_extended": bool},
    CheckKind.BATTERY: {"level": float, "is_charging": bool},
    CheckKind.ORIENTATION: {"orientation": str},
    CheckKind.WAKE_LOCK: {"is_held": bool},
    CheckKind.PLACEMENT: {"is_confirmed": bool},
}
# May be null: the browser does not tell.
MAY_BE_UNKNOWN = {(CheckKind.SCREEN, "is_extended"), (CheckKind.BATTERY, "is_charging")}


def read_measured(device: Device, kind: CheckKind, given: Mapping[str, Any]) -> Measured:
    """Return the measurements of one check: those that are judged, and others of the same simple types, for staff to read.

    Raises: CheckUnknown - this device has no such check, or none that a page could report.
    MeasurementInvalid - one is missing, of another type, too long, not finite.
    """
    if kind not in (PHONE_CHECKS if device is Device.PHONE else PC_CHECKS) or kind not in MEASURED_NAMES:
        raise CheckUnknown(kind=kind.value)
    if len(given) > MOST_NAMES:
        raise MeasurementInvalid(kind=kind.value, name="*")
    for name, wanted in MEASURED_NAMES[kind].items():
        value = given.get(name)
        if not (_is_of(value, wanted) or (value is None and (kind, name) in MAY_BE_UNKNOWN)):
            raise MeasurementInvalid(kind=kind.value, name=name)
    for name, value in given.items():
        if len(name) > LONGEST_TEXT or not (value is None or any(_is_of(value, one) for one in (str, float, bool))):
            raise MeasurementInvalid(kind=kind.value, name=name[:40])
    return dict(given)


def _is_of(value: object, wanted: type) -> bool:
    if wanted is bool:
        return isinstance(value, bool)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and "\x00" not in value
