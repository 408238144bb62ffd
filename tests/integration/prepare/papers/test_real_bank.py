"""From questions typed into the bank to a sealed paper that opens: nothing made up in between."""

import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from invigil.kernel.principals import SYSTEM, Principal, PrincipalKind
from invigil.prepare.papers import api
from invigil.prepare.papers.model import Blueprint
from invigil.prepare.papers.rules.sealing import bind_paper
from invigil.prepare.questions.api import (
    Answer,
    Block,
    BlockKind,
    Option,
    QuestionDraft,
    QuestionType,
    SubQuestionDraft,
    create_question,
)
from tests.world import World

SECOND = Principal(PrincipalKind.STAFF, "staff_second", "第二人")


def _text(html: str) -> tuple[Block, ...]:
    return (Block(BlockKind.TEXT, html=html),)


def _options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option("ABCD"[place], _text(text)) for place, text in enumerate(texts))


def _drafts() -> list[QuestionDraft]:
    shared = {"subject_codes": ("C1",), "knowledge_area": "塔吊"}
    singles = [
        QuestionDraft(
            QuestionType.SINGLE,
            _text(f"<p>第 {number} 题：起重臂下能否站人？</p>"),
            _options("能", "不能", "看情况", "以上都对" if number == 0 else "休息时能"),
            Answer(choices=("B",)),
            difficulty=1 + number % 5,
            **shared,
        )
        for number in range(6)
    ]
    parts = (
        SubQuestionDraft(QuestionType.SINGLE, _text("应当怎么办？"), _options("停工", "继续"), Answer(choices=("A",))),
        SubQuestionDraft(QuestionType.FILL_IN, _text("还应报告____。"), (), Answer(blanks=(("监理", "监理单位"),))),
    )
    case = QuestionDraft(QuestionType.CASE, _text("某工地发生险情。"), sub_questions=parts, **shared)
    return [*singles, case]


async def test_questions_become_a_paper_that_opens_with_its_key(world: World) -> None:
    blueprint = Blueprint.model_validate(
        {
            "title": "机械",
            "subject_code": "C1",
            "pass_mark": "3",
            "sections": [
                {"title": "单选", "type": "single", "count": 4, "points_each": "1", "by_area": {"塔吊": 4}},
                {"title": "案例", "type": "case", "count": 1, "points_each": "0.5", "items_per_case": 2},
            ],
        }
    )
    async with world.ports.db.transaction() as tx:
        for draft in _drafts():
            await create_question(tx, SYSTEM, draft)
        stored = await api.create_blueprint(tx, SYSTEM, blueprint)
        paper_set = await api.create_set(tx, SYSTEM, stored.id, 5)
        paper_set, snapshot = await api.begin_generation(tx, paper_set.id)
        shuffled = [question.option_counts for question in snapshot.pool.questions]
        assert sorted(shuffled) == [(0,), (2, 0), (4,), (4,), (4,), (4,), (4,)]
        await api.keep_drawn(tx, SYSTEM, paper_set, await api.draw_up(paper_set, snapshot))
        await api.proof(tx, SYSTEM, paper_set.id)
        await api.lock(tx, SECOND, paper_set.id)
        assert await api.generate(tx, SYSTEM, paper_set.id, ["cand_1"]) == 1
    async with world.ports.db.reading() as tx:
        sealed = await api.load_sealed_paper(tx, paper_set.id, "cand_1")
        key = await api.derive_paper_key(tx, paper_set.id, "cand_1", starts_at=world.clock.now())
    page = json.loads(AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, bind_paper(sealed.paper_id)))
    single, case = page["sections"]
    assert [len(group["items"]) for group in single["groups"]] == [1, 1, 1, 1]
    assert case["groups"][0]["case"][0]["html"].count("险情") == 1
    assert [item["type"] for item in case["groups"][0]["items"]] == ["single", "fill_in"]
    assert case["groups"][0]["items"][1]["blank_count"] == 1
