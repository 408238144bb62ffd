"""Phone tickets: they make a phone's request checkable without a read, as attempt tickets do for the page (ADR-0006, ADR-0015)."""

from invigil.kernel.encoding import decode_base64url, encode_base64url
from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction
from invigil.platform.keys import Keys
from invigil.sit.answering.api import Attempt, access_attempt
from invigil.sit.checkin import store
from invigil.sit.checkin.model import PhoneTicket
from invigil.sit.checkin.model.refusals import PhoneReplaced, PhoneTicketInvalid

PHONE_HEADER = "invigil-phone"
PURPOSE = "checkin.phone_ticket"
MAX_TICKET = 200


def issue_phone_ticket(keys: Keys, ticket: PhoneTicket) -> str:
    """Return the ticket as the phone carries it in `Invigil-Phone`: `attempt_id.phone_epoch.code`."""
    body = f"{ticket.attempt_id}.{ticket.phone_epoch}"
    return f"{body}.{encode_base64url(keys.mac(body.encode(), purpose=PURPOSE))}"


def read_phone_ticket(keys: Keys, given: str) -> PhoneTicket:
    """Return the ticket; whether it is still the newest is not looked up here.

    Raises: PhoneTicketInvalid - missing, malformed, or not made by us.
    """
    body, _, code = given.rpartition(".")
    attempt_id, _, epoch = body.partition(".")
    if len(given) > MAX_TICKET or not (epoch.isascii() and epoch.isdigit()):
        raise PhoneTicketInvalid
    try:
        raw = decode_base64url(code)
    except ValueError as fault:
        raise PhoneTicketInvalid from fault
    if not keys.is_mac(raw, body.encode(), purpose=PURPOSE):
        raise PhoneTicketInvalid
    return PhoneTicket(AttemptId(attempt_id), int(epoch))


async def access_by_phone(tx: Transaction, ticket: PhoneTicket) -> Attempt:
    """Return the attempt of the phone that claimed it last.

    Raises: PhoneReplaced - an older claim; AttemptNotFound.
    """
    phone = await store.read_phone(tx, ticket.attempt_id)
    if phone is None or phone.phone_epoch != ticket.phone_epoch:
        raise PhoneReplaced
    return await access_attempt(tx, ticket.attempt_id)
