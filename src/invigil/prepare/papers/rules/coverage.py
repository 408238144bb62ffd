"""Figures for the charts of a paper set: what the pool has, what papers take, how often questions are shown."""

from collections import Counter
from typing import Any

import numpy as np

from invigil.prepare.papers.model import Blueprint, Pool
from invigil.prepare.papers.rules.dealing import count_showings, deal
from invigil.prepare.papers.rules.draws import Numbers
from invigil.prepare.papers.rules.planning import Plan

# The forecast deals at most so many made-up papers and scales the showings.
MOST_FORECAST = 2_000
FORECAST_BATCH = -2


def describe_coverage(blueprint: Blueprint, pool: Pool, plan: Plan, *, seed: bytes, people: int) -> dict[str, Any]:
    """Return JSON values: cells, difficulty, exposure.

    people: for how many the exposure is forecast, >= 1.
    cells: per type, knowledge area and difficulty the questions in the pool and the mean number per paper in hundredths.
    exposure: of the drawn questions, in hundredths of a percent of the papers; histogram over 20 bins of 5 %.
    """
    dealt = min(people, MOST_FORECAST)
    names = [f"forecast-{number}" for number in range(dealt)]
    batch = deal(blueprint, pool, plan, seed=seed, batch=FORECAST_BATCH, candidate_ids=names)
    shown = count_showings(batch, pool)
    return {
        "forecast_people": people,
        "mean_difficulty": plan.level_sum * 100 // max(1, plan.question_count),
        "cells": _describe_cells(pool, shown, dealt),
        "exposure": _describe_exposure(plan, shown, dealt),
    }


def _describe_cells(pool: Pool, shown: Numbers, dealt: int) -> list[dict[str, Any]]:
    present: Counter[tuple[str, str, int]] = Counter()
    taken: Counter[tuple[str, str, int]] = Counter()
    for place, question in enumerate(pool.questions):
        cell = (question.type.value, question.knowledge_area, question.difficulty)
        present[cell] += 1
        taken[cell] += int(shown[place])
    return [
        {
            "type": kind,
            "knowledge_area": area,
            "difficulty": level,
            "pool": count,
            "per_paper": taken[kind, area, level] * 100 // dealt,
        }
        for (kind, area, level), count in sorted(present.items())
    ]


def _describe_exposure(plan: Plan, shown: Numbers, dealt: int) -> dict[str, Any]:
    drawable = sorted({int(place) for deck in plan.decks for place in deck.places})
    rates = shown[drawable] * 10_000 // dealt
    return {
        "drawn": int((shown > 0).sum()),
        "never_drawn": int((shown == 0).sum()),
        "compulsory": len(plan.fixed),
        "highest": int(rates.max(initial=0)),
        "lowest": int(rates.min(initial=10_000)) if drawable else 0,
        "histogram": np.bincount(np.minimum(rates // 500, 19), minlength=20).tolist(),
    }
