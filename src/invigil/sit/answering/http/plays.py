"""The page tells how often sounds and films were played."""

from fastapi import Request
from pydantic import BaseModel, Field

from invigil.platform.http import ManagementRouter, Tx, ports_of
from invigil.sit.answering.model.plays import MAX_PLACES
from invigil.sit.answering.service.playing import keep_plays
from invigil.sit.answering.service.tickets import TICKET_HEADER, read_ticket

router = ManagementRouter(prefix="/api/sit", tags=["sit"])


class Plays(BaseModel):
    """How often each sound or film was played, by place: item and medium, "i1/media_…"."""

    plays: dict[str, int] = Field(max_length=MAX_PLACES)


@router.post("/plays", name="answering.plays.keep", summary="音视频播放次数")
async def keep(form: Plays, tx: Tx, request: Request) -> Plays:
    """Keep the page's counts; the greater of what stands and what is given wins, and the answer is what stands."""
    ticket = read_ticket(ports_of(request).keys, request.headers.get(TICKET_HEADER, ""))
    return Plays(plays=await keep_plays(tx, ticket, form.plays))
