"""The answering feature's facade."""

from invigil.sit.answering import protocol
from invigil.sit.answering.model import Attempt, AttemptState, FinalSheet, Outcome, SignedReceipt
from invigil.sit.answering.model.events import AttemptEntered, AttemptHandedIn, AttemptTimeChanged
from invigil.sit.answering.protocol import TRACKS, Device, Sender, TrackName, TrackState
from invigil.sit.answering.rules import compute_deadline
from invigil.sit.answering.service.changing import access_attempt
from invigil.sit.answering.service.gathering import AttemptReader
from invigil.sit.answering.service.notifying import subscribe
from invigil.sit.answering.service.reading import list_attempts_of_room, list_final_sheets
from invigil.sit.answering.service.sweeping import hand_in_what_is_due
from invigil.sit.answering.service.tickets import TICKET_HEADER, KnownTickets, Ticket, issue_ticket, read_ticket
from invigil.sit.answering.service.writing import AnswerWriter
from invigil.sit.answering.store import insert_attempt, insert_attempts, list_attempts, read_receipts
from invigil.sit.answering.store.glances import Glance, list_glances

__all__ = [
    "TICKET_HEADER",
    "TRACKS",
    "AnswerWriter",
    "Attempt",
    "AttemptEntered",
    "AttemptHandedIn",
    "AttemptReader",
    "AttemptState",
    "AttemptTimeChanged",
    "Device",
    "FinalSheet",
    "Glance",
    "KnownTickets",
    "Outcome",
    "Sender",
    "SignedReceipt",
    "Ticket",
    "TrackName",
    "TrackState",
    "access_attempt",
    "compute_deadline",
    "hand_in_what_is_due",
    "insert_attempt",
    "insert_attempts",
    "issue_ticket",
    "list_attempts",
    "list_attempts_of_room",
    "list_final_sheets",
    "list_glances",
    "protocol",
    "read_receipts",
    "read_ticket",
    "subscribe",
]
