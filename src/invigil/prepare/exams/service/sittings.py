"""Sittings while they are prepared: made, changed, locked by two persons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from invigil.base.audit.api import record
from invigil.kernel.canonical import digest_canonical
from invigil.kernel.ids import ExamId, PaperSetId, SittingId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.model import STATE_NAMES_ZH, Sitting, SittingKind, SittingRules, SittingState
from invigil.prepare.exams.model.refusals import (
    CapacityMissing,
    ChangedMeanwhile,
    RulesInvalid,
    SittingInUse,
    SittingNotFound,
    SittingNotInState,
    SubjectNotFound,
)
from invigil.prepare.exams.rules.sitting_rules import compute_ends_at, encode_rules, find_rule_faults
from invigil.prepare.exams.service.exams import access_exam
from invigil.prepare.exams.store import exams as exams_store
from invigil.prepare.exams.store import sittings as store

# Later than any sitting.
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SittingPlan:
    """What staff decide about a sitting while it is a draft.

    subject_codes: may be empty while planning. capacity: places of a mock slot, ignored for a real sitting.
    """

    kind: SittingKind
    title: str
    subject_codes: Sequence[str]
    starts_at: datetime
    rules: SittingRules
    capacity: int | None = None


async def access_sitting(tx: Transaction, sitting_id: SittingId) -> Sitting:
    """Return the sitting as stored; `compute_sitting_state` says where it stands now.

    Raises: SittingNotFound.
    """
    found = await store.read_sitting(tx, sitting_id)
    if found is None:
        raise SittingNotFound
    return found


async def access_for_change(tx: Transaction, sitting_id: SittingId) -> Sitting:
    """Return the sitting, alone until the end of the transaction.

    Raises: SittingNotFound.
    """
    await tx.lock(f"exams.sitting/{sitting_id}")
    return await access_sitting(tx, sitting_id)


async def list_sittings_of_exam(tx: Transaction, exam_id: ExamId) -> list[Sitting]:
    """Return the sittings of an examination by start; empty for an unknown one."""
    return await store.list_of_exam(tx, exam_id)


async def list_sittings_beside(tx: Transaction, sitting: Sitting) -> list[Sitting]:
    """Return the other sittings, of any examination, that run at the same time for a while."""
    overlapping = await store.list_overlapping(tx, sitting.starts_at, sitting.last_deadline)
    return [one for one in overlapping if one.id != sitting.id]


async def list_active_sittings(tx: Transaction) -> list[Sitting]:
    """Return the sittings of every examination that are open or running as stored, by start."""
    return await store.list_in_states(tx, (SittingState.OPEN, SittingState.RUNNING), LATEST)


async def list_ended_sittings(tx: Transaction) -> list[Sitting]:
    """Return the sittings of every examination in which nobody sits any more, by start."""
    return await store.list_in_states(tx, (SittingState.CLOSED, SittingState.GRADED, SittingState.RELEASED), LATEST)


async def move_last_deadline(tx: Transaction, sitting_id: SittingId, deadline: datetime) -> None:
    """Keep the sitting running until this deadline at least: somebody was given extra time or paused. Idempotent."""
    await store.move_last_deadline(tx, sitting_id, deadline)


async def create_sitting(tx: Transaction, who: Principal, exam_id: ExamId, plan: SittingPlan) -> Sitting:
    """Make a draft.

    Raises: ExamNotFound, SubjectNotFound, RulesInvalid, CapacityMissing.
    """
    exam = await access_exam(tx, exam_id)
    papers = await _check_plan(tx, exam_id, plan)
    ends_at = compute_ends_at(plan.starts_at, plan.rules)
    sitting = Sitting(
        id=SittingId(new_id("sitting")),
        exam_id=exam_id,
        kind=plan.kind,
        title=plan.title,
        papers=papers,
        starts_at=plan.starts_at,
        ends_at=ends_at,
        late_entry_until=plan.starts_at + plan.rules.late_entry_within,
        last_deadline=ends_at,
        rules=plan.rules,
        state=SittingState.DRAFT,
        capacity=plan.capacity if plan.kind == SittingKind.MOCK else None,
        requires_mock=plan.kind == SittingKind.REAL and exam.is_mock_required,
        version=1,
        lock_proposed_by="",
        locked_by="",
    )
    await store.insert_sitting(tx, sitting)
    await record(tx, who, act="exams.sitting.create", on=sitting.id, details=_witness(sitting))
    return await access_sitting(tx, sitting.id)


async def edit_sitting(
    tx: Transaction, who: Principal, sitting_id: SittingId, plan: SittingPlan, *, version: int
) -> Sitting:
    """Change a draft; a proposal to lock it falls away, since it was for another content.

    Raises: SittingNotFound, SittingNotInState, ChangedMeanwhile, SubjectNotFound, RulesInvalid, CapacityMissing.
    """
    before = await access_for_change(tx, sitting_id)
    check_state(before, SittingState.DRAFT)
    check_version(before, version)
    ends_at = compute_ends_at(plan.starts_at, plan.rules)
    sitting = replace(
        before,
        kind=plan.kind,
        title=plan.title,
        papers=await _check_plan(tx, before.exam_id, plan),
        starts_at=plan.starts_at,
        ends_at=ends_at,
        last_deadline=ends_at,
        rules=plan.rules,
        capacity=plan.capacity if plan.kind == SittingKind.MOCK else None,
        version=version + 1,
        lock_proposed_by="",
    )
    await store.update_sitting(tx, sitting)
    await record(tx, who, act="exams.sitting.edit", on=sitting_id, details=_witness(sitting))
    return await access_sitting(tx, sitting_id)


async def delete_sitting(tx: Transaction, who: Principal, sitting_id: SittingId) -> None:
    """Remove a draft that was never locked; one that was may have rooms and bookings, and stays on record.

    Raises: SittingNotFound, SittingNotInState, SittingInUse.
    """
    sitting = await access_for_change(tx, sitting_id)
    check_state(sitting, SittingState.DRAFT)
    if await store.list_once_locked(tx, [sitting_id]):
        raise SittingInUse
    await store.delete_sitting(tx, sitting_id)
    await record(tx, who, act="exams.sitting.delete", on=sitting_id, details={"exam": sitting.exam_id})


def check_state(sitting: Sitting, *allowed: SittingState) -> None:
    """Pass when the sitting is in one of these states.

    Raises: SittingNotInState.
    """
    if sitting.state not in allowed:
        raise SittingNotInState(state=sitting.state.value, state_zh=STATE_NAMES_ZH[sitting.state])


def check_version(sitting: Sitting, version: int) -> None:
    """Pass when nobody changed the sitting since it was read.

    Raises: ChangedMeanwhile.
    """
    if sitting.version != version:
        raise ChangedMeanwhile(version=sitting.version)


async def _check_plan(tx: Transaction, exam_id: ExamId, plan: SittingPlan) -> dict[str, PaperSetId | None]:
    faults = find_rule_faults(plan.rules)
    if faults:
        raise RulesInvalid(
            count=len(faults),
            summary_zh="".join(fault.zh for fault in faults),
            summary_en=" ".join(fault.en for fault in faults),
            fields=[fault.field for fault in faults],
        )
    if plan.kind == SittingKind.MOCK and plan.capacity is None:
        raise CapacityMissing
    known = {one.code for one in await exams_store.list_subjects(tx, exam_id)}
    for code in plan.subject_codes:
        if code not in known:
            raise SubjectNotFound(subject_code=code)
    return dict.fromkeys(sorted(set(plan.subject_codes)))


def _witness(sitting: Sitting) -> dict[str, object]:
    """What the audit record keeps of a plan: enough to tell which one it was."""
    return {
        "kind": sitting.kind.value,
        "subjects": list(sitting.papers),
        "starts_at": sitting.starts_at.isoformat(),
        "rules": digest_canonical(encode_rules(sitting.rules)),
    }
