"""What the PC page does while checking in; it proves itself by its attempt ticket."""

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel

from invigil.platform.http import ManagementRouter, Tx, ports_of
from invigil.sit.answering.api import TICKET_HEADER, Ticket, access_newest, read_ticket
from invigil.sit.checkin.http.answers import CheckAnswer, CheckInAnswer, ReportAnswer, ReportForm, check_in_answer
from invigil.sit.checkin.model import Device
from invigil.sit.checkin.service import pairing
from invigil.sit.checkin.service.reporting import Report, keep_reports, read_check_in

router = ManagementRouter(prefix="/api/checkin", tags=["checkin"])


class PairAnswer(BaseModel):
    """A token for the QR code `{origin}/phone/#{token}`."""

    token: str
    expires_at: datetime


def _ticket_of(request: Request) -> Ticket:
    return read_ticket(ports_of(request).keys, request.headers.get(TICKET_HEADER, ""))


@router.get("", name="checkin.page.show", summary="本人的考前检测")
async def show_check_in(request: Request, tx: Tx) -> CheckInAnswer:
    """Tell the page which checks are needed, which are done, and how the phone stands."""
    attempt = await access_newest(tx, _ticket_of(request))
    return await check_in_answer(tx, await read_check_in(tx, attempt), request.app.state.phones)


@router.post("/pair", name="checkin.phone.pair", summary="取得手机接入二维码")
async def pair_phone(request: Request, tx: Tx) -> PairAnswer:
    """Give the page a one-time token, good for two minutes."""
    token, expires_at = await pairing.make_token(tx, _ticket_of(request))
    return PairAnswer(token=token, expires_at=expires_at)


@router.post("/report", name="checkin.page.report", summary="提交电脑检测结果")
async def report_checks(request: Request, form: ReportForm, tx: Tx) -> ReportAnswer:
    """Judge and keep checks of the PC."""
    attempt = await access_newest(tx, _ticket_of(request))
    kept = await keep_reports(tx, attempt, Device.PC, [Report(one.kind, one.measured) for one in form.checks])
    return ReportAnswer(checks=[CheckAnswer.of(one) for one in kept])
