"""A question bank of made-up questions, in the bank's own forms, so that papers can be tested by themselves."""

import base64
from collections.abc import Sequence

import pytest

from invigil.platform.db import Transaction
from invigil.platform.ports import Ports
from invigil.prepare.papers.service import bank
from invigil.prepare.questions.model import (
    Answer,
    AnswerKey,
    Block,
    BlockKind,
    ItemKey,
    Option,
    PoolEntry,
    QuestionContent,
    QuestionType,
    SubQuestionContent,
)

# A PNG of one grey pixel; what comes behind its end is ignored by readers.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
AREAS = ("脚手架", "塔吊", "基坑")


def _text(html: str) -> tuple[Block, ...]:
    return (Block(BlockKind.TEXT, html=html),)


def _options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option("ABCDE"[place], _text(text)) for place, text in enumerate(texts))


class FakeBank:
    """Ten questions of each plain type and two cases per knowledge area, difficulties 2 and 3 in turns."""

    def __init__(self) -> None:
        self.entries: list[PoolEntry] = []
        self.contents: dict[str, QuestionContent] = {}
        self.keys: dict[str, AnswerKey] = {}
        for area in AREAS:
            for number in range(10):
                level = 2 + number % 2
                self._add(QuestionType.SINGLE, area, level, _options("甲", "乙", "丙", "丁"), Answer(choices=("B",)))
                self._add(QuestionType.MULTIPLE, area, level, _options("甲", "乙", "丙"), Answer(choices=("A", "C")))
                self._add(QuestionType.TRUE_FALSE, area, level, (), Answer(correct=True))
                self._add(QuestionType.FILL_IN, area, level, (), Answer(blanks=(("塔吊", "塔式起重机"),)))
            for _ in range(2):
                self._add_case(area)

    def _add(self, kind: QuestionType, area: str, level: int, options: tuple[Option, ...], answer: Answer) -> None:
        number = len(self.entries)
        version = f"qv_{number:04}"
        blanks = len(answer.blanks or ())
        self.entries.append(
            PoolEntry(
                version, f"q_{number:04}", kind, area, level, 1, (kind,), (len(options),), (blanks,), f"group-{number}"
            )
        )
        picture = Block(BlockKind.PICTURE, blob=f"media_{number}", media_type="image/png", alt="示意图")
        blocks = (*_text(f"题干 {number}"), picture) if number % 7 == 0 else _text(f"题干 {number}")
        self.contents[version] = QuestionContent(kind, blocks, options, (), blanks)
        self.keys[version] = AnswerKey((ItemKey(kind, answer, _text("见规范")),))

    def _add_case(self, area: str) -> None:
        number = len(self.entries)
        version = f"qv_{number:04}"
        kinds = (QuestionType.SINGLE, QuestionType.TRUE_FALSE)
        self.entries.append(
            PoolEntry(
                version, f"q_{number:04}", QuestionType.CASE, area, 3, 2, kinds, (2, 0), (0, 0), f"group-{number}"
            )
        )
        parts = (
            SubQuestionContent(kinds[0], _text("第一问"), _options("是", "否")),
            SubQuestionContent(kinds[1], _text("第二问")),
        )
        self.contents[version] = QuestionContent(QuestionType.CASE, _text("背景资料"), (), parts)
        items = (ItemKey(kinds[0], Answer(choices=("A",))), ItemKey(kinds[1], Answer(correct=False)))
        self.keys[version] = AnswerKey(items)

    async def list_pool(self, _tx: Transaction, subject_code: str) -> Sequence[PoolEntry]:
        return self.entries if subject_code == "C1" else []

    async def load_contents(self, _tx: Transaction, version_ids: Sequence[str]) -> dict[str, QuestionContent]:
        return {version: self.contents[version] for version in version_ids}

    async def load_answer_keys(self, _tx: Transaction, version_ids: Sequence[str]) -> dict[str, AnswerKey]:
        return {version: self.keys[version] for version in version_ids}

    async def load_medium(self, _tx: Transaction, _ports: Ports, media_id: str) -> tuple[str, bytes]:
        return "image/png", PICTURE + media_id.encode()


@pytest.fixture
def fake_bank(monkeypatch: pytest.MonkeyPatch) -> FakeBank:
    """Papers see this bank instead of the real one."""
    made = FakeBank()
    for name in ("list_pool", "load_contents", "load_answer_keys", "load_medium"):
        monkeypatch.setattr(bank, name, getattr(made, name))
    return made


BLUEPRINT = {
    "title": "专职安全生产管理人员（C1）",
    "subject_code": "C1",
    "pass_mark": "6",
    "sections": [
        {
            "title": "一、单选题",
            "type": "single",
            "count": 6,
            "points_each": "0.5",
            "by_area": {"脚手架": 2, "塔吊": 2, "基坑": 2},
        },
        {"title": "二、多选题", "type": "multiple", "count": 2, "points_each": "2", "credit": "half_if_subset"},
        {"title": "三、判断题", "type": "true_false", "count": 2, "points_each": "0.5"},
        {"title": "四、填空题", "type": "fill_in", "count": 1, "points_each": "1"},
        {"title": "五、案例题", "type": "case", "count": 1, "points_each": "0.5", "items_per_case": 2},
    ],
}
