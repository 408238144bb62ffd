"""Laws of random assembly: quotas, distinctness, permutations, determinism, exposure, difficulty."""

from collections import Counter
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invigil.prepare.papers.model import Blueprint, Pool
from invigil.prepare.papers.rules.allotment import halve
from invigil.prepare.papers.rules.dealing import count_showings, deal, order_limits
from invigil.prepare.papers.rules.permutations import count_orders, order_of, order_table
from invigil.prepare.papers.rules.planning import document_of_plan, make_plan, plan_of_document
from tests.unit.prepare.papers.pools import feasible_cases, make_blueprint, make_pool, make_section

SEED = bytes(range(32))
LAWS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _ids(count: int) -> list[str]:
    return [f"cand_{number:04}" for number in range(count)]


@LAWS
@given(feasible_cases(), st.integers(0, 150), st.binary(min_size=32, max_size=32))
def test_every_paper_keeps_every_quota_and_repeats_nothing(
    case: tuple[Blueprint, Pool], people: int, seed: bytes
) -> None:
    blueprint, pool = case
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=seed, batch=0, candidate_ids=_ids(people))
    level_sums = set()
    for row in batch.questions.tolist():
        assert len(set(row)) == blueprint.question_count
        questions = [pool.questions[place] for place in row]
        level_sums.add(sum(question.difficulty for question in questions))
        first = 0
        for section in blueprint.sections:
            part = questions[first : first + section.count]
            first += section.count
            assert {question.type for question in part} == {section.type}
            areas = Counter(question.knowledge_area for question in part)
            levels = Counter(question.difficulty for question in part)
            assert all(areas[area] == count for area, count in section.by_area.items())
            assert all(levels[level] == count for level, count in section.by_difficulty.items())
    assert level_sums <= {plan.level_sum}


@LAWS
@given(feasible_cases(), st.integers(1, 150), st.binary(min_size=32, max_size=32))
def test_the_most_and_the_least_shown_question_of_a_deck_differ_by_at_most_one(
    case: tuple[Blueprint, Pool], people: int, seed: bytes
) -> None:
    blueprint, pool = case
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=seed, batch=0, candidate_ids=_ids(people))
    shown = count_showings(batch, pool)
    assert shown.sum() == people * blueprint.question_count
    for deck in plan.decks:
        assert shown[deck.places].max() - shown[deck.places].min() <= 1


@LAWS
@given(feasible_cases(), st.integers(1, 40), st.binary(min_size=32, max_size=32), st.randoms())
def test_the_same_seed_pool_and_people_give_the_same_papers(
    case: tuple[Blueprint, Pool], people: int, seed: bytes, random: Random
) -> None:
    blueprint, pool = case
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    ids = _ids(people)
    first = deal(blueprint, pool, plan, seed=seed, batch=3, candidate_ids=ids)
    random.shuffle(ids)
    again = deal(blueprint, pool, plan_of_document(document_of_plan(plan)), seed=seed, batch=3, candidate_ids=ids)
    assert first.candidate_ids == again.candidate_ids
    assert np.array_equal(first.questions, again.questions)
    assert np.array_equal(first.orders, again.orders)


@LAWS
@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=6))
def test_halves_differ_by_at_most_one_and_split_even_sums_exactly(rows: list[list[int]]) -> None:
    table = np.array(rows, np.int64)
    first, second = halve(table)
    assert np.array_equal(first + second, table)
    for one, two in ((first, second), (first.sum(0), second.sum(0)), (first.sum(1), second.sum(1))):
        assert np.abs(one - two).max() <= 1
    assert abs(int(first.sum()) - int(second.sum())) <= 1


@LAWS
@given(st.integers(0, 8), st.data())
def test_every_order_is_a_permutation_with_a_number_of_its_own(options: int, data: st.DataObject) -> None:
    code = data.draw(st.integers(0, count_orders(options) - 1))
    order = order_of(code, options)
    assert sorted(order) == list(range(options))
    assert tuple(order_table(options)[code]) == order
    assert order_of(0, options) == tuple(range(options))


