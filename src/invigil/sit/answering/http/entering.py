"""The candidate's own routes: login, examinations, mock slots, entering, the paper and its key."""

from datetime import datetime

from fastapi import Request, Response
from pydantic import BaseModel, Field

from invigil.base.accounts.api import (
    CANDIDATE_COOKIE,
    DEVICE_COOKIE,
    clear_login_cookie,
    compute_csrf_token,
    end,
    log_in_candidate,
    set_login_cookies,
)
from invigil.kernel.ids import CandidateId, SittingId
from invigil.kernel.principals import Principal, PrincipalKind
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, SelfCommittingRouter, Tx, Who, ports_of
from invigil.prepare.candidates.api import read_public_card
from invigil.prepare.exams.api import MockSlot, access_exam, find_booking, list_mock_slots
from invigil.prepare.rooms.api import book_mock_seat
from invigil.sit.answering.http.entry_answers import EntryAnswer, closed_door_answer, entry_answer
from invigil.sit.answering.service.entering import enter, look_at_door
from invigil.sit.answering.service.listing import OwnSitting, list_own_sittings

router = ManagementRouter(prefix="/api/candidate", tags=["candidate"])
entrance = SelfCommittingRouter(prefix="/api/candidate", tags=["candidate"])
sit_router = ManagementRouter(prefix="/api/sit", tags=["sit"])


class LoginForm(BaseModel):
    """What a candidate types: admission ticket or identity number, password or one-time code."""

    login_name: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=200)


class CandidateCard(BaseModel):
    """The candidate, as shown to the candidate."""

    id: str
    name: str
    masked_identity_number: str
    ticket_number: str
    exam_title: str
    subject: str


class CandidateMe(BaseModel):
    """Who is logged in, and the token that every change must carry in `X-Invigil-CSRF`."""

    csrf: str
    candidate: CandidateCard
    must_change: bool = False


class SlotAnswer(BaseModel):
    """A mock slot that can be chosen. free: places left."""

    sitting_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    free: int
    booked: bool


class EnterForm(BaseModel):
    """Entering a sitting."""

    sitting_id: SittingId
    consent_version: str | None = Field(default=None, max_length=40)
    device: dict[str, str | int | bool | None] = Field(default_factory=dict, max_length=40)
    takeover: bool = False


@entrance.post("/login", name="answering.candidate.log_in", summary="考生登录")
async def log_in(form: LoginForm, request: Request, response: Response) -> CandidateMe:
    """Log in; sets the login cookie."""
    ports = ports_of(request)
    device = request.cookies.get(DEVICE_COOKIE, "")
    started = await log_in_candidate(ports.db, login_name=form.login_name, password=form.password, device_token=device)
    login = started.login
    who = Principal(PrincipalKind.CANDIDATE, login.principal_id, login_id=login.id, exam_id=login.exam_id)
    async with ports.db.reading() as tx:
        answer = await _me(tx, who)
    set_login_cookies(response, CANDIDATE_COOKIE, started)
    return answer


@router.get("/me", name="answering.candidate.me", summary="当前登录的考生")
async def me(tx: Tx, who: Who) -> CandidateMe:
    """Return who is logged in."""
    return await _me(tx, who)


@router.post("/logout", name="answering.candidate.log_out", summary="考生退出登录", status_code=204)
async def log_out(tx: Tx, who: Who, response: Response) -> None:
    """End this login."""
    await end(tx, [who.login_id])
    clear_login_cookie(response, CANDIDATE_COOKIE)


@router.get("/sittings", name="answering.candidate.sittings", summary="我的考试")
async def list_sittings(tx: Tx, who: Who) -> list[OwnSitting]:
    """List the candidate's sittings with what can be done now and why not."""
    return await list_own_sittings(tx, who)


@router.get("/mock-slots", name="answering.candidate.mock_slots", summary="可选的模拟考核时段")
async def list_slots(tx: Tx, who: Who) -> list[SlotAnswer]:
    """List the mock slots that the candidate can choose, and which one is booked."""
    card = await read_public_card(tx, CandidateId(who.id))
    booked = await find_booking(tx, card.id)
    slots = await list_mock_slots(tx, card.exam_id, card.subject_code)
    return [_slot(slot, is_booked=booked is not None and booked.id == slot.sitting.id) for slot in slots]


@router.post(
    "/mock-slots/{sitting_id}/book", name="answering.candidate.book_slot", summary="预约模拟考核", status_code=204
)
async def book_slot(sitting_id: SittingId, tx: Tx, who: Who) -> None:
    """Book a mock slot and take a seat in it, or change to it."""
    card = await read_public_card(tx, CandidateId(who.id))
    await book_mock_seat(tx, who, card.id, sitting_id)


@sit_router.post("/enter", name="answering.attempt.enter", summary="进入考试")
async def enter_sitting(form: EnterForm, tx: Tx, who: Who, request: Request) -> EntryAnswer:
    """Take the seat; earlier pages of the attempt stop writing. Without a consent version a newcomer only learns the text."""
    points = ports_of(request).media.access_points
    door = await look_at_door(tx, who, form.sitting_id)
    if form.consent_version is None and door.attempt is None:
        return closed_door_answer(door, tx, points)
    entered = await enter(tx, who, door, consent_version=form.consent_version, device=form.device)
    return entry_answer(entered, tx, points)


def _slot(slot: MockSlot, *, is_booked: bool) -> SlotAnswer:
    return SlotAnswer(
        sitting_id=slot.sitting.id,
        title=slot.sitting.title,
        starts_at=slot.sitting.starts_at,
        ends_at=slot.sitting.ends_at,
        free=slot.free,
        booked=is_booked,
    )


async def _me(tx: Transaction, who: Principal) -> CandidateMe:
    card = await read_public_card(tx, CandidateId(who.id))
    exam = await access_exam(tx, card.exam_id)
    return CandidateMe(
        csrf=compute_csrf_token(tx.keys, who.login_id),
        candidate=CandidateCard(
            id=card.id,
            name=card.name,
            masked_identity_number=card.identity_masked,
            ticket_number=card.ticket_number,
            exam_title=exam.title,
            subject=card.subject_code,
        ),
    )


routers = (entrance, router, sit_router)
