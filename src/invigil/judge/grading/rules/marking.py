"""Marks in half points: exact, and rounded down where half a point would have to be split.

`mark_choice` and `mark_blanks` are the rules; `mark_all` applies them to whole sittings at once and is tested against them.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from invigil.judge.grading.model import Grid, MarkingKey, Treatment
from invigil.judge.grading.rules.reading import Answers
from invigil.judge.grading.rules.texts import count_right_blanks
from invigil.kernel.points import ZERO, Points
from invigil.prepare.papers.api import CreditRule, ItemPlace, QuestionType

_TREATMENTS = (Treatment.MARK, Treatment.AWARD_ALL, Treatment.REMOVE)


def mark_choice(chosen: int, key: MarkingKey, place: ItemPlace) -> Points:
    """Return what a choice earns.

    chosen: bits in written letters, 0 = not answered. The key's treatment is not looked at.
    Incomplete answers earn only in multiple choice, only without a wrong option, and always less than the whole.
    """
    if chosen in key.accepted:
        return place.points
    if key.type is not QuestionType.MULTIPLE or not chosen:
        return ZERO
    return max((_mark_incomplete(chosen, accepted, place) for accepted in key.accepted), default=ZERO)


def _mark_incomplete(chosen: int, accepted: int, place: ItemPlace) -> Points:
    if chosen & ~accepted:
        return ZERO
    whole, right = place.points.half_points, chosen.bit_count()
    match place.credit:
        case CreditRule.NONE:
            earned = 0
        case CreditRule.HALF_IF_SUBSET:
            earned = whole // 2
        case CreditRule.PER_OPTION:
            earned = right * place.option_points.half_points
        case CreditRule.PROPORTION:
            earned = whole * right // accepted.bit_count()
    return Points(min(earned, whole - 1))


def mark_blanks(given: Sequence[str], key: MarkingKey, place: ItemPlace) -> Points:
    """Return what the texts of a fill-in earn: all blanks right, or in proportion if the section says so."""
    right = count_right_blanks(given, key.blanks, order_free=key.order_free)
    if right == len(key.blanks) and right:
        return place.points
    if place.credit is not CreditRule.PROPORTION or not right:
        return ZERO
    return Points(place.points.half_points * right // len(key.blanks))


class KeyTable(NamedTuple):
    """Marking keys as arrays [question, part], to be looked up for whole columns.

    accepted: int64 [alternative, question, part]; alternatives that an item does not have are -1.
    """

    keys: Mapping[tuple[int, int], MarkingKey]
    accepted: Grid
    option_counts: Grid
    treatments: Grid
    is_multiple: Grid


def make_key_table(keys: Mapping[tuple[int, int], MarkingKey], questions: int, parts: int) -> KeyTable:
    """Return the table. keys: by place in the pool and part."""
    alternatives = max((len(key.accepted) for key in keys.values()), default=1) or 1
    accepted = np.full((alternatives, questions, parts), -1, np.int64)
    option_counts, treatments, is_multiple = (np.zeros((questions, parts), np.int64) for _ in range(3))
    for (question, part), key in keys.items():
        accepted[: len(key.accepted), question, part] = key.accepted
        option_counts[question, part] = key.option_count
        treatments[question, part] = _TREATMENTS.index(key.treatment)
        is_multiple[question, part] = key.type is QuestionType.MULTIPLE
    return KeyTable(keys, accepted, option_counts, treatments, is_multiple)


class Marks(NamedTuple):
    """What every candidate earned. earned, possible: int64 [candidate, item], half points; a removed item has 0 possible."""

    earned: Grid
    possible: Grid


def mark_all(answers: Answers, questions: Grid, places: Sequence[ItemPlace], table: KeyTable) -> Marks:
    """Mark whole papers.

    answers: choices in written letters. questions: int64 [candidate, question], places in the pool.
    """
    columns = np.array([place.column for place in places], np.int64)
    parts = np.array([place.part for place in places], np.int64)
    asked = questions[:, columns]
    whole = np.array([place.points.half_points for place in places], np.int64)
    earned = _mark_choices(answers.choices, table.accepted[:, asked, parts], table.is_multiple[asked, parts], places)
    for (row, column), texts in answers.texts.items():
        key = table.keys[int(asked[row, column]), int(parts[column])]
        if key.blanks:
            earned[row, column] = mark_blanks(texts, key, places[column]).half_points
    treatments = table.treatments[asked, parts]
    earned = np.where(treatments == _TREATMENTS.index(Treatment.AWARD_ALL), whole, earned)
    is_removed = treatments == _TREATMENTS.index(Treatment.REMOVE)
    return Marks(np.where(is_removed, 0, earned), np.where(is_removed, 0, whole))


def _mark_choices(chosen: Grid, accepted: Grid, is_multiple: Grid, places: Sequence[ItemPlace]) -> Grid:
    """accepted: [alternative, candidate, item]; chosen, is_multiple: [candidate, item]."""
    whole = np.array([place.points.half_points for place in places], np.int64)
    is_right = ((chosen == accepted) & (chosen > 0)).any(axis=0)
    earned = np.where(is_right, whole, 0)
    partial = [column for column, place in enumerate(places) if place.credit is not CreditRule.NONE]
    for column in partial:
        incomplete = (chosen[:, column] > 0) & ~is_right[:, column] & (is_multiple[:, column] > 0)
        rows = np.flatnonzero(incomplete)
        if len(rows):
            earned[rows, column] = _credit(chosen[rows, column], accepted[:, rows, column], places[column])
    return earned


def _credit(chosen: Grid, accepted: Grid, place: ItemPlace) -> Grid:
    """Return what incomplete choices earn. chosen: [row], accepted: [alternative, row]."""
    whole = place.points.half_points
    is_subset = (accepted > 0) & ((chosen & ~accepted) == 0)
    right = np.bitwise_count(chosen).astype(np.int64)
    match place.credit:
        case CreditRule.HALF_IF_SUBSET:
            earned = np.full(accepted.shape, whole // 2, np.int64)
        case CreditRule.PER_OPTION:
            earned = np.broadcast_to(right * place.option_points.half_points, accepted.shape)
        case _:
            earned = whole * right // np.maximum(np.bitwise_count(np.maximum(accepted, 0)).astype(np.int64), 1)
    best: Grid = np.where(is_subset, np.minimum(earned, whole - 1), 0).max(axis=0)
    return best


def has_passed(earned: int, possible: int, pass_mark: Points, total: Points) -> bool:
    """Tell whether a candidate passes; where items were removed, the pass mark shrinks in proportion (exact, no rounding).

    earned, possible: half points of the candidate's own paper; total: of the blueprint.
    """
    return possible > 0 and earned * total.half_points >= pass_mark.half_points * possible
