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

__all__ = ["SEVERITIES", "SIGNAL_KINDS", "WEIGHTS", "RaisedSignal", "Severity", "Signal", "SignalsChanged"]
