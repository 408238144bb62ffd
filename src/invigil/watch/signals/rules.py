"""From what pages say to signals, pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from invigil.sit.activity.api import LoggedStep
from invigil.sit.recording.api import TrackState, TrackStateChanged
from invigil.watch.signals.model import SIGNAL_KINDS, WEIGHTS, RaisedSignal, Severity, Signal

# A page may know the time badly, and send what it noticed when its line is back: later than now is never believed.
LATEST = timedelta(seconds=5)
OLDEST = timedelta(hours=24)
MAX_DETAIL = 200
# Steps that are signals under another name, by device.
_KINDS = {
    "phone": {"page_hidden": "phone_hidden", "battery_low": "phone_battery_low", "orientation_changed": "phone_moved"},
    "pc": {"seat_revoked": "seat_moved"},
}
# A track that ends so is no breach: the examination is over, or a new take follows at once.
EXPECTED_ENDS = frozenset({"finished", "paused_by_rule", "replaced", "reload", "not_started"})


def read_steps_as_signals(steps: Iterable[LoggedStep]) -> list[RaisedSignal]:
    """Return the signals among steps: those whose kind stands in the table."""
    return [
        RaisedSignal(kind, _instant_of(step), step.device, step.item, step.detail[:MAX_DETAIL])
        for step in steps
        if (kind := _kind_of(step)) in SIGNAL_KINDS
    ]


def _kind_of(step: LoggedStep) -> str:
    return _KINDS[step.device].get(step.kind, step.kind)


def _instant_of(step: LoggedStep) -> datetime:
    """The page's time, so that the same told over the socket has the same mark; never one that is yet to come."""
    return step.at_client if step.at_client <= step.at_server + LATEST else step.at_server


def read_track_as_signal(news: TrackStateChanged, now: datetime) -> RaisedSignal | None:
    """Return the signal of a track that has stopped without being expected to."""
    if news.state != TrackState.STOPPED or news.cause in EXPECTED_ENDS:
        return None
    detail = f"{news.track}: {news.cause}"
    return RaisedSignal("track_stopped", believe(news.since_ms, now), device_of(news.track), "", detail)


def device_of(track: str) -> str:
    """Return the device that records a track."""
    return "phone" if track == "phone" else "pc"


def believe(at_ms: int, now: datetime) -> datetime:
    """Return the instant a page names, or now where it cannot be."""
    try:
        at = datetime.fromtimestamp(at_ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return at if now - OLDEST <= at <= now + LATEST else now


def mark_of(raised: RaisedSignal) -> str:
    """Return what makes the same occurrence, told twice (as a step and over the socket), one."""
    at_ms = int(raised.at.timestamp() * 1000)
    return f"{raised.device}/{raised.kind}/{at_ms}/{raised.detail[:24]}"


def is_same_again(signal: Signal, raised: RaisedSignal) -> bool:
    """Tell whether this is counted with the signal instead of being shown anew."""
    if not signal.is_open or (signal.kind, signal.device) != (raised.kind, raised.device):
        return False
    within = SIGNAL_KINDS[raised.kind].merged_within
    return within > timedelta(0) and abs(raised.at - signal.last_at) <= within


def compute_risk(counts: dict[Severity, int]) -> int:
    """Return the weighted sum of a seat's open signals; what the wall sorts by."""
    return sum(WEIGHTS[severity] * number for severity, number in counts.items())
