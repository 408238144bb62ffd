"""Admission tickets as PDF: one at once, many as a job."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.accounts.api import read_initial_passwords
from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.blobs import BlobMissingError
from invigil.platform.db import Transaction
from invigil.platform.documents import picture_value, render_pdf
from invigil.platform.jobs import JobContext
from invigil.platform.ports import Ports
from invigil.prepare.candidates.model import Candidate, CandidateState, TooManyTickets
from invigil.prepare.candidates.rules.identity import mask_identity_number
from invigil.prepare.candidates.service.searching import (
    CandidateFilter,
    access_candidate,
    list_candidates,
    to_query,
)
from invigil.prepare.candidates.store import registrations, search

TEMPLATE = "prepare/candidates/tickets.typ"
MOST_TICKETS = 1_000


@dataclass(frozen=True, slots=True)
class PrintedSitting:
    """A sitting as it stands on the ticket. subject_codes: whose tickets show it; empty for all. time: as printed."""

    title: str
    time: str
    subject_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketSheet:
    """What the examination gives to every ticket. rules: paragraphs for the candidate. subject_names: code → name."""

    exam_title: str
    rules: tuple[str, ...] = ()
    sittings: tuple[PrintedSitting, ...] = ()
    subject_names: dict[str, str] | None = None


async def render_tickets(tx: Transaction, ports: Ports, ids: Sequence[CandidateId], sheet: TicketSheet) -> bytes:
    """Return one PDF with the tickets of these candidates, in this order; withdrawn ones are left out.

    The caller records the act: tickets show names, photos and unused initial passwords.
    """
    people = [one for one in await list_candidates(tx, list(ids)) if one.state is CandidateState.REGISTERED]
    passwords = await read_initial_passwords(tx, [one.id for one in people])
    photos = await _read_photos(tx, ports, people)
    tickets = [_ticket(one, sheet, passwords.get(one.id, ""), photos.get(one.id)) for one in people]
    footer = f"{sheet.exam_title} · 共 {len(tickets)} 人"
    return await render_pdf(
        TEMPLATE, {"exam_title": sheet.exam_title, "footer": footer, "rules": sheet.rules, "tickets": tickets}
    )


async def record_print(tx: Transaction, who: Principal, candidate_id: CandidateId) -> None:
    """Record that one candidate's ticket is printed; render it once the record has been committed.

    Raises: CandidateNotFound.
    """
    await access_candidate(tx, who, candidate_id)
    await record(tx, who, act="candidates.ticket.print", on=candidate_id, details={"tickets": 1})


async def order_many(
    tx: Transaction, who: Principal, ports: Ports, wanted: CandidateFilter, sheet: TicketSheet
) -> tuple[str, int]:
    """Leave a job that makes the tickets of everyone who matches; return its id and the number of tickets.

    Raises: TooManyTickets - more than fit one document.
    """
    query = to_query(tx.keys, wanted)
    count = await search.count(tx, query)
    if count > MOST_TICKETS:
        raise TooManyTickets(limit=MOST_TICKETS, count=count)
    ids = await search.find_ids(tx, query, limit=MOST_TICKETS)
    arguments = {"exam_id": wanted.exam_id, "ids": ids, "sheet": _pack(sheet)}
    job_id = await ports.jobs.enqueue(
        tx, "candidates.tickets.print", arguments, owner=who, title=Words("生成准考证", "Make admission tickets")
    )
    details: dict[str, object] = {"exam": wanted.exam_id, "tickets": count}
    await record(tx, who, act="candidates.ticket.print", on=job_id, details=details)
    return job_id, count


async def print_many(
    ctx: JobContext, exam_id: ExamId, ids: Sequence[CandidateId], sheet: TicketSheet
) -> dict[str, object]:
    """Make the PDF of an order and attach it to the job. Repeatable."""
    await ctx.report(0, len(ids), Words("正在生成准考证", "Making admission tickets"))
    async with ctx.db.reading() as tx:
        pdf = await render_tickets(tx, ctx.ports, ids, sheet)
    key = f"candidates/tickets/{exam_id}/{ctx.job_id}"
    await ctx.ports.blobs.put(key, pdf)
    await ctx.attach(f"准考证_{len(ids)}人.pdf", "application/pdf", key)
    await ctx.conclude(Words(f"已生成 {len(ids)} 份准考证", f"Admission tickets made: {len(ids)}"))
    return {"tickets": len(ids)}


def _pack(sheet: TicketSheet) -> dict[str, object]:
    return {
        "exam_title": sheet.exam_title,
        "rules": list(sheet.rules),
        "sittings": [
            {"title": one.title, "time": one.time, "subject_codes": list(one.subject_codes)} for one in sheet.sittings
        ],
        "subject_names": sheet.subject_names or {},
    }


async def _read_photos(tx: Transaction, ports: Ports, people: Sequence[Candidate]) -> dict[str, str]:
    """Return the pictures to print by candidate; a photo that cannot be fetched leaves its frame empty."""
    rows = await registrations.read_candidates(tx, [one.id for one in people if one.photo_key])
    pictures: dict[str, str] = {}
    for row in rows:
        try:
            content = await ports.blobs.get(row.photo_key)
        except BlobMissingError:
            continue
        pictures[row.id] = picture_value(content, "image/jpeg", row.photo_width, row.photo_height)
    return pictures


def _ticket(one: Candidate, sheet: TicketSheet, password: str, photo: str | None) -> dict[str, object]:
    name = (sheet.subject_names or {}).get(one.subject_code, "")
    return {
        "ticket_number": one.ticket_number,
        "name": one.name,
        "identity_masked": mask_identity_number(one.identity_number),
        "employer": one.employer,
        "subject": f"{one.subject_code} {name}".strip(),
        "password": password,
        "photo": photo,
        "sittings": [
            {"title": sitting.title, "time": sitting.time}
            for sitting in sheet.sittings
            if not sitting.subject_codes or one.subject_code in sitting.subject_codes
        ],
    }
