"""Commands, notes, lines, calls, claims and their refusals."""

from invigil.watch.proctoring.model.commands import (
    CANNED_WARNINGS,
    IMMEDIATE,
    REASON_CATEGORIES,
    SECOND_PERSON,
    Command,
    CommandKind,
    CommandState,
    Proposal,
    ProposalState,
    ReasonCategory,
)
from invigil.watch.proctoring.model.records import (
    NOTE_KINDS,
    Attendance,
    Call,
    Claim,
    HandOver,
    Line,
    Note,
    NoteKind,
    NotesAsked,
)

__all__ = [
    "CANNED_WARNINGS",
    "IMMEDIATE",
    "NOTE_KINDS",
    "REASON_CATEGORIES",
    "SECOND_PERSON",
    "Attendance",
    "Call",
    "Claim",
    "Command",
    "CommandKind",
    "CommandState",
    "HandOver",
    "Line",
    "Note",
    "NoteKind",
    "NotesAsked",
    "Proposal",
    "ProposalState",
    "ReasonCategory",
]
