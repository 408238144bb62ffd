"""Attempt tickets: they make a request checkable without a read (ADR-0006).

A ticket is `attempt_id.seat_epoch.code`, the code being our keyed hash of the two. It proves that we let this page in; whether
it is still the newest page, and whether the attempt may still be written, is decided in the transaction that writes.
"""

from dataclasses import dataclass

from invigil.kernel.encoding import decode_base64url, encode_base64url
from invigil.kernel.ids import AttemptId
from invigil.platform.keys import Keys
from invigil.sit.answering.model.refusals import TicketInvalid

TICKET_HEADER = "invigil-ticket"
PURPOSE = "answering.ticket"
MAX_TICKET = 200


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who a page is: the attempt, and which entering of it."""

    attempt_id: AttemptId
    seat_epoch: int


class KnownTickets:
    """Tickets that this process has checked before: a page sends the same one with every save.

    Only tickets of ours are remembered, so nobody can fill this with anything else.
    """

    def __init__(self, keys: Keys, most: int = 100_000) -> None:
        self._keys = keys
        self._most = most
        self._known: dict[str, Ticket] = {}

    def read(self, given: str) -> Ticket:
        """Return the ticket; raises as `read_ticket`."""
        ticket = self._known.get(given)
        if ticket is None:
            ticket = read_ticket(self._keys, given)
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[given] = ticket
        return ticket


def issue_ticket(keys: Keys, ticket: Ticket) -> str:
    """Return the ticket as the page carries it in `Invigil-Ticket`."""
    body = f"{ticket.attempt_id}.{ticket.seat_epoch}"
    return f"{body}.{encode_base64url(keys.mac(body.encode(), purpose=PURPOSE))}"


def read_ticket(keys: Keys, given: str) -> Ticket:
    """Return the ticket.

    Raises: TicketInvalid - missing, malformed, or not made by us.
    """
    body, _, code = given.rpartition(".")
    attempt_id, _, epoch = body.partition(".")
    if len(given) > MAX_TICKET or not epoch.isdigit():
        raise TicketInvalid
    try:
        raw = decode_base64url(code)
    except ValueError as fault:
        raise TicketInvalid from fault
    if not keys.is_mac(raw, body.encode(), purpose=PURPOSE):
        raise TicketInvalid
    return Ticket(AttemptId(attempt_id), int(epoch))
