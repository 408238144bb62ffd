"""`invigil bench papers`: 50,000 papers of 100 questions, dealt, with option orders, encoded."""

import random
import time

import numpy as np

from invigil.app.bench.made_up import make_blueprint, make_pool
from invigil.app.bench.report import BenchReport
from invigil.prepare.papers.api import Blueprint, Plan, Pool, deal, encode_batch, make_plan

CANDIDATES = 50_000
NAIVE_CANDIDATES = 2_500
SEED = bytes(32)


def run(_database: str, candidates: int = CANDIDATES) -> BenchReport:
    """Measure on one core; takes about 3 s. No database takes part."""
    blueprint, pool = make_blueprint(), make_pool()
    started = time.perf_counter()
    plan = make_plan(blueprint, pool).plan
    if plan is None:
        raise AssertionError("the made-up blueprint is feasible")
    people = [f"cand_{number:026}" for number in range(candidates)]
    batch = deal(blueprint, pool, plan, seed=SEED, batch=0, candidate_ids=people)
    encoded = encode_batch(batch)
    seconds = time.perf_counter() - started
    shown = np.bincount(batch.questions.ravel(), minlength=len(pool.questions))
    spread = max(int(np.ptp(shown[deck.places])) for deck in plan.decks)
    naive = _time_naive(blueprint, pool, plan) * candidates / NAIVE_CANDIDATES
    return BenchReport(
        name="papers",
        value=round(seconds, 3),
        unit="s",
        baseline=round(naive, 3),
        ratio=round(seconds / naive, 4),
        note=(
            f"{candidates} papers of {plan.question_count} questions, plan, deal, option orders and encoding "
            f"({len(encoded[0])} bytes each), one core; within a deck the most and least shown question differ by {spread}. "
            f"Baseline: random.sample per knowledge area and difficulty and random.shuffle of options, with no balancing "
            f"of exposure and no encoding, {NAIVE_CANDIDATES} papers scaled up."
        ),
    )


def _time_naive(blueprint: Blueprint, pool: Pool, plan: Plan) -> float:
    """Return the seconds that the obvious assembly takes for `NAIVE_CANDIDATES` papers."""
    source = random.Random(1)  # noqa: S311 - a benchmark's reference
    decks = [(deck.places.tolist(), deck.takes.tolist()) for deck in plan.decks]
    started = time.perf_counter()
    for number in range(NAIVE_CANDIDATES):
        variant = number % len(decks[0][1])
        paper = [place for places, takes in decks for place in source.sample(places, takes[variant])]
        source.shuffle(paper)
        for place in paper:
            letters = list(range(pool.questions[place].option_counts[0]))
            source.shuffle(letters)
        if len(paper) != blueprint.question_count:
            raise AssertionError("the naive paper is complete")
    return time.perf_counter() - started
