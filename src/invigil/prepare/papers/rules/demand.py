"""What a section asks of the pool, after compulsory questions and exact cells are set aside.

A *cell* is one knowledge area × one difficulty. What the quotas name are groups of their own, everything else on the same axis
makes one group together; each group's number is exact. So every section is a transport problem over areas and difficulties.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.prepare.papers.model import (
    DIFFICULTIES,
    TYPE_NAMES,
    Blueprint,
    Pool,
    PoolQuestion,
    QuestionType,
    Section,
    Shortage,
)
from invigil.prepare.papers.rules.draws import Numbers

# The two kinds of axis.
_AREA = Words("知识点", "knowledge area")
DIFFICULTY = Words("难度", "difficulty")


class CellKey(NamedTuple):
    """Questions that can stand for each other in a draw."""

    type: QuestionType
    item_count: int
    knowledge_area: str
    difficulty: int


class Axis(NamedTuple):
    """Areas or difficulties with what is asked of them.

    labels: of the rows or columns; groups: per label the number of its group; quotas: per group, >= 0.
    names: per group what people call it.
    """

    labels: tuple[str, ...]
    groups: tuple[int, ...]
    quotas: tuple[int, ...]
    names: tuple[Words, ...]


@dataclass(frozen=True)
class Demand:
    """One section as a transport problem. Arrays are int64 [area, difficulty].

    fixed: places of the compulsory questions, in the blueprint's order.
    supply: questions open to the quotas; exact: questions that `by_cell` takes in every paper (their cells have supply 0).
    count: questions to draw by quota, the sum of either axis when `shortages` is empty.
    shortages: contradictions inside the section itself.
    """

    section: Section
    fixed: tuple[int, ...]
    areas: Axis
    difficulties: Axis
    supply: Numbers
    exact: Numbers
    count: int
    shortages: tuple[Shortage, ...]

    def key_of(self, row: int, column: int) -> CellKey:
        """Return the cell of a place in the arrays."""
        section = self.section
        return CellKey(section.type, section.items_per_case, self.areas.labels[row], DIFFICULTIES[column])


def cells_of(pool: Pool, blueprint: Blueprint) -> dict[CellKey, list[int]]:
    """Return the places of the pool's questions by cell, ascending, compulsory ones left out."""
    fixed = {question_id for section in blueprint.sections for question_id in section.compulsory}
    cells: dict[CellKey, list[int]] = {}
    for place, question in enumerate(pool.questions):
        if question.question_id not in fixed:
            key = CellKey(question.type, len(question.option_counts), question.knowledge_area, question.difficulty)
            cells.setdefault(key, []).append(place)
    return cells


def state_demand(section: Section, pool: Pool, supply: Mapping[CellKey, int]) -> Demand:
    """Return what the section asks; contradictions in the blueprint itself stand in `shortages`.

    supply: questions per cell that are still open to this section.
    """
    place_of = {question.question_id: place for place, question in enumerate(pool.questions)}
    shortages = [_contradict(section, sentence) for sentence in _check_compulsory(section, pool, place_of)]
    fixed = tuple(place_of[question] for question in section.compulsory if question in place_of)
    taken = Counter((pool.questions[place].knowledge_area, pool.questions[place].difficulty) for place in fixed)
    areas = tuple(sorted(_name_areas(section, supply)))
    exact, short_cells = _read_exact(section, areas, taken, supply)
    levels = tuple(str(level) for level in DIFFICULTIES)
    done_by_area, done_by_level = _count_done(areas, exact, taken)
    area_axis, area_faults = _make_axis(_AREA, areas, section.by_area, done_by_area, section.count)
    by_level = {str(level): count for level, count in section.by_difficulty.items()}
    level_axis, level_faults = _make_axis(DIFFICULTY, levels, by_level, done_by_level, section.count)
    shortages += short_cells
    shortages += [_contradict(section, sentence) for sentence in (*area_faults, *level_faults)]
    return Demand(
        section=section,
        fixed=fixed,
        areas=area_axis,
        difficulties=level_axis,
        supply=_read_supply(section, areas, supply),
        exact=exact,
        count=section.count - len(fixed) - int(exact.sum()),
        shortages=tuple(shortages),
    )


