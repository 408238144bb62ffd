"""Admission tickets and photos: recorded first, shown after the record has been committed."""

from fastapi import Request, Response

from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import Principal
from invigil.platform.http import SelfCommittingRouter, ports_of
from invigil.prepare.candidates.http.answers import TicketsAnswer, TicketsForm, TicketSheetForm
from invigil.prepare.candidates.service import tickets
from invigil.prepare.candidates.service.facing import record_photo_view
from invigil.prepare.candidates.service.searching import CandidateFilter
from invigil.prepare.candidates.service.tickets import PrintedSitting, TicketSheet

router = SelfCommittingRouter(prefix="/api/candidates", tags=["candidates"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.post("/tickets", name="candidates.tickets.print", summary="批量生成准考证", status_code=202)
async def print_many(form: TicketsForm, request: Request) -> TicketsAnswer:
    """Make one PDF with the tickets of everyone who matches, in the background."""
    ports = ports_of(request)
    wanted = CandidateFilter(ExamId(form.exam_id), form.q, form.subject_code, form.employer, state="registered")
    async with ports.db.transaction() as tx:
        job_id, count = await tickets.order_many(tx, _who(request), ports, wanted, _sheet(form))
    return TicketsAnswer(job_id=job_id, tickets=count)


@router.post(
    "/{candidate_id}/ticket",
    name="candidates.ticket.print",
    summary="打印准考证",
    response_class=Response,
    responses={200: {"content": {"application/pdf": _BINARY}}},
)
async def print_one(candidate_id: CandidateId, form: TicketSheetForm, request: Request) -> Response:
    """Return one candidate's ticket as PDF; the print is recorded."""
    ports = ports_of(request)
    async with ports.db.transaction() as tx:
        await tickets.record_print(tx, _who(request), candidate_id)
    async with ports.db.reading() as tx:
        pdf = await tickets.render_tickets(tx, ports, [candidate_id], _sheet(form))
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@router.get(
    "/{candidate_id}/photo",
    name="candidates.photo.view",
    summary="查看照片",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": _BINARY}}},
)
async def view_photo(candidate_id: CandidateId, request: Request) -> Response:
    """Return the identity photo; the look is recorded."""
    ports = ports_of(request)
    async with ports.db.transaction() as tx:
        key = await record_photo_view(tx, _who(request), candidate_id)
    return Response(await ports.blobs.get(key), media_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _who(request: Request) -> Principal:
    who: Principal = request.state.who
    return who


def _sheet(form: TicketSheetForm) -> TicketSheet:
    sittings = tuple(PrintedSitting(one.title, one.time, tuple(one.subject_codes)) for one in form.sittings)
    return TicketSheet(form.exam_title, tuple(form.rules), sittings, form.subject_names)
