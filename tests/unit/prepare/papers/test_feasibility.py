"""A blueprint that cannot be filled is refused with exactly what is missing."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invigil.prepare.papers.model import Blueprint, Pool, Section
from invigil.prepare.papers.rules.planning import make_plan
from tests.unit.prepare.papers.pools import make_blueprint, make_pool, make_section


def _sentences(pool: Pool, *sections: Section, **options: object) -> list[str]:
    found = make_plan(make_blueprint(*sections, **options), pool)
    assert (found.plan is None) == bool(found.shortages)
    return [shortage.zh for shortage in found.shortages]


def test_an_exact_cell_that_is_short_is_named() -> None:
    pool = make_pool(("multiple", "脚手架", 3, 2), ("multiple", "塔吊", 3, 9))
    cell = {"knowledge_area": "脚手架", "difficulty": 3, "count": 4}
    assert _sentences(pool, make_section("multiple", 6, by_cell=[cell])) == [
        "多选题·脚手架·难度3 需要 4 题，题库只有 2 题"
    ]


def test_marginals_that_meet_in_one_short_cell_name_that_cell() -> None:
    pool = make_pool(
        ("multiple", "脚手架", 3, 2),
        ("multiple", "脚手架", 2, 4),
        ("multiple", "塔吊", 2, 9),
        ("multiple", "塔吊", 3, 9),
    )
    section = make_section("multiple", 8, by_area={"脚手架": 5, "塔吊": 3}, by_difficulty={2: 1, 3: 7})
    assert _sentences(pool, section) == [
        "多选题·脚手架·难度3 需要 4 题，题库只有 2 题（知识点「脚手架」共需 5 题，其中难度2按配额最多 1 题，其余 4 题只能出自这里）"
    ]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (make_section("single", 30), "单选题 需要 30 题，题库只有 20 题"),
        (make_section("single", 12, by_area={"塔吊": 12}), "单选题·塔吊 需要 12 题，题库只有 10 题"),
        (make_section("single", 12, by_difficulty={4: 6}), "单选题·难度4 需要 6 题，题库只有 0 题"),
        (make_section("single", 2, by_area={"爆破": 1}), "单选题·爆破 需要 1 题，题库只有 0 题"),
        (
            make_section("single", 2, by_area={"塔吊": 3}),
            "「single部分」各知识点配额合计 3 题，多于本部分的 2 题",
        ),
        (
            make_section("single", 4, by_area={"塔吊": 1, "脚手架": 1}),
            "「single部分」各知识点配额合计 2 题，少于本部分的 4 题，又没有其他知识点可补",
        ),
        (make_section("single", 1, compulsory=["q_x"]), "「single部分」必考题 q_x 不在本科目的题库中"),
        (make_section("single", 12, by_difficulty={4: 6, 1: 2}), "单选题·难度1 需要 2 题，题库只有 0 题"),
        (
            make_section("true_false", 1, compulsory=["q_00000"]),
            "「true_false部分」必考题 q_00000 不是本部分的题型或小题数不符",
        ),
        (
            make_section("single", 1, compulsory=["q_00000", "q_00001"]),
            "「single部分」必考题 2 题，多于本部分的 1 题",
        ),
        (
            make_section("single", 3, by_area={"脚手架": 1}, compulsory=["q_00000", "q_00001"]),
            "「single部分」知识点「脚手架」的必考题和指定格合计 2 题，多于配额 1 题",
        ),
        (
            make_section("single", 3, by_area={"塔吊": 2}, compulsory=["q_00000", "q_00001"]),
            "「single部分」未列入配额的知识点只能有 1 题，必考题和指定格已超出",
        ),
        (make_section("case", 1, items_per_case=3), "案例题 需要 1 题，题库只有 0 题"),
    ],
)
def test_what_is_missing_is_said(section: Section, sentence: str) -> None:
    pool = make_pool(("single", "脚手架", 3, 10), ("single", "塔吊", 2, 10), ("case", "塔吊", 2, 3))
    assert sentence in _sentences(pool, section)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        (make_section("single", 12, by_area={"塔吊": 12}), "Single choice, 塔吊: 12 needed, 10 in the bank"),
        (
            make_section("single", 21, by_area={"脚手架": 10, "塔吊": 10}),
            "single部分: the quotas by knowledge area add up to 20 of 21, and there is no other knowledge area for the rest",
        ),
        (
            make_section("single", 2, by_area={"塔吊": 3}),
            "single部分: the quotas by knowledge area add up to 3, more than the 2 of this section",
        ),
        (
            make_section("single", 3, by_area={"脚手架": 1}, compulsory=["q_00000", "q_00001"]),
            "single部分: compulsory questions and exact cells of knowledge area 脚手架 add up to 2, its quota is 1",
        ),
        (
            make_section("single", 12, by_area={"塔吊": 4, "脚手架": 8}, by_difficulty={3: 4}),
            (
                "Single choice, 脚手架, difficulty 1, 2, 4, 5: 4 needed, 0 in the bank"
                " (脚手架 must have 8, of which difficulty 3 may give 4 by their quotas; the other 4 can only come from here)"
            ),
        ),
    ],
)
def test_what_is_missing_is_said_in_english_too(section: Section, sentence: str) -> None:
    pool = make_pool(("single", "脚手架", 3, 10), ("single", "塔吊", 2, 10))
    found = make_plan(make_blueprint(section), pool)
    assert sentence in [shortage.en for shortage in found.shortages]
    assert all(shortage.en.isprintable() and "题" not in shortage.en for shortage in found.shortages)


def test_a_compulsory_question_beyond_its_exact_cell_is_a_contradiction() -> None:
    pool = make_pool(("single", "脚手架", 3, 10))
    cell = {"knowledge_area": "脚手架", "difficulty": 3, "count": 0}
    section = make_section("single", 2, by_cell=[cell], compulsory=["q_00000"])
    assert "「single部分」知识点「脚手架」难度3的必考题多于该格配额" in _sentences(pool, section)


def test_every_section_that_is_short_is_reported() -> None:
    pool = make_pool(("single", "脚手架", 3, 1), ("multiple", "脚手架", 3, 1))
    assert len(_sentences(pool, make_section("single", 2), make_section("multiple", 2))) == 2


def test_a_second_section_of_the_type_sees_only_what_the_first_leaves() -> None:
    pool = make_pool(("single", "脚手架", 3, 8))
    assert _sentences(pool, make_section("single", 5), make_section("single", 5)) == ["单选题 需要 5 题，题库只有 3 题"]


def test_sections_that_fit_only_in_reverse_order_are_found() -> None:
    pool = make_pool(("single", "脚手架", 3, 4), ("single", "塔吊", 3, 4))
    plan = make_plan(make_blueprint(make_section("single", 4), make_section("single", 4, by_area={"塔吊": 4})), pool)
    assert plan.plan is not None


def test_a_band_that_cannot_be_reached_says_what_can() -> None:
    pool = make_pool(("single", "脚手架", 2, 9), ("single", "塔吊", 3, 9))
    band = {"lowest": 350, "highest": 400}
    assert _sentences(pool, make_section("single", 9), difficulty_band=band) == [
        "按配额和题库，平均难度只能做到 3.00，要求在 3.50–4.00 之间"
    ]


@pytest.mark.parametrize(("lowest", "highest"), [(200, 205), (215, 225), (250, 250), (280, 285), (300, 300)])
def test_a_band_that_can_be_reached_is_kept(lowest: int, highest: int) -> None:
    pool = make_pool(*(("single", area, level, 40) for area in ("脚手架", "塔吊") for level in (2, 3)))
    section = make_section("single", 20, by_area={"塔吊": 7})
    blueprint = make_blueprint(section, difficulty_band={"lowest": lowest, "highest": highest})
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    assert lowest * 20 <= plan.level_sum * 100 <= highest * 20


small = st.lists(st.integers(0, 2), min_size=4, max_size=4)


@settings(max_examples=150, deadline=None)
@given(small, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(1, 6))
def test_the_check_agrees_with_trying_everything(supply: list[int], a: int, b: int, two: int, count: int) -> None:
    cells = [("a", 2), ("a", 3), ("b", 2), ("b", 3)]
    pool = make_pool(*(("single", area, level, n) for (area, level), n in zip(cells, supply, strict=True)))
    blueprint = make_blueprint(make_section("single", count, by_area={"a": a, "b": b}, by_difficulty={2: two}))
    possible = any(
        sum(taken) == count and taken[0] + taken[1] == a and taken[2] + taken[3] == b and taken[0] + taken[2] == two
        for taken in product(*(range(n + 1) for n in supply))
    )
    assert (make_plan(blueprint, pool).plan is not None) == possible


def test_a_blueprint_is_checked_as_data() -> None:
    section = make_section("single", 2).model_dump()
    with pytest.raises(ValueError, match="及格线"):
        make_blueprint(make_section("single", 2), pass_mark="3")
    for wrong in (
        {"points_each": "0"},
        {"points_each": 1},
        {"points_each": "0.3"},
        {"items_per_case": 2},
        {"count": 0},
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - each is another sentence
            Section.model_validate(section | wrong)
    assert Blueprint.model_validate_json(make_blueprint(make_section("single", 2)).model_dump_json()) == make_blueprint(
        make_section("single", 2)
    )
