"""Pools of made-up questions for the tests of assembly."""

from hypothesis import strategies as st

from invigil.kernel.points import Points
from invigil.prepare.papers.model import Blueprint, Pool, PoolQuestion, QuestionType, Section

OPTIONS = {"single": 4, "multiple": 5, "true_false": 0, "fill_in": 0}


def make_pool(*cells: tuple[str, str, int, int]) -> Pool:
    """Return a pool of (type, area, difficulty, how many); a case has two items of four options."""
    questions = []
    for kind, area, difficulty, count in cells:
        for _ in range(count):
            number = len(questions)
            counts = (4, 4) if kind == "case" else (OPTIONS[kind],)
            questions.append(
                PoolQuestion(f"qv_{number:05}", f"q_{number:05}", QuestionType(kind), area, difficulty, counts)
            )
    return Pool(tuple(questions))


def make_section(kind: str, count: int, **options: object) -> Section:
    """Return a section worth one point an item."""
    values = {"title": f"{kind}部分", "type": kind, "count": count, "points_each": "1", **options}
    return Section.model_validate(values)


def make_blueprint(*sections: Section, **options: object) -> Blueprint:
    """Return a blueprint with the least pass mark."""
    values = {"title": "试卷", "subject_code": "A", "sections": sections, "pass_mark": Points(1), **options}
    return Blueprint.model_validate(values)


AREAS = ("脚手架", "塔吊", "基坑", "临电")

counts = st.lists(st.integers(0, 6), min_size=20, max_size=20)


@st.composite
def feasible_cases(draw: st.DrawFn) -> tuple[Blueprint, Pool]:
    """A pool and a blueprint whose quotas were read off a choice from that pool, so they can be met."""
    numbers = draw(counts.filter(lambda values: sum(values) > 0))
    cells = [("single", AREAS[place // 5], place % 5 + 1, number) for place, number in enumerate(numbers)]
    chosen = [draw(st.integers(0, number)) for number in numbers]
    if not sum(chosen):
        chosen[max(range(20), key=lambda place: numbers[place])] = 1
    named_areas = draw(st.sets(st.sampled_from(AREAS)))
    named_levels = draw(st.sets(st.integers(1, 5)))
    section = make_section(
        "single",
        sum(chosen),
        by_area={area: sum(chosen[5 * n : 5 * n + 5]) for n, area in enumerate(AREAS) if area in named_areas},
        by_difficulty={level: sum(chosen[level - 1 :: 5]) for level in sorted(named_levels)},
    )
    judged = make_section("true_false", draw(st.integers(1, 4)))
    pool = make_pool(*cells, ("true_false", "临电", 2, 5), ("true_false", "基坑", 4, 3))
    return make_blueprint(section, judged, shuffle_items=draw(st.booleans())), pool
