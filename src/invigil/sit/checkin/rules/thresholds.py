"""The numbers that verdicts use, in one place; the pages get them from here and show the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of a good check. Measured on drawn pictures and sounds only: to be set again on an afternoon with real phones.

    Luma (0 to 255) is of the frame scaled down to 160×120; its sharpness is the variance of the Laplacian divided by the variance.
    dark_below, bright_above: mean luma. covered_below: standard deviation; below flat_below nothing can be seen at all, however dark.
    blurred_below: sharpness. least_*, small_*: points of the camera's picture that are refused, and warned of.
    silent_below: peak of the sound, 0 to 1, within at least listen_ms. heard_above_db: gain of a tone over the quiet before it;
    tones_needed of the three. poor_*: upload in kbit/s, loss in percent, round trip in ms that are warned of; least_upload_kbps and
    most_loss_percent fail: three tracks need about 290 kbit/s.
    low_battery, weak_battery: 0 to 1, without a charger: refused, warned of; an hour of filming takes about a quarter.
    Source: S3.9.
    """

    dark_below: float = 45.0
    bright_above: float = 205.0
    flat_below: float = 4.0
    covered_below: float = 12.0
    blurred_below: float = 0.05
    least_width: int = 320
    least_height: int = 240
    small_width: int = 640
    small_height: int = 480
    silent_below: float = 0.01
    listen_ms: int = 4_000
    heard_above_db: float = 15.0
    tones_needed: int = 2
    least_upload_kbps: float = 300.0
    poor_upload_kbps: float = 600.0
    most_loss_percent: float = 10.0
    poor_loss_percent: float = 2.0
    poor_rtt_ms: float = 800.0
    low_battery: float = 0.3
    weak_battery: float = 0.8


THRESHOLDS = Thresholds()
