"""What the phone does; it proves itself by a one-time token, and by its ticket from then on."""

from fastapi import Request
from pydantic import BaseModel, Field

from invigil.platform.http import ManagementRouter, SelfCommittingRouter, Tx, ports_of
from invigil.sit.checkin.http.answers import CheckAnswer, PhoneEntry, ReportAnswer, ReportForm, phone_entry
from invigil.sit.checkin.model import Device, PhoneTicket
from invigil.sit.checkin.model.refusals import OtherPhone
from invigil.sit.checkin.service import pairing
from invigil.sit.checkin.service.reporting import Report, keep_reports, read_check_in
from invigil.sit.checkin.service.tickets import PHONE_HEADER, access_by_phone, read_phone_ticket

claiming = SelfCommittingRouter(prefix="/api/phone", tags=["phone"])
phone_router = ManagementRouter(prefix="/api/phone", tags=["phone"])


class PhoneDevice(BaseModel):
    """What a phone says of itself. device_id: 32 random bytes that its browser keeps, as URL-safe text."""

    device_id: str = Field(min_length=20, max_length=100)
    user_agent: str = Field(min_length=1, max_length=400)


class ClaimForm(BaseModel):
    """The token of the QR code."""

    token: str = Field(min_length=1, max_length=100)
    device: PhoneDevice


def _ticket_of(request: Request) -> PhoneTicket:
    return read_phone_ticket(ports_of(request).keys, request.headers.get(PHONE_HEADER, ""))


@claiming.post("/claim", name="checkin.phone.claim", summary="手机扫码接入")
async def claim_token(form: ClaimForm, request: Request) -> PhoneEntry:
    """Bind the phone to the attempt of the token. That a second phone was turned away is kept, though its claim is undone."""
    ports = ports_of(request)
    db, access_points = ports.db, ports.media.access_points
    given = pairing.Claim(form.token, form.device.device_id, form.device.user_agent)
    try:
        async with db.transaction() as tx:
            claimed = await pairing.claim(tx, given)
            return await phone_entry(tx, await read_check_in(tx, claimed.attempt), claimed, access_points)
    except OtherPhone:
        async with db.transaction() as tx:
            await pairing.note_turned_away(tx, given, request.app.state.other_phone_hearers)
        raise


@phone_router.get("/attempt", name="checkin.phone.show", summary="手机页面恢复")
async def show_attempt(request: Request, tx: Tx) -> PhoneEntry:
    """Tell a phone whose page was loaded again where it stands."""
    attempt = await access_by_phone(tx, _ticket_of(request))
    access_points = ports_of(request).media.access_points
    return await phone_entry(tx, await read_check_in(tx, attempt), None, access_points)


@phone_router.post("/report", name="checkin.phone.report", summary="提交手机检测结果")
async def report_checks(request: Request, form: ReportForm, tx: Tx) -> ReportAnswer:
    """Judge and keep checks of the phone."""
    attempt = await access_by_phone(tx, _ticket_of(request))
    kept = await keep_reports(tx, attempt, Device.PHONE, [Report(one.kind, one.measured) for one in form.checks])
    return ReportAnswer(checks=[CheckAnswer.of(one) for one in kept])
