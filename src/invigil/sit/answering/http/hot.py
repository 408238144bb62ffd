"""What 50,000 pages do at once: saving, handing in, asking the time. msgspec, the shortest way, no read before the write."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from invigil.kernel.encoding import encode_base64url
from invigil.platform.http import ports_of
from invigil.platform.http.hot import HotCall, HotRoute
from invigil.sit.answering.model import SavedSheet, SignedReceipt
from invigil.sit.answering.model.sheets import AnswerSheet
from invigil.sit.answering.rules import decode_form, encode_sheet, say_instant
from invigil.sit.answering.service.tickets import TICKET_HEADER, KnownTickets, Ticket
from invigil.sit.answering.service.writing import AnswerWriter, HandIn, Save


class SaveForm(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a save."""

    sheet: AnswerSheet


class HandInForm(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a hand-in. confirmed_unanswered: the number of unanswered items that the candidate saw and confirmed."""

    sheet: AnswerSheet
    confirmed_unanswered: int = 0


class SavedAnswer(msgspec.Struct):
    """The acknowledgement: this seq is durable."""

    seq: int
    saved_at: str
    sheet_sha256: str


class ReceiptAnswer(msgspec.Struct, omit_defaults=True):
    """The receipt: `receipt` is exactly what was signed, or what `path` leads up from to what was signed."""

    receipt: msgspec.Raw
    signature: str
    key_id: str
    path: str = ""


_decode_save = msgspec.json.Decoder(SaveForm).decode
_decode_hand_in = msgspec.json.Decoder(HandInForm).decode
_encode = msgspec.json.Encoder().encode
_TICKET_HEADER = TICKET_HEADER.encode()
_HEADERS = {"Cache-Control": "no-store"}


def ticket_of(request: Request) -> Ticket:
    """Return the page's ticket.

    Raises: TicketInvalid.
    """
    known: KnownTickets = request.app.state.known_tickets
    return known.read(request.headers.get(TICKET_HEADER, ""))


async def save(call: HotCall) -> bytes:
    """Make the whole sheet durable and acknowledge its seq."""
    ticket = _ticket_of(call)
    sheet = decode_form(_decode_save, call.body, ticket.attempt_id).sheet
    saved = await _writer_of(call).save(Save(ticket, sheet.seq, encode_sheet(sheet)))
    return _encode(saved_answer(saved))


async def hand_in(call: HotCall) -> bytes:
    """Hand in the final sheet; asked for again, it gives the same receipt."""
    ticket = _ticket_of(call)
    form = decode_form(_decode_hand_in, call.body, ticket.attempt_id)
    canonical = encode_sheet(form.sheet)
    signed = await _writer_of(call).hand_in(HandIn(ticket, form.sheet, form.confirmed_unanswered, canonical))
    return _encode(receipt_answer(signed))


async def tell_time(request: Request) -> Response:
    """Return the server's clock."""
    now = ports_of(request).clock.now().isoformat()
    return Response(_encode({"server_time": now}), media_type="application/json", headers=_HEADERS)


def saved_answer(saved: SavedSheet) -> SavedAnswer:
    """Return the acknowledgement of a save."""
    return SavedAnswer(saved.seq, say_instant(saved.saved_at), saved.sha256.hex())


def receipt_answer(signed: SignedReceipt) -> ReceiptAnswer:
    """Return a receipt as the page keeps it."""
    signature, path = encode_base64url(signed.signature), encode_base64url(signed.path)
    return ReceiptAnswer(msgspec.Raw(signed.statement), signature, signed.key_id, path)


def _ticket_of(call: HotCall) -> Ticket:
    known: KnownTickets = call.state.known_tickets
    return known.read(call.header(_TICKET_HEADER))


def _writer_of(call: HotCall) -> AnswerWriter:
    writer: AnswerWriter = call.state.answer_writer
    return writer


routes = (
    HotRoute("/api/sit/save", save, name="answering.sheet.save"),
    HotRoute("/api/sit/hand-in", hand_in, name="answering.attempt.hand_in"),
    Route("/api/sit/time", tell_time, methods=["GET"], name="answering.time.tell"),
)