def _check_compulsory(section: Section, pool: Pool, place_of: Mapping[str, int]) -> Iterator[Words]:
    for question_id in section.compulsory:
        place = place_of.get(question_id)
        question: PoolQuestion | None = None if place is None else pool.questions[place]
        if question is None:
            yield Words(
                f"必考题 {question_id} 不在本科目的题库中",
                f"compulsory question {question_id} is not in the bank of this subject",
            )
        elif question.type is not section.type or len(question.option_counts) != section.items_per_case:
            yield Words(
                f"必考题 {question_id} 不是本部分的题型或小题数不符",
                f"compulsory question {question_id} is of another type or has another number of sub-questions",
            )
    if len(section.compulsory) > section.count:
        yield Words(
            f"必考题 {len(section.compulsory)} 题，多于本部分的 {section.count} 题",
            f"{len(section.compulsory)} compulsory questions are more than the {section.count} of this section",
        )


def _name_areas(section: Section, supply: Mapping[CellKey, int]) -> set[str]:
    wanted = set(section.by_area) | {quota.knowledge_area for quota in section.by_cell}
    return wanted | {key.knowledge_area for key in supply if key[:2] == (section.type, section.items_per_case)}


def _read_supply(section: Section, areas: tuple[str, ...], supply: Mapping[CellKey, int]) -> Numbers:
    exact = {(quota.knowledge_area, quota.difficulty) for quota in section.by_cell}
    return np.array(
        [
            [
                0
                if (area, level) in exact
                else supply.get(CellKey(section.type, section.items_per_case, area, level), 0)
                for level in DIFFICULTIES
            ]
            for area in areas
        ],
        np.int64,
    ).reshape(len(areas), len(DIFFICULTIES))


def _read_exact(
    section: Section, areas: tuple[str, ...], taken: Counter[tuple[str, int]], supply: Mapping[CellKey, int]
) -> tuple[Numbers, list[Shortage]]:
    exact = np.zeros((len(areas), len(DIFFICULTIES)), np.int64)
    shortages = []
    for area, level, count in (
        (quota.knowledge_area, quota.difficulty, quota.count - taken[quota.knowledge_area, quota.difficulty])
        for quota in section.by_cell
    ):
        available = supply.get(CellKey(section.type, section.items_per_case, area, level), 0)
        if count < 0:
            sentence = Words(
                f"知识点「{area}」难度{level}的必考题多于该格配额",
                f"more compulsory questions in {area}, difficulty {level}, than the quota of that cell",
            )
            shortages.append(_contradict(section, sentence))
        elif count > available:
            shortages.append(say_shortage(section, (area,), (level,), needed=count, available=available))
        exact[areas.index(area), DIFFICULTIES.index(level)] += max(0, count)
    return exact, shortages


def _count_done(
    areas: tuple[str, ...], exact: Numbers, taken: Counter[tuple[str, int]]
) -> tuple[Counter[str], Counter[str]]:
    by_area = Counter(dict(zip(areas, exact.sum(axis=1).tolist(), strict=True)))
    by_level = Counter(dict(zip((str(level) for level in DIFFICULTIES), exact.sum(axis=0).tolist(), strict=True)))
    for (area, level), count in taken.items():
        by_area[area] += count
        by_level[str(level)] += count
    return by_area, by_level


