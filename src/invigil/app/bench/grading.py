"""`invigil bench grading`: 50,000 sheets of 100 questions, checked against their hash, marked, and described by statistics."""

import hashlib
import json
import time
from collections.abc import Sequence

import msgspec
import numpy as np

from invigil.app.bench.made_up import make_blueprint, make_pool
from invigil.app.bench.report import BenchReport
from invigil.judge.grading.api import (
    CHUNK,
    MarkingKey,
    compute_item_statistics,
    compute_paper_statistics,
    grade_chunk,
    join_graded,
    make_key_table,
)
from invigil.prepare.papers.api import (
    Batch,
    Pool,
    QuestionType,
    deal,
    encode_batch,
    list_places,
    make_plan,
    order_of,
)

CANDIDATES = 50_000
NAIVE_CANDIDATES = 1_000
Keys = dict[tuple[int, int], MarkingKey]


def run(_database: str, candidates: int = CANDIDATES) -> BenchReport:
    """Measure on one core; takes about 10 s, most of it to make the sheets up. No database takes part."""
    blueprint, pool = make_blueprint(), make_pool()
    plan = make_plan(blueprint, pool).plan
    if plan is None:
        raise AssertionError("the made-up blueprint is feasible")
    people = [f"cand_{number:026}" for number in range(candidates)]
    batch = deal(blueprint, pool, plan, seed=bytes(32), batch=0, candidate_ids=people)
    keys = _make_keys(pool)
    sheets = _make_sheets(batch, pool)
    hashes = [hashlib.sha256(sheet).digest() for sheet in sheets]
    papers = encode_batch(batch)
    places, table = list_places(blueprint), make_key_table(keys, len(pool.questions), 1)

    started = time.perf_counter()
    if any(hashlib.sha256(sheet).digest() != known for sheet, known in zip(sheets, hashes, strict=True)):
        raise AssertionError("every sheet has its receipt's hash")
    graded = join_graded(
        grade_chunk(sheets[first : first + CHUNK], papers[first : first + CHUNK], places, table)
        for first in range(0, candidates, CHUNK)
    )
    marked = time.perf_counter() - started
    earned = graded.marks.earned.sum(axis=1)
    compute_item_statistics(graded.answers, graded.questions, places, graded.marks, np.maximum(table.option_counts, 2))
    compute_paper_statistics(graded.marks, places, earned >= blueprint.pass_mark.half_points)
    seconds = time.perf_counter() - started
    naive, naive_scores = _grade_naively(sheets[:NAIVE_CANDIDATES], batch, pool, keys)
    if naive_scores != (earned[:NAIVE_CANDIDATES]).tolist():
        raise AssertionError("both ways give the same scores")
    naive *= candidates / min(candidates, NAIVE_CANDIDATES)
    return BenchReport(
        name="grading",
        value=round(seconds, 3),
        unit="s",
        baseline=round(naive, 3),
        ratio=round(seconds / naive, 4),
        note=(
            f"{candidates} sheets of {len(places)} items (about {len(sheets[0])} bytes): SHA-256 against the receipt, decode, letters "
            f"back, marks ({marked:.2f} s), statistics of {len(pool.questions)} questions; one core, no database. Baseline: "
            f"json.loads and the same rules item by item with letters in sets, without statistics, {NAIVE_CANDIDATES} sheets "
            f"scaled up; both give the same scores."
        ),
    )


def _make_keys(pool: Pool) -> Keys:
    random = np.random.Generator(np.random.PCG64(7))
    keys: Keys = {}
    for place, question in enumerate(pool.questions):
        count = question.option_counts[0]
        is_multiple = question.type is QuestionType.MULTIPLE
        bits = int(random.integers(3, 1 << count)) if is_multiple else 1 << int(random.integers(max(2, count)))
        keys[place, 0] = MarkingKey(question.type, count, (bits,))
    return keys


def _make_sheets(batch: Batch, pool: Pool) -> list[bytes]:
    random = np.random.Generator(np.random.PCG64(8))
    picks = random.integers(1, 31, batch.questions.shape).tolist()
    kinds = [question.type for question in pool.questions]
    letters = ["".join(letter for bit, letter in enumerate("ABCDE") if bits >> bit & 1) for bits in range(32)]
    sheets = []
    for number, (row, pick) in enumerate(zip(batch.questions.tolist(), picks, strict=True)):
        answers: dict[str, object] = {}
        for column, (place, bits) in enumerate(zip(row, pick, strict=True)):
            if kinds[place] is QuestionType.TRUE_FALSE:
                answers[f"i{column + 1}"] = {"b": bits % 2 == 0}
            elif kinds[place] is QuestionType.MULTIPLE:
                answers[f"i{column + 1}"] = {"c": letters[bits]}
            else:
                answers[f"i{column + 1}"] = {"c": "ABCD"[bits % 4]}
        sheet = {"answers": answers, "attempt": f"att_{number:026}", "flags": [], "seq": 117, "v": 1}
        sheets.append(msgspec.json.encode(sheet))
    return sheets


def _grade_naively(sheets: Sequence[bytes], batch: Batch, pool: Pool, keys: Keys) -> tuple[float, list[int]]:
    """Return the seconds of the obvious way, and its scores in half points."""
    right = {
        place: {"ABCDEFGH"[bit] for bit in range(8) if key.accepted[0] >> bit & 1} for (place, _), key in keys.items()
    }
    started = time.perf_counter()
    scores = []
    for row, sheet in enumerate(sheets):
        answers = json.loads(sheet)["answers"]
        score = 0
        for column, place in enumerate(batch.questions[row].tolist()):
            score += _mark_naively(
                answers.get(f"i{column + 1}"), pool, place, int(batch.orders[row, column]), right[place]
            )
        scores.append(score)
    return time.perf_counter() - started, scores


def _mark_naively(answer: dict[str, object] | None, pool: Pool, place: int, order: int, right: set[str]) -> int:
    if not answer:
        return 0
    if "b" in answer:
        return 2 if ("A" if answer["b"] else "B") in right else 0
    count = pool.questions[place].option_counts[0]
    written = order_of(order, count)
    chosen = {
        "ABCDEFGH"[written["ABCDEFGH".index(letter)]] for letter in str(answer["c"]) if letter in "ABCDEFGH"[:count]
    }
    if chosen == right and len(chosen) == len(str(answer["c"])):
        return 2
    is_partial = pool.questions[place].type is QuestionType.MULTIPLE and chosen and chosen <= right
    return 1 if is_partial and len(chosen) == len(str(answer["c"])) else 0
