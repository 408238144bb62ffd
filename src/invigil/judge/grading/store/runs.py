"""SQL of grading runs."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select, update

from invigil.judge.grading.model import Correction, Run, RunState
from invigil.judge.grading.store.tables import runs
from invigil.kernel.ids import SittingId
from invigil.platform.db import Transaction

_SHOWN = [column for column in runs.c if column.name != "statistics"]
CORRECTIONS_PURPOSE = "grading.corrections"


async def insert_run(tx: Transaction, run: Run) -> None:
    """Write a run that begins."""
    await tx.execute(
        insert(runs).values(
            id=run.id,
            sitting_id=run.sitting_id,
            number=run.number,
            state=run.state,
            reason=run.reason,
            corrections=_seal_corrections(tx, run),
            people=0,
            passed=0,
            begun_by=run.begun_by,
            begun_at=run.begun_at,
            proposed_by="",
            approved_by="",
            withdrawn_reason="",
        )
    )


async def find_run(tx: Transaction, run_id: str) -> Run | None:
    """Return a run."""
    row = (await tx.execute(select(*_SHOWN).where(runs.c.id == run_id))).first()
    return None if row is None else _run(tx, row)


async def list_runs(tx: Transaction, sitting_id: str) -> list[Run]:
    """Return the runs of a sitting, first one first."""
    rows = await tx.execute(select(*_SHOWN).where(runs.c.sitting_id == sitting_id).order_by(runs.c.number))
    return [_run(tx, row) for row in rows.all()]


async def find_released(tx: Transaction, sitting_id: str) -> Run | None:
    """Return the run whose results are released."""
    released = select(*_SHOWN).where(runs.c.sitting_id == sitting_id, runs.c.state == RunState.RELEASED)
    row = (await tx.execute(released.order_by(runs.c.number.desc()).limit(1))).first()
    return None if row is None else _run(tx, row)


async def read_last_number(tx: Transaction, sitting_id: str) -> int:
    """Return the number of the sitting's newest run, 0 for none."""
    highest = await tx.execute(select(func.max(runs.c.number)).where(runs.c.sitting_id == sitting_id))
    return int(highest.scalar_one() or 0)


async def move_run(
    tx: Transaction, run_id: str, state: RunState, step: RunState, values: Mapping[str, object] | None = None
) -> bool:
    """Take a step from exactly this state, with the columns that go with it; False when the state is another by now."""
    changed = await tx.execute(
        update(runs).where(runs.c.id == run_id, runs.c.state == state).values(state=step, **(values or {}))
    )
    return bool(changed.rowcount)


async def read_statistics(tx: Transaction, run_id: str) -> Mapping[str, Any] | None:
    """Return the figures of a graded run."""
    row = (await tx.execute(select(runs.c.statistics).where(runs.c.id == run_id))).first()
    return None if row is None else row.statistics


def _seal_corrections(tx: Transaction, run: Run) -> bytes:
    plain = msgspec.json.encode([correction.model_dump(mode="json") for correction in run.corrections])
    return tx.keys.seal(plain, purpose=CORRECTIONS_PURPOSE, bound_to=_place_of_corrections(run.id))


def _open_corrections(tx: Transaction, row: Row[Any]) -> tuple[Correction, ...]:
    plain = tx.keys.open(row.corrections, purpose=CORRECTIONS_PURPOSE, bound_to=_place_of_corrections(row.id))
    return tuple(Correction.model_validate(one) for one in msgspec.json.decode(plain))


def _place_of_corrections(run_id: str) -> str:
    return f"grading_run/corrections/{run_id}"


def _run(tx: Transaction, row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        sitting_id=SittingId(row.sitting_id),
        number=row.number,
        state=RunState(row.state),
        reason=row.reason,
        corrections=_open_corrections(tx, row),
        people=row.people,
        passed=row.passed,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        graded_at=row.graded_at,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        withdrawn_reason=row.withdrawn_reason,
    )