def test_orders_of_one_number_of_options_are_all_different() -> None:
    assert len({order_of(code, 5) for code in range(120)}) == 120


def test_option_orders_stay_below_their_limits_and_use_them_all() -> None:
    pool = make_pool(("single", "脚手架", 3, 4), ("case", "塔吊", 2, 2))
    blueprint = make_blueprint(make_section("single", 2), make_section("case", 1, items_per_case=2))
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=SEED, batch=0, candidate_ids=_ids(500))
    assert batch.orders.shape == (500, 4)
    assert set(batch.orders.ravel().tolist()) == set(range(24))
    assert order_limits(pool).tolist()[0] == [24, 1]


def test_a_known_seed_deals_the_known_papers_for_ever() -> None:
    pool = make_pool(("single", "脚手架", 3, 6), ("single", "塔吊", 2, 6))
    blueprint = make_blueprint(make_section("single", 4))
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=SEED, batch=0, candidate_ids=_ids(2))
    assert batch.questions.tolist() == [[8, 2, 10, 0], [1, 3, 6, 11]]
    assert batch.orders.tolist() == [[6, 22, 22, 19], [19, 23, 1, 10]]


def test_another_batch_is_dealt_otherwise() -> None:
    pool = make_pool(("single", "脚手架", 3, 40))
    blueprint = make_blueprint(make_section("single", 10))
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    one, two = (deal(blueprint, pool, plan, seed=SEED, batch=n, candidate_ids=_ids(5)) for n in (0, 1))
    assert not np.array_equal(one.questions, two.questions)


def test_compulsory_questions_stand_in_every_paper_and_count_towards_the_quotas() -> None:
    pool = make_pool(("single", "脚手架", 3, 5), ("single", "塔吊", 2, 5))
    section = make_section("single", 5, by_area={"脚手架": 3}, by_difficulty={2: 2}, compulsory=["q_00000", "q_00007"])
    blueprint = make_blueprint(section)
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=SEED, batch=0, candidate_ids=_ids(30))
    for row in batch.questions.tolist():
        assert {0, 7} <= set(row)
        assert sum(place < 5 for place in row) == 3


def test_sections_of_one_type_share_the_pool_without_repeating() -> None:
    pool = make_pool(("single", "脚手架", 3, 5), ("single", "塔吊", 3, 5))
    blueprint = make_blueprint(make_section("single", 5), make_section("single", 5, by_area={"塔吊": 3}))
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=SEED, batch=0, candidate_ids=_ids(50))
    assert all(sorted(row) == list(range(10)) for row in batch.questions.tolist())


def test_exact_cells_are_taken_exactly() -> None:
    pool = make_pool(("single", "脚手架", 3, 5), ("single", "塔吊", 3, 5), ("single", "塔吊", 4, 9))
    cell = {"knowledge_area": "塔吊", "difficulty": 3, "count": 2}
    blueprint = make_blueprint(make_section("single", 6, by_cell=[cell]))
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=SEED, batch=0, candidate_ids=_ids(50))
    assert all(sum(5 <= place < 10 for place in row) == 2 for row in batch.questions.tolist())


def test_exposure_is_even_over_the_whole_pool_where_the_quotas_leave_the_choice() -> None:
    pool = make_pool(*(("single", area, 3, size) for area, size in (("a", 30), ("b", 20), ("c", 10), ("d", 3))))
    blueprint = make_blueprint(make_section("single", 21))
    plan = make_plan(blueprint, pool).plan
    assert plan is not None
    batch = deal(blueprint, pool, plan, seed=SEED, batch=0, candidate_ids=_ids(640))
    shown = count_showings(batch, pool)
    fair = 640 * 21 / 63
    # A cell's share is rounded to 1/64 of a question per paper: 10 showings of the whole cell in 640 papers.
    assert abs(shown - fair).max() <= 10
