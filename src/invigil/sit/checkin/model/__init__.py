"""What a check, a verdict, a paired phone and a change of phone are."""

from invigil.sit.checkin.model.checks import (
    PC_CHECKS,
    PHONE_CHECKS,
    CheckKind,
    Device,
    Judgement,
    Measured,
    MeasuredValue,
    StoredCheck,
    Verdict,
)
from invigil.sit.checkin.model.phones import Pairing, PhoneChange, PhoneState, PhoneStatus, PhoneTicket, RegisteredPhone

__all__ = [
    "PC_CHECKS",
    "PHONE_CHECKS",
    "CheckKind",
    "Device",
    "Judgement",
    "Measured",
    "MeasuredValue",
    "Pairing",
    "PhoneChange",
    "PhoneState",
    "PhoneStatus",
    "PhoneTicket",
    "RegisteredPhone",
    "StoredCheck",
    "Verdict",
]
