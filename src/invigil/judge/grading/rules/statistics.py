"""What a graded sitting says about its questions and about itself.

Ratios are floats rounded to four places: they are shown, never added up into anybody's score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from invigil.judge.grading.model import Grid
from invigil.judge.grading.rules.marking import Marks
from invigil.judge.grading.rules.reading import Answers
from invigil.prepare.papers.api import ItemPlace

# Kelley 1939: the upper and lower 27 % separate best while staying large.
TAIL_PERCENT = 27
HISTOGRAM_BINS = 20
_DIGITS = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item of one question version over everybody whose paper had it.

    shown, answered: people. difficulty: mean share of the points earned, 0 … 1 (the p-value; high = easy).
    discrimination: correlation of the item with the rest of the paper, None where either does not vary.
    upper_lower: mean share in the best 27 % minus in the weakest 27 % of all, None where one of them never saw it.
    option_counts: how often each written option was chosen, "A" first; for true/false: right, wrong.
    """

    question: int
    part: int
    shown: int
    answered: int
    difficulty: float
    discrimination: float | None
    upper_lower: float | None
    option_counts: tuple[int, ...]


class PaperStatistics(NamedTuple):
    """The sitting as a whole. Scores in half points.

    reliability: 1 - error variance / score variance with the error estimated inside each person and section, since papers differ
    per person (items nested in persons; equals KR-21 for a single section of right/wrong items). None where scores do not vary.
    histogram: people per twentieth of the total; the last one includes the full score.
    """

    people: int
    passed: int
    mean: float
    deviation: float
    highest: int
    lowest: int
    median: int
    reliability: float | None
    histogram: tuple[int, ...]


def compute_item_statistics(
    answers: Answers, questions: Grid, places: Sequence[ItemPlace], marks: Marks, option_counts: Grid
) -> list[ItemStatistics]:
    """Return one entry per item that anybody saw, in order of question and part.

    answers: in written letters; questions: [candidate, question]; option_counts: [question, part], 2 for true/false.
    """
    parts = option_counts.shape[1]
    columns = np.array([place.column for place in places], np.int64)
    index = questions[:, columns] * parts + np.array([place.part for place in places], np.int64)
    size = option_counts.size
    whole = np.array([place.points.half_points for place in places], np.float64)
    share = marks.earned / whole
    total = marks.earned.sum(axis=1)
    rest = (total[:, None] - marks.earned).astype(np.float64)
    is_answered = answers.choices > 0
    for row, column in answers.texts:
        is_answered[row, column] = True
    shown = _count(index, size)
    answered = _count(index[is_answered], size)
    sums = _sum(index, share, size)
    correlation = _correlate(index, share, rest, shown, size)
    spread = _compare_tails(index, share, total, size)
    chosen = _count_options(index, answers.choices, option_counts, size)
    return [
        ItemStatistics(
            question=place // parts,
            part=place % parts,
            shown=int(shown[place]),
            answered=int(answered[place]),
            difficulty=round(float(sums[place] / shown[place]), _DIGITS),
            discrimination=_present(correlation[place]),
            upper_lower=_present(spread[place]),
            option_counts=tuple(chosen[place, : option_counts[place // parts, place % parts]].tolist()),
        )
        for place in np.flatnonzero(shown).tolist()
    ]


def _count(index: Grid, size: int) -> Grid:
    return np.bincount(index.ravel(), minlength=size)


def _sum(index: Grid, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(index.ravel(), values.ravel(), size), np.float64)


def _correlate(index: Grid, share: Floats, rest: Floats, shown: Grid, size: int) -> Floats:
    count = np.maximum(shown, 1)
    mean_share, mean_rest = _sum(index, share, size) / count, _sum(index, rest, size) / count
    # Centred first: the rest is large against its spread, and squares of large numbers cancel badly.
    centred_share, centred_rest = share - mean_share[index], rest - mean_rest[index]
    product = _sum(index, centred_share * centred_rest, size)
    squares = _sum(index, centred_share**2, size) * _sum(index, centred_rest**2, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(squares > 1e-12, product / np.sqrt(squares), np.nan)


def _compare_tails(index: Grid, share: Floats, total: Grid, size: int) -> Floats:
    tail = max(1, len(total) * TAIL_PERCENT // 100)
    ranks = np.argsort(total, kind="stable")
    means = []
    for people in (ranks[-tail:], ranks[:tail]):
        seen = _count(index[people], size)
        with np.errstate(divide="ignore", invalid="ignore"):
            means.append(np.where(seen > 0, _sum(index[people], share[people], size) / seen, np.nan))
    return np.asarray(means[0] - means[1], np.float64)


def _count_options(index: Grid, choices: Grid, option_counts: Grid, size: int) -> Grid:
    most = int(option_counts.max(initial=0))
    chosen = np.zeros((size, most), np.int64)
    for option in range(most):
        chosen[:, option] = _count(index[(choices >> option) & 1 > 0], size)
    return chosen


def _present(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), _DIGITS)


def compute_paper_statistics(
    marks: Marks, places: Sequence[ItemPlace], passed: NDArray[np.bool_]
) -> PaperStatistics | None:
    """Return the figures of everybody who sat; None when nobody did."""
    if not len(passed):
        return None
    totals = marks.earned.sum(axis=1)
    whole = sum(place.points.half_points for place in places)
    bins = np.minimum(totals * HISTOGRAM_BINS // whole, HISTOGRAM_BINS - 1)
    return PaperStatistics(
        people=len(totals),
        passed=int(passed.sum()),
        mean=round(float(totals.mean()), _DIGITS),
        deviation=round(float(totals.std()), _DIGITS),
        highest=int(totals.max()),
        lowest=int(totals.min()),
        median=int(np.sort(totals)[(len(totals) - 1) // 2]),
        reliability=_compute_reliability(marks, places, totals),
        histogram=tuple(np.bincount(bins, minlength=HISTOGRAM_BINS).tolist()),
    )


def _compute_reliability(marks: Marks, places: Sequence[ItemPlace], totals: Grid) -> float | None:
    if len(totals) < 2 or not totals.any() or totals.var() == 0:
        return None
    error = 0.0
    sections = np.array([place.section for place in places], np.int64)
    for section in np.unique(sections):
        items = marks.earned[:, sections == section]
        count = items.shape[1]
        if count > 1:
            error += float(count * items.var(axis=1, ddof=1).mean())
    return round(1.0 - error / float(totals.var(ddof=1)), _DIGITS)
