"""SQL of results."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select

from invigil.judge.grading.model import Result, Run, RunState
from invigil.judge.grading.store.runs import find_run
from invigil.judge.grading.store.tables import results, runs
from invigil.kernel.ids import CandidateId
from invigil.kernel.points import Points
from invigil.platform.db import Transaction

_SHOWN = [column for column in results.c if column.name != "marks"]
_SORTS: Mapping[str, ColumnElement[Any]] = {
    "earned": results.c.earned,
    "candidate_id": results.c.candidate_id,
    "subject_code": results.c.subject_code,
    "outcome": results.c.outcome,
}


async def insert_results(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write results; `rows` are column values and not empty."""
    await tx.execute(insert(results), [dict(row) for row in rows])


async def list_graded(tx: Transaction, run_id: str) -> set[str]:
    """Return the candidates whose result of this run is written."""
    rows = await tx.execute(select(results.c.candidate_id).where(results.c.run_id == run_id))
    return {row.candidate_id for row in rows.all()}


async def list_results(tx: Transaction, run_id: str) -> list[Result]:
    """Return every result of a run, by candidate."""
    rows = await tx.execute(select(*_SHOWN).where(results.c.run_id == run_id).order_by(results.c.candidate_id))
    return [_result(row) for row in rows.all()]


async def search_results(
    tx: Transaction,
    run_id: str,
    *,
    subject_code: str,
    is_passed: bool | None,
    candidate_ids: Sequence[str] | None,
    sort: str,
    offset: int,
    limit: int,
) -> tuple[list[Result], int]:
    """Return one page and the total; empty filters match everything, `candidate_ids` None as well."""
    conditions: list[ColumnElement[bool]] = [results.c.run_id == run_id]
    if subject_code:
        conditions.append(results.c.subject_code == subject_code)
    if is_passed is not None:
        conditions.append(results.c.is_passed.is_(is_passed))
    if candidate_ids is not None:
        conditions.append(results.c.candidate_id.in_(candidate_ids))
    total = (await tx.execute(select(func.count()).select_from(results).where(*conditions))).scalar_one()
    column = _SORTS.get(sort.removeprefix("-"), results.c.earned)
    ordered = column.asc() if sort and not sort.startswith("-") else column.desc()
    page = select(*_SHOWN).where(*conditions).order_by(ordered, results.c.candidate_id).offset(offset).limit(limit)
    return [_result(row) for row in (await tx.execute(page)).all()], total


async def find_result(tx: Transaction, run_id: str, candidate_id: str) -> tuple[Result, bytes] | None:
    """Return a result and its sealed marks."""
    row = (
        await tx.execute(select(results).where(results.c.run_id == run_id, results.c.candidate_id == candidate_id))
    ).first()
    return None if row is None else (_result(row), row.marks)


async def list_released_of(tx: Transaction, candidate_id: str) -> list[tuple[Run, Result]]:
    """Return a candidate's results in released runs, newest first."""
    rows = await tx.execute(
        select(*_SHOWN)
        .join(runs, runs.c.id == results.c.run_id)
        .where(results.c.candidate_id == candidate_id, runs.c.state == RunState.RELEASED)
        .order_by(runs.c.approved_at.desc())
    )
    found = []
    for row in rows.all():
        run = await find_run(tx, row.run_id)
        if run is not None:
            found.append((run, _result(row)))
    return found


def _result(row: Row[Any]) -> Result:
    return Result(
        candidate_id=CandidateId(row.candidate_id),
        attempt_id=row.attempt_id,
        paper_set_id=row.paper_set_id,
        subject_code=row.subject_code,
        outcome=row.outcome,
        earned=Points(row.earned),
        possible=Points(row.possible),
        full=Points(row.full),
        is_passed=row.is_passed,
        sheet_sha256=row.sheet_sha256,
    )
