"""What pages, phones and staff read of a check-in."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel, Field

from invigil.kernel.ids import CandidateId
from invigil.platform.db import Transaction
from invigil.platform.media import AccessPoint
from invigil.prepare.candidates.api import read_public_card
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.api import seat_of
from invigil.sit.answering.api import Attempt, RecordingTerms, compute_deadline, recording_terms
from invigil.sit.checkin.model import CheckKind, Device, MeasuredValue, PhoneState, StoredCheck, Verdict
from invigil.sit.checkin.model.checks import CHECK_NAMES_EN, CHECK_NAMES_ZH
from invigil.sit.checkin.model.reasons import REASONS
from invigil.sit.checkin.rules.needed import mask_name
from invigil.sit.checkin.rules.thresholds import THRESHOLDS
from invigil.sit.checkin.service.pairing import Claimed
from invigil.sit.checkin.service.phones import Phones
from invigil.sit.checkin.service.reporting import MOST_CHECKS, CheckIn


class ReasonAnswer(BaseModel):
    """A finding and what to do, in both languages."""

    zh: str
    hint_zh: str
    en: str
    hint_en: str


class JudgingAnswer(BaseModel):
    """What pages need to say the same as we do while they measure: the limits, and the words of every finding."""

    thresholds: dict[str, float]
    reasons: dict[str, ReasonAnswer]


class ReportItem(BaseModel):
    """One check. measured: numbers, texts and booleans by name; which ones each kind needs is in `MEASURED_NAMES`."""

    kind: CheckKind
    measured: dict[str, MeasuredValue] = Field(max_length=24)


class ReportForm(BaseModel):
    """Checks that were made."""

    checks: list[ReportItem] = Field(min_length=1, max_length=MOST_CHECKS)


class CheckAnswer(BaseModel):
    """The newest result of a check. is_passable: passed, warned of, or let through by staff."""

    kind: CheckKind
    verdict: Verdict
    reason: str
    is_passable: bool
    is_waived: bool
    checked_at: datetime

    @classmethod
    def of(cls, one: StoredCheck) -> "CheckAnswer":
        """Return the check as a page sees it."""
        return cls(
            kind=one.kind,
            verdict=one.verdict,
            reason=one.reason,
            is_passable=one.is_passable,
            is_waived=bool(one.waived_by),
            checked_at=one.checked_at,
        )


class ReportAnswer(BaseModel):
    """What we make of the checks, in the order in which they came."""

    checks: list[CheckAnswer]


class PhoneAnswer(BaseModel):
    """The phone as the PC page and staff see it. needs_permission_since: another phone waits for the proctor's word."""

    state: PhoneState
    label: str
    battery: float | None
    is_charging: bool | None
    needed: list[CheckKind]
    open: list[CheckKind]
    checks: list[CheckAnswer]
    needs_permission_since: datetime | None
    other_label: str
    is_change_allowed: bool


class CheckInAnswer(BaseModel):
    """The check-in as the PC page sees it; `needed` is empty where the sitting records nothing. open: what still stands in the way."""

    needed: list[CheckKind]
    open: list[CheckKind]
    checks: list[CheckAnswer]
    phone: PhoneAnswer
    allows_several_screens: bool
    judging: JudgingAnswer


class PhoneEntry(BaseModel):
    """The attempt as its phone needs it. name: masked. ticket: only in the answer to a claim, otherwise ""."""

    ticket: str
    attempt_id: str
    attempt_state: str
    name: str
    sitting_title: str
    room_name: str
    seat_number: int
    server_time: datetime
    starts_at: datetime
    deadline: datetime
    orientation: str
    phone_epoch: int
    label: str
    needed: list[CheckKind]
    checks: list[CheckAnswer]
    judging: JudgingAnswer
    recording: RecordingTerms


class StaffCheck(BaseModel):
    """One check for staff: found, measured, how often tried, who let it through."""

    device: Device
    kind: CheckKind
    kind_zh: str
    kind_en: str
    verdict: Verdict
    reason: str
    reason_zh: str
    reason_en: str
    hint_zh: str
    measured: dict[str, MeasuredValue]
    checked_at: datetime
    tries: int
    failures: int
    is_waived: bool
    waived_by: str
    waived_at: datetime | None
    waive_reason: str

    @classmethod
    def of(cls, one: StoredCheck) -> "StaffCheck":
        """Return the check as staff see it."""
        reason = REASONS[one.reason]
        return cls(
            device=one.device,
            kind=one.kind,
            kind_zh=CHECK_NAMES_ZH[one.kind],
            kind_en=CHECK_NAMES_EN[one.kind],
            verdict=one.verdict,
            reason=one.reason,
            reason_zh=reason.zh,
            reason_en=reason.en,
            hint_zh=reason.hint_zh,
            measured=dict(one.measured),
            checked_at=one.checked_at,
            tries=one.tries,
            failures=one.failures,
            is_waived=bool(one.waived_by),
            waived_by=one.waived_by,
            waived_at=one.waived_at,
            waive_reason=one.waive_reason,
        )


