"""What a candidate's page gets holds nothing it must not; letters are presented ones on both sides."""

import json
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invigil.prepare.papers.model import Pool, PoolQuestion, QuestionType
from invigil.prepare.papers.rules.dealing import Batch
from invigil.prepare.papers.rules.encoding import DamagedPaperError, Paper, decode_paper, decode_papers, encode_batch
from invigil.prepare.papers.rules.layout import list_places
from invigil.prepare.papers.rules.permutations import order_of
from invigil.prepare.papers.rules.rendering import (
    describe_section,
    is_order_free,
    present_answer,
    render_answers,
    render_paper,
)
from tests.unit.prepare.papers.pools import make_blueprint, make_section


def _text(html: str) -> list[dict[str, Any]]:
    return [{"kind": "text", "html": html}]


def _options(*texts: str) -> list[dict[str, Any]]:
    return [{"key": "ABCDEFGH"[n], "blocks": _text(text)} for n, text in enumerate(texts)]


CONTENTS = {
    "qv_1": {"type": "multiple", "blocks": _text("选两项"), "options": _options("甲", "乙", "丙"), "secret": "x"},
    "qv_2": {
        "type": "case",
        "blocks": [{"kind": "picture", "blob": "media_1", "media_type": "image/png", "alt": "图", "answer": "A"}],
        "sub_questions": [
            {"type": "single", "blocks": _text("问一"), "options": _options("一", "二")},
            {"type": "fill_in", "blocks": _text("____"), "blank_count": 1},
        ],
    },
}
KEYS = {
    "qv_1": {"items": [{"type": "multiple", "answer": {"choices": ["A", "C"]}, "explanation": _text("因为")}]},
    "qv_2": {
        "items": [
            {"type": "single", "answer": {"choices": ["B"]}},
            {"type": "fill_in", "answer": {"blanks": [["塔吊"]], "choices": None}},
        ]
    },
}
POOL = Pool(
    (
        PoolQuestion("qv_1", "q_1", QuestionType.MULTIPLE, "脚手架", 3, (3,)),
        PoolQuestion("qv_2", "q_2", QuestionType.CASE, "塔吊", 4, (2, 0)),
    )
)
BLUEPRINT = make_blueprint(
    make_section("multiple", 1, points_each="2", credit="half_if_subset"),
    make_section("case", 1, items_per_case=2, points_each="1.5"),
)
PAPER = Paper((0, 1), (3, 1, 0))


def _render() -> dict[str, Any]:
    return render_paper(BLUEPRINT, POOL, CONTENTS, PAPER, paper_id="ppr_1", duration=timedelta(minutes=90))


def test_items_are_numbered_and_options_relettered_in_presented_order() -> None:
    page = _render()
    assert (page["v"], page["paper_id"], page["duration_s"]) == (1, "ppr_1", 5400)
    first, second = page["sections"]
    item = first["groups"][0]["items"][0]
    assert item["id"] == "i1"
    assert item["points"] == "2"
    assert order_of(3, 3) == (1, 2, 0)
    assert [(o["key"], o["blocks"][0]["html"]) for o in item["options"]] == [("A", "乙"), ("B", "丙"), ("C", "甲")]
    group = second["groups"][0]
    assert group["case"] == [{"kind": "picture", "blob": "media_1", "media_type": "image/png", "alt": "图"}]
    assert [item["id"] for item in group["items"]] == ["i2", "i3"]
    assert group["items"][1]["blank_count"] == 1


def test_nothing_that_could_give_an_answer_away_reaches_the_page() -> None:
    raw = json.dumps(_render(), ensure_ascii=False)
    for forbidden in ("qv_", "q_1", "secret", "answer", "difficulty", "脚手架", "explanation", "correct"):
        assert forbidden not in raw


def test_the_proof_shows_the_key_in_the_letters_of_the_page() -> None:
    answers = render_answers(BLUEPRINT, POOL, KEYS, PAPER)
    assert answers["i1"]["answer"] == {"choices": ["B", "C"]}
    assert answers["i1"]["difficulty"] == 3
    assert answers["i2"]["answer"] == {"choices": ["A"]}
    assert answers["i3"]["answer"] == {"blanks": [["塔吊"]]}


@settings(deadline=None)
@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_presented_letters_name_the_same_options(order: list[int], chosen: set[int]) -> None:
    written = sorted("ABCDEF"[place] for place in chosen)
    shown = present_answer({"choices": written}, order)["choices"]
    assert sorted("ABCDEF"[order["ABCDEF".index(letter)]] for letter in shown) == written


def test_the_note_of_a_section_says_what_counts() -> None:
    assert describe_section(BLUEPRINT.sections[0]) == (
        "多选题，共 1 题，每题 2 分，共 2 分。少选且无错选得一半分，错选不得分。",
        "Multiple choice: 1 questions, each 2 points, 2 in all. Too few options and no wrong one earn half; a wrong one earns nothing.",
    )
    assert describe_section(BLUEPRINT.sections[1]) == (
        "案例题，共 1 题，每小题 1.5 分，共 3 分。",
        "Case: 1 questions, each part 1.5 points, 3 in all.",
    )


@pytest.mark.parametrize(
    ("text", "is_free"),
    [
        ("戴安全帽", True),
        ("以上都对", False),
        ("以上均不正确", False),
        ("上述各项都是", False),
        ("A和C", False),
        ("A、B", False),
        ("A 级防火", True),
        ("3 米以上", True),
        ("所有选项", False),
        ("二级以上资质都可以", True),
    ],
)
def test_options_that_speak_of_others_keep_their_order(text: str, is_free: bool) -> None:
    assert is_order_free(_options("甲", text)) is is_free


def test_the_layout_names_every_item_once() -> None:
    places = list_places(BLUEPRINT)
    assert [(place.id, place.section, place.column, place.part) for place in places] == [
        ("i1", 0, 0, 0),
        ("i2", 1, 1, 0),
        ("i3", 1, 1, 1),
    ]


shapes = st.tuples(st.integers(1, 5), st.integers(1, 7), st.integers(1, 9))


@settings(deadline=None)
@given(shapes, st.integers(0, 2**32 - 1))
def test_encoded_papers_come_back_as_they_were(shape: tuple[int, int, int], seed: int) -> None:
    people, questions, items = shape
    random = np.random.default_rng(seed)
    batch = Batch(
        tuple(f"c{n}" for n in range(people)),
        random.integers(0, 2**16, (people, questions), np.uint16),
        random.integers(0, 2**16, (people, items), np.uint16),
    )
    encoded = encode_batch(batch)
    assert [len(one) for one in encoded] == [5 + 2 * (questions + items)] * people
    assert [list(decode_paper(one).questions) for one in encoded] == batch.questions.tolist()
    back_questions, back_orders = decode_papers(encoded)
    assert np.array_equal(back_questions, batch.questions)
    assert np.array_equal(back_orders, batch.orders)


@pytest.mark.parametrize("raw", [b"", b"\x01\x01", b"\x02\x01\x00\x01\x00aabb", b"\x01\x01\x00\x01\x00aab"])
def test_damaged_papers_are_refused(raw: bytes) -> None:
    with pytest.raises(DamagedPaperError):
        decode_paper(raw)


def test_papers_of_two_shapes_are_not_decoded_together() -> None:
    with pytest.raises(DamagedPaperError):
        decode_papers([b"\x01\x01\x00\x01\x00aabb", b"\x01\x01\x00\x00\x00aa"])
