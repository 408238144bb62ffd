"""Answers that candidates give on purpose, and what each must earn: reckoned here from the question files, apart from the server."""

import html
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from invigil.app.sample.questions import read_sample_files
from invigil.prepare.questions.api import Answer
from tests.e2e.examination import squeeze

# Of a multiple-choice question where only some right options are chosen (the demonstration's blueprint); nothing inside a case.
EACH_OPTION = Decimal("0.5")
# What somebody writes who does not know: a spreadsheet program would carry it out.
FORMULA = "=1+1"
# Texts of the case, the stem and the options.
Question = tuple[str, str, frozenset[str]]


def say(points: Decimal) -> str:
    """Return points as people read them: "36.5", "37"."""
    return f"{points.normalize():f}"


class Intent(Enum):
    """What a candidate makes of a question."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    OPEN = "open"


@dataclass
class IntendedSheet:
    """All by item id. answers: as a sheet holds them. earned, whole: in points. stems: what is asked."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    earned: dict[str, Decimal] = field(default_factory=dict)
    whole: dict[str, Decimal] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """All points."""
        return sum(self.earned.values(), Decimal(0))

    def award(self, excerpt: str) -> None:
        """Give all points of the question that begins so."""
        for item, stem in self.stems.items():
            if stem.startswith(squeeze(excerpt).rstrip("…")):
                self.earned[item] = self.whole[item]

    def write(self, item: str) -> str:
        """Return an answer as the export of answer sheets writes it: never as a formula."""
        match self.answers.get(item, {}):
            case {"c": letters}:
                return str(letters)
            case {"b": is_right}:
                return "对" if is_right else "错"
            case {"t": texts}:
                text = "；".join(texts)
                return f"'{text}" if text.startswith("=") else text
        return ""


@dataclass(frozen=True)
class RightAnswer:
    """What is right, by texts: an option's letter differs from paper to paper."""

    options: frozenset[str]
    answer: Answer


def read_key() -> dict[Question, RightAnswer]:
    """Return the answers of the sample bank; questions that look the same and are answered otherwise are left out."""
    key: dict[Question, RightAnswer] = {}
    unclear: set[Question] = set()
    for file in read_sample_files():
        for draft in (question.draft for question in file.questions):
            case = _text(draft.blocks) if draft.sub_questions else ""
            for part in draft.sub_questions or (draft,):
                if part.answer is None:
                    continue
                texts = {option.key: _text(option.blocks) for option in part.options}
                question = (case, _text(part.blocks), frozenset(texts.values()))
                right = RightAnswer(frozenset(texts[one] for one in part.answer.choices or ()), part.answer)
                if key.setdefault(question, right) != right:
                    unclear.add(question)
    return {question: right for question, right in key.items() if question not in unclear}


def intend(
    paper: Mapping[str, Any], key: Mapping[Question, RightAnswer], source: random.Random, skill: float
) -> IntendedSheet:
    """Return the sheet of a candidate who answers this paper with such skill (0 … 1)."""
    sheet = IntendedSheet()
    for case, item in _items(paper):
        right = key.get((case, _text(item["blocks"]), frozenset(_text(one["blocks"]) for one in item["options"])))
        intent = Intent.OPEN if right is None else _draw(item, source, skill)
        answer, earned = (
            _answer(item, right, intent, EACH_OPTION if not case else Decimal(0)) if right else (None, Decimal(0))
        )
        sheet.earned[item["id"]], sheet.whole[item["id"]] = earned, Decimal(item["points"])
        sheet.stems[item["id"]] = _text(item["blocks"])
        if answer is not None:
            sheet.answers[item["id"]] = answer
    return sheet


def _draw(item: Mapping[str, Any], source: random.Random, skill: float) -> Intent:
    if source.random() < skill:
        return Intent.RIGHT
    if item["type"] == "multiple" and source.random() < 0.5:
        return Intent.PARTLY
    return Intent.WRONG if source.random() < 0.8 else Intent.OPEN


def _answer(
    item: Mapping[str, Any], right: RightAnswer, intent: Intent, partly: Decimal
) -> tuple[dict[str, Any] | None, Decimal]:
    whole = Decimal(item["points"])
    earned = {Intent.RIGHT: whole, Intent.PARTLY: partly}.get(intent, Decimal(0))
    if intent is Intent.OPEN:
        return None, earned
    match item["type"]:
        case "true_false":
            return {"b": right.answer.correct is (intent is Intent.RIGHT)}, earned
        case "fill_in":
            blanks = right.answer.blanks or ()
            return {"t": [blank[0] if intent is Intent.RIGHT else FORMULA for blank in blanks]}, earned
    letters = {one["key"]: _text(one["blocks"]) in right.options for one in item["options"]}
    chosen = _choose(letters, intent)
    return ({"c": "".join(chosen)}, earned) if chosen else (None, Decimal(0))


def _choose(letters: Mapping[str, bool], intent: Intent) -> list[str]:
    rights = sorted(one for one, is_right in letters.items() if is_right)
    wrongs = sorted(one for one, is_right in letters.items() if not is_right)
    return {Intent.RIGHT: rights, Intent.PARTLY: rights[:1]}.get(intent, wrongs[:1])


def _items(paper: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for section in paper["sections"]:
        for group in section["groups"]:
            for item in group["items"]:
                yield _text(group["case"] or ()), item


def _text(blocks: Iterable[Any]) -> str:
    """Return what the blocks say, of a paper (JSON) or of a question file, without tags and white space."""
    written = (block.get("html") if isinstance(block, Mapping) else block.html for block in blocks)
    return squeeze("".join(html.unescape(re.sub(r"<[^>]+>", "", one or "")) for one in written))
