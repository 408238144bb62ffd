"""Taking a sitting from one state to the next: by staff, by time, by grading."""

from dataclasses import replace

from invigil.base.audit.api import record
from invigil.kernel.ids import SittingId
from invigil.kernel.principals import SYSTEM, Principal
from invigil.platform.db import Transaction
from invigil.prepare.exams.model import STATE_NAMES_ZH, Mover, Sitting, SittingMoved, SittingState, Transition
from invigil.prepare.exams.model.refusals import (
    AgreementMissing,
    LockNotProposed,
    PapersNotLocked,
    PathUnknown,
    SecondPersonNeeded,
    SittingOver,
    SubjectsMissing,
)
from invigil.prepare.exams.rules.states import find_path, list_steps_due
from invigil.prepare.exams.service.exams import access_exam, check_title, find_agreement
from invigil.prepare.exams.service.papers import list_subjects_without_papers
from invigil.prepare.exams.service.sittings import access_for_change, access_sitting, check_state, check_version
from invigil.prepare.exams.store import sittings as store


async def propose_lock(tx: Transaction, who: Principal, sitting_id: SittingId, *, version: int) -> Sitting:
    """Ask for the lock of this version; another administrator confirms it.

    Raises: SittingNotFound, SittingNotInState, ChangedMeanwhile, SubjectsMissing, SittingOver.
    """
    sitting = await _access_lockable(tx, sitting_id, version)
    await store.update_sitting(tx, replace(sitting, lock_proposed_by=who.id))
    await record(tx, who, act="exams.sitting.propose_lock", on=sitting_id, details={"version": version})
    return await access_sitting(tx, sitting_id)


async def lock_sitting(tx: Transaction, who: Principal, sitting_id: SittingId, *, version: int) -> Sitting:
    """Confirm the lock that somebody else proposed for this very version.

    Raises: SittingNotFound, SittingNotInState, ChangedMeanwhile, LockNotProposed, SecondPersonNeeded, SubjectsMissing,
        SittingOver.
    """
    sitting = await _access_lockable(tx, sitting_id, version)
    if not sitting.lock_proposed_by:
        raise LockNotProposed
    if sitting.lock_proposed_by == who.id:
        raise SecondPersonNeeded
    await store.update_sitting(tx, replace(sitting, locked_by=who.id))
    return await _move(tx, who, sitting, SittingState.LOCKED)


async def unlock_sitting(
    tx: Transaction, who: Principal, sitting_id: SittingId, *, reason: str, typed_title: str
) -> Sitting:
    """Make a locked sitting a draft again, one version further.

    Raises: SittingNotFound, TitleNotConfirmed, SittingNotInState.
    """
    sitting = await access_for_change(tx, sitting_id)
    check_title(await access_exam(tx, sitting.exam_id), typed_title)
    check_state(sitting, SittingState.LOCKED)
    await store.update_sitting(tx, replace(sitting, version=sitting.version + 1, lock_proposed_by="", locked_by=""))
    return await _move(tx, who, sitting, SittingState.DRAFT, reason)


async def open_sitting(tx: Transaction, who: Principal, sitting_id: SittingId) -> Sitting:
    """Let candidates in; from here on the sitting keeps its papers. Opened after T0, it runs at once.

    Raises: SittingNotFound, SittingNotInState, AgreementMissing, PapersNotLocked, SittingOver.
    Source: C2.
    """
    sitting = await access_for_change(tx, sitting_id)
    check_state(sitting, SittingState.LOCKED)
    if tx.now >= sitting.ends_at:
        raise SittingOver
    if await find_agreement(tx, sitting.exam_id) is None:
        raise AgreementMissing
    if lacking := await list_subjects_without_papers(tx, sitting):
        raise PapersNotLocked(subject_codes="、".join(lacking))
    await store.freeze_papers(tx, sitting_id, sitting.papers)
    opened = await _move(tx, who, sitting, SittingState.OPEN)
    return await _catch_up(tx, opened)


async def withdraw_opening(
    tx: Transaction, who: Principal, sitting_id: SittingId, *, reason: str, typed_title: str
) -> Sitting:
    """Shut a sitting that was opened by mistake, before T0.

    Raises: SittingNotFound, TitleNotConfirmed, SittingNotInState.
    """
    sitting = await _catch_up(tx, await access_for_change(tx, sitting_id))
    check_title(await access_exam(tx, sitting.exam_id), typed_title)
    check_state(sitting, SittingState.OPEN)
    await store.freeze_papers(tx, sitting_id, None)
    return await _move(tx, who, sitting, SittingState.LOCKED, reason)


async def record_transition(
    tx: Transaction, who: Principal, sitting_id: SittingId, target: SittingState, *, reason: str = ""
) -> Sitting:
    """Take a sitting along a path of grading: closed → graded → released, and back. The caller has checked persons and work.

    Raises: SittingNotFound, PathUnknown - no path of grading leads there from where the sitting stands now.
    """
    sitting = await _catch_up(tx, await access_for_change(tx, sitting_id))
    path = find_path(sitting.state, target)
    if path is None or path.mover != Mover.GRADING:
        raise PathUnknown(
            origin=sitting.state.value,
            target=target.value,
            origin_zh=STATE_NAMES_ZH[sitting.state],
            target_zh=STATE_NAMES_ZH[target],
        )
    return await _move(tx, who, sitting, target, reason)


async def list_due(tx: Transaction) -> list[SittingId]:
    """Return the sittings that time has moved on from what is stored."""
    stored = await store.list_in_states(tx, (SittingState.OPEN, SittingState.RUNNING), tx.now)
    return [one.id for one in stored if list_steps_due(one, tx.now)]


async def move_on(tx: Transaction, sitting_id: SittingId) -> Sitting:
    """Write what time has done to a sitting. Idempotent.

    Raises: SittingNotFound.
    """
    return await _catch_up(tx, await access_for_change(tx, sitting_id))


async def _access_lockable(tx: Transaction, sitting_id: SittingId, version: int) -> Sitting:
    sitting = await access_for_change(tx, sitting_id)
    check_state(sitting, SittingState.DRAFT)
    check_version(sitting, version)
    if not sitting.papers:
        raise SubjectsMissing
    if tx.now >= sitting.starts_at:
        raise SittingOver
    return sitting


async def _catch_up(tx: Transaction, sitting: Sitting) -> Sitting:
    for target in list_steps_due(sitting, tx.now):
        sitting = await _move(tx, SYSTEM, sitting, target)
    return sitting


async def _move(tx: Transaction, who: Principal, sitting: Sitting, target: SittingState, reason: str = "") -> Sitting:
    await store.write_transition(tx, Transition(sitting.id, sitting.state, target, tx.now, who.id, reason))
    details = {"from": sitting.state.value, "to": target.value, "reason": reason}
    await record(tx, who, act="exams.sitting.move", on=sitting.id, details=details)
    tx.emit(SittingMoved(sitting.id, sitting.exam_id, sitting.state, target))
    return await access_sitting(tx, sitting.id)
