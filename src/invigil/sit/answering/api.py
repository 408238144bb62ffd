"""The answering feature's facade."""

from invigil.sit.answering import protocol
from invigil.sit.answering.model import (
    Attempt,
    AttemptState,
    ChangeKind,
    ChangeState,
    FinalSheet,
    Outcome,
    SignedReceipt,
    TimeChange,
)
from invigil.sit.answering.model.events import (
    AttemptEntered,
    AttemptHandedIn,
    AttemptTimeChanged,
    CommandAnswered,
    PageArrived,
    PageChanged,
    StillCame,
    TimeChangeProposed,
)
from invigil.sit.answering.model.pages import DeviceState, Still
from invigil.sit.answering.model.refusals import AttemptNotFound, ChangeImpossible, SamePerson
from invigil.sit.answering.protocol import (
    TRACKS,
    ChatMessage,
    Device,
    HandMessage,
    RaiseHandMessage,
    SayMessage,
    Sender,
    SignalMessage,
    StillsMessage,
    TrackName,
    TrackReport,
    TracksMessage,
    TrackState,
    attempt_topic,
    encode_message,
)
from invigil.sit.answering.rules import compute_deadline
from invigil.sit.answering.service.changing import access_attempt, decide_change, propose_change, release_seat
from invigil.sit.answering.service.entering import access_newest
from invigil.sit.answering.service.gathering import AttemptReader
from invigil.sit.answering.service.hearing import (
    PageEars,
    note_stored_until,
    read_device,
    read_stills,
    want_stills,
)
from invigil.sit.answering.service.notifying import SentCommand, listen, send_command, subscribe
from invigil.sit.answering.service.phone_light import SILENT_AFTER, subscribe_phone_light
from invigil.sit.answering.service.reading import (
    TrailPoint,
    list_attempts_of_room,
    list_attempts_of_rooms,
    list_final_sheets,
    list_trail_points,
)
from invigil.sit.answering.service.replying import Listener, Replies
from invigil.sit.answering.service.stopping import force_hand_in, lock_attempt, terminate_attempt, unlock_attempt
from invigil.sit.answering.service.sweeping import hand_in_what_is_due
from invigil.sit.answering.service.terms import RecordingTerms, recording_terms
from invigil.sit.answering.service.tickets import TICKET_HEADER, KnownTickets, Ticket, issue_ticket, read_ticket
from invigil.sit.answering.service.writing import AnswerWriter
from invigil.sit.answering.store import insert_attempt, insert_attempts, list_attempts, read_attempts, read_receipts
from invigil.sit.answering.store.changes import list_changes, read_changes
from invigil.sit.answering.store.glances import Glance, list_glances

__all__ = [
    "SILENT_AFTER",
    "TICKET_HEADER",
    "TRACKS",
    "AnswerWriter",
    "Attempt",
    "AttemptEntered",
    "AttemptHandedIn",
    "AttemptNotFound",
    "AttemptReader",
    "AttemptState",
    "AttemptTimeChanged",
    "ChangeImpossible",
    "ChangeKind",
    "ChangeState",
    "ChatMessage",
    "CommandAnswered",
    "Device",
    "DeviceState",
    "FinalSheet",
    "Glance",
    "HandMessage",
    "KnownTickets",
    "Listener",
    "Outcome",
    "PageArrived",
    "PageChanged",
    "PageEars",
    "RaiseHandMessage",
    "RecordingTerms",
    "Replies",
    "SamePerson",
    "SayMessage",
    "Sender",
    "SentCommand",
    "SignalMessage",
    "SignedReceipt",
    "Still",
    "StillCame",
    "StillsMessage",
    "Ticket",
    "TimeChange",
    "TimeChangeProposed",
    "TrackName",
    "TrackReport",
    "TrackState",
    "TracksMessage",
    "TrailPoint",
    "access_attempt",
    "access_newest",
    "attempt_topic",
    "compute_deadline",
    "decide_change",
    "encode_message",
    "force_hand_in",
    "hand_in_what_is_due",
    "insert_attempt",
    "insert_attempts",
    "issue_ticket",
    "list_attempts",
    "list_attempts_of_room",
    "list_attempts_of_rooms",
    "list_changes",
    "list_final_sheets",
    "list_glances",
    "list_trail_points",
    "listen",
    "lock_attempt",
    "note_stored_until",
    "propose_change",
    "protocol",
    "read_attempts",
    "read_changes",
    "read_device",
    "read_receipts",
    "read_stills",
    "read_ticket",
    "recording_terms",
    "release_seat",
    "send_command",
    "subscribe",
    "subscribe_phone_light",
    "terminate_attempt",
    "unlock_attempt",
    "want_stills",
]
