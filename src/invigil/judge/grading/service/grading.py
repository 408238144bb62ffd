"""Carrying a run out: mark, write in pieces, describe, and make it the sitting's newest result."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from invigil.judge.grading.model import Run, RunState
from invigil.judge.grading.rules.marking import has_passed
from invigil.judge.grading.rules.pipeline import CHUNK, Graded, grade_chunk, join_graded
from invigil.judge.grading.rules.statistics import compute_item_statistics, compute_paper_statistics
from invigil.judge.grading.service.collecting import Stack, collect
from invigil.judge.grading.service.runs import access_run, move
from invigil.judge.grading.store import results as results_store
from invigil.judge.grading.store import runs as store
from invigil.kernel.points import Points
from invigil.kernel.principals import Principal
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words
from invigil.platform.db import Database, Transaction
from invigil.prepare.exams.api import SittingState, access_sitting, compute_sitting_state, record_transition
from invigil.sit.answering.api import Outcome

MARKS_PURPOSE = "grading.marks"
Passed = NDArray[np.bool_]
Report = Callable[[int, int, Words], Awaitable[None]]
Settle = Callable[[Transaction, Mapping[str, Any]], Awaitable[None]]


class Marked(NamedTuple):
    """A stack and what came of it; rows in the order of the stack's sheets."""

    stack: Stack
    graded: Graded
    is_passed: Passed


async def grade(db: Database, who: Principal, run_id: str, report: Report, settle: Settle) -> Mapping[str, Any]:
    """Carry a run out; may be broken off anywhere and begun again.

    report: done, total, what is being done. settle: called in the transaction that makes the run's results stand.
    Raises: what `collect` refuses; the run is then given up, so that another can begin.
    """
    try:
        async with db.reading() as tx:
            run = await access_run(tx, run_id)
            if run.state is not RunState.GRADING:
                return {"run_id": run_id, "people": run.people, "passed": run.passed}
            stacks = await collect(tx, run.sitting_id, run.corrections)
    except Refusal:
        await _give_up(db, who, run_id)
        raise
    total = sum(len(stack.sheets) for stack in stacks)
    statistics: list[dict[str, Any]] = []
    done = passed = 0
    for stack in stacks:
        marked = await _mark(stack)
        async for written in _write(db, run, marked):
            await report(done + written, total, Words("保存成绩", "Storing the scores"))
        done += len(stack.sheets)
        passed += int(marked.is_passed.sum())
        statistics.append(await asyncio.to_thread(_describe, marked))
    result = {"run_id": run_id, "people": total, "passed": passed}
    async with db.transaction() as tx:
        await _make_stand(tx, who, run, {"people": total, "passed": passed, "statistics": {"paper_sets": statistics}})
        await settle(tx, result)
    return result


async def _give_up(db: Database, who: Principal, run_id: str) -> None:
    async with db.transaction() as tx:
        run = await access_run(tx, run_id)
        if run.state is RunState.GRADING:
            await move(tx, who, run, RunState.SUPERSEDED, act="grading.run.give_up")


async def _mark(stack: Stack) -> Marked:
    chunks = []
    for first in range(0, len(stack.sheets), CHUNK):
        sheets = [final.sheet for final in stack.sheets[first : first + CHUNK]]
        papers = stack.papers[first : first + CHUNK]
        chunks.append(await asyncio.to_thread(grade_chunk, sheets, papers, stack.places, stack.table))
    graded = await asyncio.to_thread(join_graded, chunks)
    return Marked(stack, graded, _decide(stack, graded))


def _decide(stack: Stack, graded: Graded) -> Passed:
    """Return who has passed; whoever was expelled has not, whatever was earned."""
    blueprint = stack.grading_set.blueprint
    earned, possible = graded.marks.earned.sum(axis=1).tolist(), graded.marks.possible.sum(axis=1).tolist()
    return np.array(
        [
            final.outcome is not Outcome.TERMINATED and has_passed(got, most, blueprint.pass_mark, blueprint.points)
            for final, got, most in zip(stack.sheets, earned, possible, strict=True)
        ],
        np.bool_,
    )


