"""The check-in's facade."""

from invigil.sit.checkin import protocol
from invigil.sit.checkin.model import CheckKind, Device, PhoneState, PhoneTicket, StoredCheck, Verdict
from invigil.sit.checkin.model.checks import CHECK_NAMES_EN, CHECK_NAMES_ZH
from invigil.sit.checkin.model.events import CheckReported, OtherPhoneAllowed, OtherPhoneTurnedAway, PhonePaired
from invigil.sit.checkin.model.reasons import REASONS
from invigil.sit.checkin.service.notifying import subscribe
from invigil.sit.checkin.service.phones import Phones
from invigil.sit.checkin.service.reporting import CheckIn, read_check_in
from invigil.sit.checkin.service.tickets import (
    PHONE_HEADER,
    access_by_phone,
    issue_phone_ticket,
    read_phone_ticket,
)

__all__ = [
    "CHECK_NAMES_EN",
    "CHECK_NAMES_ZH",
    "PHONE_HEADER",
    "REASONS",
    "CheckIn",
    "CheckKind",
    "CheckReported",
    "Device",
    "OtherPhoneAllowed",
    "OtherPhoneTurnedAway",
    "PhonePaired",
    "PhoneState",
    "PhoneTicket",
    "Phones",
    "StoredCheck",
    "Verdict",
    "access_by_phone",
    "issue_phone_ticket",
    "protocol",
    "read_check_in",
    "read_phone_ticket",
    "subscribe",
]