def _make_axis(
    kind: Words, labels: tuple[str, ...], quotas: Mapping[str, int], done: Counter[str], count: int
) -> tuple[Axis, list[Words]]:
    named = [label for label in labels if label in quotas]
    rest = max(0, count - sum(quotas.values())) - sum(number for label, number in done.items() if label not in quotas)
    place = {label: number for number, label in enumerate(named)}
    axis = Axis(
        labels,
        tuple(place.get(label, len(named)) for label in labels),
        (*(max(0, quotas[label] - done[label]) for label in named), max(0, rest)),
        (
            *(name_group(kind, label) for label in named),
            Words(f"其他{kind.zh}", f"any other {kind.en}") if named else Words(f"全部{kind.zh}", f"every {kind.en}"),
        ),
    )
    has_others = len(named) < len(labels) or not named
    return axis, list(_check_axis(kind, quotas, done, count, rest=rest, has_others=has_others))


def name_group(kind: Words, label: str) -> Words:
    """Return what people call the group of one area or one difficulty."""
    return Words(f"「{label}」" if kind is _AREA else f"难度{label}", label if kind is _AREA else f"difficulty {label}")


def _check_axis(
    kind: Words, quotas: Mapping[str, int], done: Counter[str], count: int, *, rest: int, has_others: bool
) -> Iterator[Words]:
    """Yield where quotas of one kind contradict each other or the section.

    rest: questions left for what has no quota, below 0 when compulsory ones and exact cells take more.
    """
    total = sum(quotas.values())
    if total > count:
        yield Words(
            f"各{kind.zh}配额合计 {total} 题，多于本部分的 {count} 题",
            f"the quotas by {kind.en} add up to {total}, more than the {count} of this section",
        )
    for label, quota in quotas.items():
        if done[label] > quota:
            yield Words(
                f"{kind.zh}「{label}」的必考题和指定格合计 {done[label]} 题，多于配额 {quota} 题",
                f"compulsory questions and exact cells of {kind.en} {label} add up to {done[label]}, its quota is {quota}",
            )
    if not has_others and total < count:
        yield Words(
            f"各{kind.zh}配额合计 {total} 题，少于本部分的 {count} 题，又没有其他{kind.zh}可补",
            f"the quotas by {kind.en} add up to {total} of {count}, and there is no other {kind.en} for the rest",
        )
    if rest < 0:
        others = max(0, count - total)
        yield Words(
            f"未列入配额的{kind.zh}只能有 {others} 题，必考题和指定格已超出",
            f"only {others} may be of a {kind.en} without a quota; compulsory questions and exact cells are more",
        )


def say_shortage(
    section: Section,
    areas: tuple[str, ...],
    levels: tuple[int, ...],
    *,
    needed: int,
    available: int,
    group: Words = NOTHING_TO_SAY,
    why: Words = NOTHING_TO_SAY,
) -> Shortage:
    """Return the shortage of these areas × difficulties; empty areas or all five difficulties are not named.

    group: what areas are called together of which the bank has none at all.
    why: where the need comes from, put behind.
    """
    listed = ", ".join(map(str, levels)) if len(levels) < len(DIFFICULTIES) else ""
    chinese = (
        TYPE_NAMES[section.type].zh,
        "、".join(areas) or group.zh,
        listed and "难度" + listed.replace(", ", "、"),
    )
    english = (TYPE_NAMES[section.type].en, ", ".join(areas) or group.en, listed and "difficulty " + listed)
    return Shortage(
        section=section.title,
        type=section.type,
        knowledge_areas=areas,
        difficulties=levels,
        needed=needed,
        available=available,
        zh=f"{'·'.join(filter(None, chinese))} 需要 {needed} 题，题库只有 {available} 题"
        + (f"（{why.zh}）" if why.zh else ""),
        en=f"{', '.join(filter(None, english))}: {needed} needed, {available} in the bank"
        + (f" ({why.en})" if why.en else ""),
    )


def _contradict(section: Section, sentence: Words) -> Shortage:
    return Shortage(
        section=section.title,
        type=section.type,
        needed=0,
        available=0,
        zh=f"「{section.title}」{sentence.zh}",
        en=f"{section.title}: {sentence.en}",
    )
