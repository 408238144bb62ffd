"""Receiving steps from pages, showing the log to staff."""

from datetime import datetime

import msgspec
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from invigil.kernel.ids import AttemptId
from invigil.platform.http import ManagementRouter, Tx, ports_of
from invigil.sit.activity import service
from invigil.sit.activity.details import say_detail
from invigil.sit.activity.model import LoggedStep
from invigil.sit.activity.names import name_of_step
from invigil.sit.activity.rules import list_highlights, read_steps
from invigil.sit.activity.service import ActivityWriter, Batch
from invigil.sit.answering.api import TICKET_HEADER, access_attempt, read_ticket
from invigil.sit.checkin.api import PHONE_HEADER, read_phone_ticket

router = ManagementRouter(prefix="/api/activity", tags=["activity"])


class StepAnswer(BaseModel):
    """One step, for staff."""

    n: int
    device: str
    at_client: datetime
    at_server: datetime
    kind: str
    kind_zh: str
    kind_en: str
    item: str
    detail_zh: str
    detail_en: str
    importance: str


@router.get("/of-attempt/{attempt_id}", name="activity.steps.list", summary="操作日志")
async def list_steps(attempt_id: AttemptId, tx: Tx, *, only_highlights: bool = False) -> list[StepAnswer]:
    """List the steps of an attempt on the page's clock; important ones are marked (S3.18)."""
    await access_attempt(tx, attempt_id)
    steps = await service.list_steps(tx, attempt_id)
    shown = list_highlights(steps) if only_highlights else steps
    return [_answer(step) for step in shown]


def _answer(one: LoggedStep) -> StepAnswer:
    name, detail = name_of_step(one.kind), say_detail(one.kind, one.detail)
    return StepAnswer(
        n=one.n,
        device=one.device,
        at_client=one.at_client,
        at_server=one.at_server,
        kind=one.kind,
        kind_zh=name.zh,
        kind_en=name.en,
        item=one.item,
        detail_zh=detail.zh,
        detail_en=detail.en,
        importance=one.importance,
    )


async def keep_steps(request: Request) -> Response:
    """Keep a batch of steps of the page that holds this ticket."""
    ticket = read_ticket(ports_of(request).keys, request.headers.get(TICKET_HEADER, ""))
    return await _keep(request, ticket.attempt_id, "pc")


async def keep_phone_steps(request: Request) -> Response:
    """Keep a batch of steps of the phone that holds this ticket; they join the page's log on the one clock (S3.18)."""
    ticket = read_phone_ticket(ports_of(request).keys, request.headers.get(PHONE_HEADER, ""))
    return await _keep(request, ticket.attempt_id, "phone")


async def _keep(request: Request, attempt_id: AttemptId, device: str) -> Response:
    steps = read_steps(await request.body(), ports_of(request).clock.now(), device)
    writer: ActivityWriter = request.app.state.activity_writer
    kept = await writer.keep(Batch(attempt_id, steps))
    return Response(msgspec.json.encode({"kept": kept}), media_type="application/json")


routes = (
    Route("/api/sit/activity", keep_steps, methods=["POST"], name="activity.steps.keep"),
    Route("/api/phone/activity", keep_phone_steps, methods=["POST"], name="activity.steps.keep_phone"),
)
