"""Reports of checks: judged by our rules, kept, shown to staff, and let through by staff where they decide so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.ids import AttemptId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.rooms.api import access_room
from invigil.sit.answering.api import Attempt, access_attempt
from invigil.sit.checkin import store
from invigil.sit.checkin.model import (
    PC_CHECKS,
    PHONE_CHECKS,
    CheckKind,
    Device,
    PhoneChange,
    RegisteredPhone,
    StoredCheck,
    Verdict,
)
from invigil.sit.checkin.model.events import CheckReported
from invigil.sit.checkin.model.refusals import NothingToWaive
from invigil.sit.checkin.rules.judging import Asked, judge
from invigil.sit.checkin.rules.needed import list_needed, list_open
from invigil.sit.checkin.rules.reading import read_measured

MOST_CHECKS = 20


@dataclass(frozen=True, slots=True)
class Report:
    """One check as a page reports it."""

    kind: CheckKind
    measured: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckIn:
    """How far one attempt's check-in has come. needed, open: by device, in order."""

    attempt: Attempt
    needed: Mapping[Device, tuple[CheckKind, ...]]
    open: Mapping[Device, frozenset[CheckKind]]
    checks: Sequence[StoredCheck]
    phones: Sequence[RegisteredPhone]
    change: PhoneChange | None


async def keep_reports(
    tx: Transaction, attempt: Attempt, device: Device, reports: Sequence[Report]
) -> list[StoredCheck]:
    """Judge and keep what a device measured; the page's own verdict is never taken over.

    Raises: CheckUnknown, MeasurementInvalid.
    Source: S3.9.
    """
    rules = (await access_sitting(tx, attempt.sitting_id)).rules
    asked = Asked(rules.orientation, rules.allows_several_screens)
    before = {one.kind: one for one in await store.list_checks(tx, attempt.id, device)}
    kept = []
    for report in reports:
        measured = read_measured(device, report.kind, report.measured)
        found = judge(device, report.kind, measured, asked)
        earlier = before.get(report.kind)
        check = StoredCheck(
            attempt_id=attempt.id,
            device=device,
            kind=report.kind,
            verdict=found.verdict,
            reason=found.reason,
            measured=measured,
            checked_at=tx.now,
            tries=1 + (earlier.tries if earlier else 0),
            failures=(found.verdict is Verdict.FAIL) + (earlier.failures if earlier else 0),
            waived_by=earlier.waived_by if earlier else "",
            waived_at=earlier.waived_at if earlier else None,
            waive_reason=earlier.waive_reason if earlier else "",
        )
        await store.write_check(tx, check)
        before[report.kind] = check
        kept.append(check)
        _tell(tx, attempt, check, is_waived=False)
    return kept


async def waive(
    tx: Transaction, who: Principal, attempt_id: AttemptId, *, device: Device, kind: CheckKind, reason: str
) -> None:
    """Let a candidate go on although a check failed or cannot be made, or without a phone; recorded with its reason.

    Raises: AttemptNotFound, RoomNotFound - of another proctor's room; NothingToWaive.
    """
    attempt = await access_attempt(tx, attempt_id)
    await access_room(tx, who, attempt.room_id)
    check = await store.read_check(tx, attempt.id, device, kind)
    if check is None and kind in (PC_CHECKS if device is Device.PC else PHONE_CHECKS):
        reason_code = "phone_missing" if kind is CheckKind.PHONE else "not_made"
        check = StoredCheck(attempt.id, device, kind, Verdict.FAIL, reason_code, {}, tx.now, 0, 0, "", None, "")
    if check is None or check.verdict is not Verdict.FAIL:
        raise NothingToWaive
    waived = replace(check, waived_by=who.id, waived_at=tx.now, waive_reason=reason)
    await store.write_check(tx, waived)
    details = {"device": device.value, "kind": kind.value, "reason": reason}
    await record(tx, who, act="checkin.check.waive", on=attempt.id, details=details)
    _tell(tx, attempt, waived, is_waived=True)


async def read_check_in(tx: Transaction, attempt: Attempt) -> CheckIn:
    """Return how far the check-in of an attempt has come."""
    tracks = (await access_sitting(tx, attempt.sitting_id)).rules.tracks_required
    checks = await store.list_checks(tx, attempt.id)
    needed = {device: list_needed(device, tracks) for device in Device}
    still_open = {
        device: list_open(kinds, [one for one in checks if one.device is device]) for device, kinds in needed.items()
    }
    phones = await store.list_phones(tx, attempt.id)
    return CheckIn(attempt, needed, still_open, checks, phones, await store.read_change(tx, attempt.id))


async def show_to_staff(tx: Transaction, who: Principal, attempt_id: AttemptId) -> CheckIn:
    """Return the check-in of an attempt; a proctor sees their own rooms only.

    Raises: AttemptNotFound, RoomNotFound.
    Source: S3.9, C5.5.
    """
    attempt = await access_attempt(tx, attempt_id)
    await access_room(tx, who, attempt.room_id)
    return await read_check_in(tx, attempt)


def _tell(tx: Transaction, attempt: Attempt, check: StoredCheck, *, is_waived: bool) -> None:
    tx.emit(
        CheckReported(
            attempt.id, attempt.sitting_id, attempt.room_id, check.device, check.kind, check.verdict, is_waived
        )
    )
