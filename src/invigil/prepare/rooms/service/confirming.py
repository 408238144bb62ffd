"""《考场安排确认单》: submitted by an administrator, signed by the board's official, frozen from then on (C3.1)."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from invigil.base.accounts.api import read_staff_names
from invigil.base.audit.api import record
from invigil.kernel.canonical import digest_canonical, encode_canonical
from invigil.kernel.ids import ExamId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.api import (
    Sitting,
    SittingKind,
    access_exam,
    find_agreement,
    list_sittings_of_exam,
    list_subjects,
)
from invigil.prepare.rooms.model import Confirmation, ConfirmationState, PlanState
from invigil.prepare.rooms.model.refusals import (
    ConfirmationNotFound,
    PlanIncomplete,
    PlanNotInState,
    SignerIsSubmitter,
)
from invigil.prepare.rooms.rules.confirming import (
    SittingFacts,
    build_content,
    format_number,
    list_differences,
    list_sitting_changes,
)
from invigil.prepare.rooms.service.planning import gather_plan_faults
from invigil.prepare.rooms.service.scope import PLAN_STATES_ZH, lock_rooms
from invigil.prepare.rooms.store import confirmations as store
from invigil.prepare.rooms.store import seating

BEIJING = ZoneInfo("Asia/Shanghai")


async def submit_plan(tx: Transaction, who: Principal, exam_id: ExamId) -> Confirmation:
    """Put the rooms of every real sitting before the board as the next version of the sheet; they are frozen meanwhile.

    Raises: ExamNotFound, PlanNotInState, PlanIncomplete.
    """
    exam = await access_exam(tx, exam_id)
    await _lock_in_state(tx, exam_id, PlanState.EDITABLE)
    faults = await gather_plan_faults(tx, exam_id)
    if faults:
        raise PlanIncomplete(
            reason_zh="；".join(one.zh for one in faults), reason_en="; ".join(one.en for one in faults)
        )
    agreement = await find_agreement(tx, exam_id)
    sittings = [one for one in await list_sittings_of_exam(tx, exam_id) if one.kind == SittingKind.REAL]
    content = build_content(
        exam.title,
        "" if agreement is None else agreement.number,
        [await _facts(tx, one) for one in sittings],
        {one.code: one.title for one in await list_subjects(tx, exam_id)},
        await read_staff_names(tx),
    )
    version = len(await store.list_confirmations(tx, exam_id)) + 1
    sheet = Confirmation(
        id=new_id("confirmation"),
        exam_id=exam_id,
        version=version,
        number=format_number(exam_id, version),
        state=ConfirmationState.SUBMITTED,
        content=content,
        digest=digest_canonical(content),
        submitted_by=who.id,
        submitted_at=tx.now,
        signed_by="",
        signed_at=None,
        signature=b"",
        reason="",
    )
    await store.insert_confirmation(tx, sheet)
    await store.write_plan(tx, exam_id, PlanState.SUBMITTED)
    details = {"version": version, "sha256": sheet.digest}
    await record(tx, who, act="rooms.confirmation.submit", on=sheet.id, details=details)
    return sheet


async def sign_confirmation(tx: Transaction, who: Principal, confirmation_id: str, *, digest: str) -> Confirmation:
    """Sign the submitted sheet for the board; the one signed before is superseded.

    digest: of what the official has read; another content is not signed by mistake.
    Raises: ConfirmationNotFound - also when the digest is another; PlanNotInState, SignerIsSubmitter.
    """
    sheet = await _access_submitted(tx, confirmation_id)
    if sheet.digest != digest:
        raise ConfirmationNotFound
    if sheet.submitted_by == who.id:
        raise SignerIsSubmitter
    signature = tx.keys.sign(encode_canonical(sheet.content))
    signed = replace(sheet, state=ConfirmationState.SIGNED, signed_by=who.id, signed_at=tx.now, signature=signature)
    for older in await store.list_confirmations(tx, sheet.exam_id):
        if older.state == ConfirmationState.SIGNED:
            await store.update_confirmation(tx, replace(older, state=ConfirmationState.SUPERSEDED))
    await store.update_confirmation(tx, signed)
    await store.write_plan(tx, sheet.exam_id, PlanState.SIGNED)
    details = {"version": sheet.version, "sha256": sheet.digest}
    await record(tx, who, act="rooms.confirmation.sign", on=sheet.id, details=details)
    return signed


async def return_confirmation(tx: Transaction, who: Principal, confirmation_id: str, *, reason: str) -> Confirmation:
    """Give the submitted sheet back (official) or withdraw it (administrator); the rooms can be changed again.

    Raises: ConfirmationNotFound, PlanNotInState.
    """
    sheet = await _access_submitted(tx, confirmation_id)
    returned = replace(sheet, state=ConfirmationState.RETURNED, reason=reason)
    await store.update_confirmation(tx, returned)
    await store.write_plan(tx, sheet.exam_id, PlanState.EDITABLE, reason)
    await record(tx, who, act="rooms.confirmation.return", on=sheet.id, details={"reason": reason})
    return returned


async def amend_plan(tx: Transaction, who: Principal, exam_id: ExamId, *, reason: str) -> None:
    """Make signed rooms editable; the signed sheet stays, and the next version must be signed again.

    Raises: ExamNotFound, PlanNotInState.
    """
    await access_exam(tx, exam_id)
    await _lock_in_state(tx, exam_id, PlanState.SIGNED)
    await store.write_plan(tx, exam_id, PlanState.EDITABLE, reason)
    await record(tx, who, act="rooms.plan.amend", on=exam_id, details={"reason": reason})


async def access_confirmation(tx: Transaction, confirmation_id: str) -> Confirmation:
    """Return one version of a sheet.

    Raises: ConfirmationNotFound.
    """
    sheet = await store.read_confirmation(tx, confirmation_id)
    if sheet is None:
        raise ConfirmationNotFound
    return sheet


async def find_signed_confirmation(tx: Transaction, exam_id: ExamId) -> Confirmation | None:
    """Return the sheet in force: the last one signed, even while a newer one is prepared."""
    sheets = await store.list_confirmations(tx, exam_id)
    return next((one for one in sheets if one.state == ConfirmationState.SIGNED), None)


async def list_changes(tx: Transaction, sheet: Confirmation) -> tuple[Confirmation | None, list[str]]:
    """Return the last version signed before this one and, in Chinese, what is different; (None, []) for the first."""
    once_signed = [
        one
        for one in await store.list_confirmations(tx, sheet.exam_id)
        if one.version < sheet.version and one.signed_at is not None
    ]
    if not once_signed:
        return None, []
    return once_signed[0], list_differences(once_signed[0].content, sheet.content)


async def list_changes_since_signed(tx: Transaction, exam_id: ExamId) -> list[str]:
    """Return in Chinese how the real sittings themselves differ from what is signed; empty when nothing is signed."""
    signed = await find_signed_confirmation(tx, exam_id)
    if signed is None:
        return []
    sittings = [one for one in await list_sittings_of_exam(tx, exam_id) if one.kind == SittingKind.REAL]
    heads = [
        SittingFacts(one.id, one.title, format_beijing(one.starts_at), one.rules.duration, (), ()) for one in sittings
    ]
    return list_sitting_changes(signed.content, heads)


async def _lock_in_state(tx: Transaction, exam_id: ExamId, state: PlanState) -> None:
    await lock_rooms(tx, exam_id)
    plan = await store.read_plan(tx, exam_id)
    if plan.state != state:
        raise PlanNotInState(state=plan.state.value, state_zh=PLAN_STATES_ZH[plan.state])


async def _access_submitted(tx: Transaction, confirmation_id: str) -> Confirmation:
    found = await access_confirmation(tx, confirmation_id)
    await _lock_in_state(tx, found.exam_id, PlanState.SUBMITTED)
    sheet = await access_confirmation(tx, confirmation_id)
    if sheet.state != ConfirmationState.SUBMITTED:
        raise ConfirmationNotFound
    return sheet


async def _facts(tx: Transaction, sitting: Sitting) -> SittingFacts:
    return SittingFacts(
        sitting.id,
        sitting.title,
        format_beijing(sitting.starts_at),
        sitting.rules.duration,
        await seating.list_rooms(tx, sitting.id),
        await seating.list_seats(tx, sitting.id),
    )


def format_beijing(instant: datetime) -> str:
    """Return an instant as a document of the board writes it, in Beijing time."""
    local = instant.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