class StaffPhone(BaseModel):
    """A claim by a phone."""

    phone_epoch: int
    label: str
    user_agent: str
    claimed_at: datetime
    is_same_phone: bool


class StaffCheckIn(BaseModel):
    """The report that proctor and support read (S3.9)."""

    attempt_id: str
    open_pc: list[CheckKind]
    open_phone: list[CheckKind]
    checks: list[StaffCheck]
    phone: PhoneAnswer
    phones: list[StaffPhone]


def judging_answer() -> JudgingAnswer:
    """Return the limits and the words."""
    reasons = {code: ReasonAnswer(**asdict(one)) for code, one in REASONS.items()}
    return JudgingAnswer(thresholds=asdict(THRESHOLDS), reasons=reasons)


def phone_answer(found: CheckIn, phones: Phones, now: datetime) -> PhoneAnswer:
    """Return the phone of a check-in."""
    phone = found.phones[-1] if found.phones else None
    status = phones.read(found.attempt.id)
    change = found.change
    is_allowed = change is not None and change.allowed_until is not None and now < change.allowed_until
    return PhoneAnswer(
        state=phones.state(found.attempt.id, phone, found.open[Device.PHONE], now),
        label="" if phone is None else phone.label,
        battery=None if status is None else status.battery,
        is_charging=None if status is None else status.is_charging,
        needed=list(found.needed[Device.PHONE]),
        open=_in_order(found, Device.PHONE),
        checks=[CheckAnswer.of(one) for one in found.checks if one.device is Device.PHONE],
        needs_permission_since=None if change is None else change.asked_at,
        other_label="" if change is None else change.label,
        is_change_allowed=is_allowed,
    )


async def check_in_answer(tx: Transaction, found: CheckIn, phones: Phones) -> CheckInAnswer:
    """Return the check-in for the PC page."""
    rules = (await access_sitting(tx, found.attempt.sitting_id)).rules
    return CheckInAnswer(
        needed=list(found.needed[Device.PC]),
        open=_in_order(found, Device.PC),
        checks=[CheckAnswer.of(one) for one in found.checks if one.device is Device.PC],
        phone=phone_answer(found, phones, tx.now),
        allows_several_screens=rules.allows_several_screens,
        judging=judging_answer(),
    )


async def phone_entry(
    tx: Transaction, found: CheckIn, claimed: Claimed | None, access_points: Sequence[AccessPoint]
) -> PhoneEntry:
    """Return the attempt for its phone. claimed: just now; None for a page that was loaded again."""
    attempt = found.attempt
    sitting = await access_sitting(tx, attempt.sitting_id)
    card = await read_public_card(tx, CandidateId(attempt.candidate_id))
    phone = found.phones[-1]
    return PhoneEntry(
        ticket="" if claimed is None else claimed.ticket,
        attempt_id=attempt.id,
        attempt_state=attempt.state,
        name=mask_name(card.name),
        sitting_title=sitting.title,
        room_name=await _room_name(tx, attempt),
        seat_number=attempt.seat_number,
        server_time=tx.now,
        starts_at=attempt.starts_at,
        deadline=compute_deadline(attempt, tx.now),
        orientation=sitting.rules.orientation,
        phone_epoch=phone.phone_epoch,
        label=phone.label,
        needed=list(found.needed[Device.PHONE]),
        checks=[CheckAnswer.of(one) for one in found.checks if one.device is Device.PHONE],
        judging=judging_answer(),
        recording=recording_terms(tx.keys, sitting.rules, access_points),
    )


def staff_answer(found: CheckIn, phones: Phones, now: datetime) -> StaffCheckIn:
    """Return the report for staff."""
    newest = found.phones[-1].device_key if found.phones else ""
    return StaffCheckIn(
        attempt_id=found.attempt.id,
        open_pc=_in_order(found, Device.PC),
        open_phone=_in_order(found, Device.PHONE),
        checks=[StaffCheck.of(one) for one in found.checks],
        phone=phone_answer(found, phones, now),
        phones=[
            StaffPhone(
                phone_epoch=one.phone_epoch,
                label=one.label,
                user_agent=one.user_agent,
                claimed_at=one.claimed_at,
                is_same_phone=one.device_key == newest,
            )
            for one in found.phones
        ],
    )


def _in_order(found: CheckIn, device: Device) -> list[CheckKind]:
    return [kind for kind in found.needed[device] if kind in found.open[device]]


async def _room_name(tx: Transaction, attempt: Attempt) -> str:
    from_seat = await seat_of(tx, attempt.sitting_id, attempt.candidate_id)
    return "" if from_seat is None else str(from_seat.room_number)
