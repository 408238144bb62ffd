"""The proctoring feature's facade."""

from invigil.platform.ports import Ports
from invigil.sit.answering.api import PageArrived, PageEars
from invigil.watch.proctoring.model import (
    NOTE_KINDS,
    REASON_CATEGORIES,
    Call,
    Claim,
    Command,
    CommandKind,
    CommandState,
    Line,
    Note,
    ReasonCategory,
)
from invigil.watch.proctoring.model.events import ProctoringChanged, RoomStaffChanged
from invigil.watch.proctoring.service.arriving import Arrivals
from invigil.watch.proctoring.service.following import follow, list_commands
from invigil.watch.proctoring.service.talking import listen as _listen
from invigil.watch.proctoring.store.duty import list_attendances, list_claims, list_waiting_calls
from invigil.watch.proctoring.store.records import count_notes, list_lines, list_notes, list_unread

__all__ = [
    "NOTE_KINDS",
    "REASON_CATEGORIES",
    "Call",
    "Claim",
    "Command",
    "CommandKind",
    "CommandState",
    "Line",
    "Note",
    "ProctoringChanged",
    "ReasonCategory",
    "RoomStaffChanged",
    "count_notes",
    "list_attendances",
    "list_claims",
    "list_commands",
    "list_lines",
    "list_notes",
    "list_unread",
    "list_waiting_calls",
    "listen",
]


def listen(ports: Ports, ears: PageEars) -> None:
    """Hear pages: lines, raised hands, what became of commands; tell pages that come what waits for them."""
    _listen(ports, ears)
    follow(ports)
    ports.hub.subscribe(PageArrived, Arrivals(ports).tell)
