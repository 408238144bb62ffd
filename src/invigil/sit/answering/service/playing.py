"""Counting plays: a limit of plays holds over a reload and over a change of the computer (S3.11)."""

from collections.abc import Mapping

from invigil.platform.db import Transaction
from invigil.sit.answering.model.plays import MAX_PLACES
from invigil.sit.answering.model.refusals import PlaysInvalid
from invigil.sit.answering.rules import check_plays
from invigil.sit.answering.service.entering import access_by_ticket
from invigil.sit.answering.service.tickets import Ticket
from invigil.sit.answering.store.plays import raise_plays, read_plays


async def keep_plays(tx: Transaction, ticket: Ticket, counts: Mapping[str, int]) -> dict[str, int]:
    """Keep how often each medium was played, as the page counts it, and return what stands now.

    counts: by place "i1/media_…"; of what stands and what is given the greater wins, so the same again changes nothing, an
    older page may still tell what it counted without a line, and no page lowers a count.
    Raises: TicketInvalid; PlaysInvalid - not a place of this paper, a count out of bounds, or too many places.
    Source: S3.11.
    """
    attempt = await access_by_ticket(tx, ticket)
    check_plays(counts, attempt.item_count)
    known = await read_plays(tx, attempt.id)
    raised = {place: count for place, count in counts.items() if count > known.get(place, 0)}
    if len(known.keys() | raised.keys()) > MAX_PLACES:
        raise PlaysInvalid
    if not raised:
        return known
    await raise_plays(tx, attempt.id, raised)
    return await read_plays(tx, attempt.id)