async def _write(db: Database, run: Run, marked: Marked) -> AsyncIterator[int]:
    """Write the results in short transactions; yield how many are written."""
    async with db.reading() as tx:
        written = await results_store.list_graded(tx, run.id)
    sheets = marked.stack.sheets
    for first in range(0, len(sheets), CHUNK):
        piece = range(first, min(first + CHUNK, len(sheets)))
        missing = [row for row in piece if sheets[row].candidate_id not in written]
        async with db.transaction() as tx:
            if missing:
                await results_store.insert_results(tx, list(_make_rows(tx, run, marked, missing)))
        yield piece.stop


def _make_rows(tx: Transaction, run: Run, marked: Marked, rows: Sequence[int]) -> Iterator[dict[str, Any]]:
    full = marked.stack.grading_set.blueprint.points.half_points
    marks = marked.graded.marks
    for row in rows:
        final, earned, possible = marked.stack.sheets[row], marks.earned[row], marks.possible[row]
        yield {
            "run_id": run.id,
            "candidate_id": final.candidate_id,
            "attempt_id": final.attempt_id or "",
            "paper_set_id": final.paper_set_id,
            "subject_code": final.subject_code,
            "outcome": final.outcome.value,
            "earned": int(earned.sum()),
            "possible": int(possible.sum()),
            "full": full,
            "is_passed": bool(marked.is_passed[row]),
            "sheet_sha256": final.sheet_sha256,
            "marks": tx.keys.seal(
                np.concatenate([earned, possible]).astype("<i2").tobytes(),
                purpose=MARKS_PURPOSE,
                bound_to=place_of_marks(run.id, final.candidate_id),
            ),
        }


def place_of_marks(run_id: str, candidate_id: str) -> str:
    """Return the place to which a result's marks are bound."""
    return f"grading_result/marks/{run_id}/{candidate_id}"


def open_marks(tx: Transaction, run_id: str, candidate_id: str, sealed: bytes) -> list[tuple[Points, Points]]:
    """Return (earned, possible) per item in presented order.

    Raises: CannotOpenError.
    """
    raw = tx.keys.open(sealed, purpose=MARKS_PURPOSE, bound_to=place_of_marks(run_id, candidate_id))
    numbers = np.frombuffer(raw, "<i2").tolist()
    half = len(numbers) // 2
    return [(Points(earned), Points(possible)) for earned, possible in zip(numbers[:half], numbers[half:], strict=True)]


def _describe(marked: Marked) -> dict[str, Any]:
    stack, graded, is_passed = marked
    blueprint, pool = stack.grading_set.blueprint, stack.grading_set.pool
    items = compute_item_statistics(graded.answers, graded.questions, stack.places, graded.marks, stack.option_counts)
    paper = compute_paper_statistics(graded.marks, stack.places, is_passed)
    return {
        "paper_set_id": stack.grading_set.paper_set.id,
        "subject_code": blueprint.subject_code,
        "title": blueprint.title,
        "full": str(blueprint.points),
        "pass_mark": str(blueprint.pass_mark),
        "paper": None if paper is None else paper._asdict(),
        "items": [
            asdict(item)
            | {
                "version_id": pool.questions[item.question].version_id,
                "question_id": pool.questions[item.question].question_id,
                "type": stack.table.keys[item.question, item.part].type.value,
                "knowledge_area": pool.questions[item.question].knowledge_area,
                "level": pool.questions[item.question].difficulty,
                "treatment": stack.table.keys[item.question, item.part].treatment.value,
            }
            for item in items
        ],
    }


async def _make_stand(tx: Transaction, who: Principal, run: Run, values: dict[str, object]) -> None:
    """Make the run the newest graded one: earlier ones that were not released are superseded, the sitting is graded."""
    for other in await store.list_runs(tx, run.sitting_id):
        if other.id != run.id and other.state in (RunState.GRADED, RunState.PROPOSED):
            await move(tx, who, other, RunState.SUPERSEDED, act="grading.run.supersede")
    details = {"people": values["people"]}
    graded = values | {"graded_at": tx.now}
    await move(tx, who, run, RunState.GRADED, act="grading.run.grade", values=graded, details=details)
    sitting = await access_sitting(tx, run.sitting_id)
    if compute_sitting_state(sitting, tx.now) is SittingState.CLOSED:
        await record_transition(tx, who, run.sitting_id, SittingState.GRADED)
