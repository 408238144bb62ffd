"""The signals' facade."""

from invigil.watch.signals.model import (
    SEVERITIES,
    SIGNAL_KINDS,
    WEIGHTS,
    RaisedSignal,
    Severity,
    Signal,
    SignalsChanged,
)
from invigil.watch.signals.rules import compute_risk
from invigil.watch.signals.service import (
    access_signal,
    hear_conflicts,
    hear_other_phone,
    hear_steps,
    hear_tracks,
    listen,
    raise_signals,
)
from invigil.watch.signals.store import list_signals

__all__ = [
    "SEVERITIES",
    "SIGNAL_KINDS",
    "WEIGHTS",
    "RaisedSignal",
    "Severity",
    "Signal",
    "SignalsChanged",
    "access_signal",
    "compute_risk",
    "hear_conflicts",
    "hear_other_phone",
    "hear_steps",
    "hear_tracks",
    "list_signals",
    "listen",
    "raise_signals",
]
