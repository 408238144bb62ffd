"""From a compact paper to what the candidate's page shows, and to what a proof-reader sees.

Contents and answer keys come in as the JSON form of the bank's `QuestionContent` and `AnswerKey`. What goes out to candidates is
built field by field from a list of allowed ones: no version id, no difficulty, no written letter and no key can slip through.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from invigil.kernel.words import NOTHING_TO_SAY, Words
from invigil.prepare.papers.model import TYPE_NAMES, Blueprint, CreditRule, Pool, QuestionType, Section
from invigil.prepare.papers.rules.encoding import Paper
from invigil.prepare.papers.rules.permutations import order_of

Document = Mapping[str, Any]
_BLOCK_FIELDS = ("kind", "html", "blob", "media_type", "alt", "play_limit")
_TAG = re.compile(r"<[^>]*>")
_SPEAKS_OF_OTHERS = re.compile(
    r"^\W*(以上|上述|前述|所有选项|全部选项)|(以上|上述)(各项|选项|答案|说法)?[都均皆全]|^\W*[A-H]\s*(和|与|及|、|,|，|或)\s*[A-H]"
)
_CREDIT_NOTES = {
    CreditRule.NONE: NOTHING_TO_SAY,
    CreditRule.HALF_IF_SUBSET: Words(
        "少选且无错选得一半分，错选不得分", "Too few options and no wrong one earn half; a wrong one earns nothing"
    ),
    CreditRule.PER_OPTION: Words(
        "少选且无错选，每选对一项得 {option} 分，错选不得分",
        "Too few options and no wrong one earn {option} for each right one; a wrong one earns nothing",
    ),
    CreditRule.PROPORTION: Words(
        "部分答对按比例得分（不足半分舍去），错选不得分",
        "A part earns its share, rounded down to a half point; a wrong option earns nothing",
    ),
}


def letter_of(place: int) -> str:
    """Return the letter of an option's place: 0 is "A"."""
    return chr(ord("A") + place)


def is_order_free(options: Sequence[Document]) -> bool:
    """Tell whether a question's options may be shuffled: none of them speaks of the others ("以上都对", "A和B")."""
    return not any(_SPEAKS_OF_OTHERS.search(_text_of(option)) for option in options)


def _text_of(option: Document) -> str:
    return _TAG.sub("", " ".join(block.get("html") or "" for block in option["blocks"])).strip()


def render_paper(
    blueprint: Blueprint,
    pool: Pool,
    contents: Mapping[str, Document],
    paper: Paper,
    *,
    paper_id: str,
    duration: timedelta | None,
) -> dict[str, Any]:
    """Return the document that the candidate's page opens at T0 (format 1 of `exam-core`'s `Paper`).

    contents: by version id, at least those of this paper. duration: the sitting's working time; None leaves it out.
    Raises: KeyError - a question's content is missing.
    """
    sections = []
    numbers = iter(range(1, blueprint.item_count + 1))
    column = item = 0
    for section in blueprint.sections:
        places = paper.questions[column : column + section.count]
        codes = paper.orders[item : item + section.item_count]
        column, item = column + section.count, item + section.item_count
        groups = [
            _render_group(
                section,
                contents[pool.questions[place].version_id],
                codes[turn * section.items_per_case : (turn + 1) * section.items_per_case],
                numbers,
            )
            for turn, place in enumerate(places)
        ]
        sections.append({"title": section.title, "note": describe_section(section).zh, "groups": groups})
    timing = {} if duration is None else {"duration_s": duration // timedelta(seconds=1)}
    return {"v": 1, "paper_id": paper_id, "title": blueprint.title, "sections": sections, **timing}


def list_blocks(page: Document) -> Iterator[Document]:
    """Return every block of a rendered paper, in presented order."""
    for group in (group for section in page["sections"] for group in section["groups"]):
        yield from group["case"] or ()
        for item in group["items"]:
            yield from item["blocks"]
            for option in item["options"]:
                yield from option["blocks"]


def list_media(page: Document) -> frozenset[str]:
    """Return the media that a rendered paper shows."""
    return frozenset(block["blob"] for block in list_blocks(page) if "blob" in block)


def describe_section(section: Section) -> Words:
    """Return what stands under a section's title: how many, how much each, what an incomplete answer earns.

    The paper itself says it in Chinese; the English is for staff who look at it.
    """
    credit, type_ = _CREDIT_NOTES[section.credit], TYPE_NAMES[section.type]
    is_case = section.type is QuestionType.CASE
    each = Words("每小题", "each part") if is_case else Words("每题", "each")
    zh = f"{type_.zh}，共 {section.count} 题，{each.zh} {section.points_each} 分，共 {section.points} 分。"
    en = f"{type_.en}: {section.count} questions, {each.en} {section.points_each} points, {section.points} in all."
    if not credit.zh:
        return Words(zh, en)
    option = section.option_points
    return Words(f"{zh}{credit.zh.format(option=option)}。", f"{en} {credit.en.format(option=option)}.")


def _render_group(section: Section, content: Document, codes: Sequence[int], numbers: Iterator[int]) -> dict[str, Any]:
    if content["type"] != QuestionType.CASE:
        return {"case": None, "items": [_render_item(section, content, codes[0], next(numbers))]}
    parts = zip(content["sub_questions"], codes, strict=True)
    items = [_render_item(section, part, code, next(numbers)) for part, code in parts]
    return {"case": _render_blocks(content["blocks"]), "items": items}


def _render_item(section: Section, content: Document, code: int, number: int) -> dict[str, Any]:
    options = content.get("options", ())
    return {
        "id": f"i{number}",
        "type": str(content["type"]),
        "points": str(section.points_each),
        "blocks": _render_blocks(content["blocks"]),
        "options": [
            {"key": letter_of(shown), "blocks": _render_blocks(options[written]["blocks"])}
            for shown, written in enumerate(order_of(code, len(options)))
        ],
        "blank_count": content.get("blank_count", 0),
    }


def _render_blocks(blocks: Sequence[Document]) -> list[dict[str, Any]]:
    return [{field: block[field] for field in _BLOCK_FIELDS if block.get(field) is not None} for block in blocks]


def render_answers(
    blueprint: Blueprint, pool: Pool, keys: Mapping[str, Document], paper: Paper
) -> dict[str, dict[str, Any]]:
    """Return by item id the key in presented letters, with classification, for proof-reading. Never for a candidate.

    keys: the bank's answer keys by version id. Per item: "answer" (choices as presented letters, correct, or blanks),
    "explanation", "version_id", "knowledge_area", "difficulty".
    """
    answers = {}
    column = item = 0
    for section in blueprint.sections:
        for _ in range(section.count):
            question = pool.questions[paper.questions[column]]
            column += 1
            for part in range(section.items_per_case):
                key = keys[question.version_id]["items"][part]
                order = order_of(paper.orders[item], max(1, question.option_counts[part]))
                item += 1
                answers[f"i{item}"] = {
                    "answer": present_answer(key["answer"], order),
                    "explanation": list(key.get("explanation", ())),
                    "version_id": question.version_id,
                    "knowledge_area": question.knowledge_area,
                    "difficulty": question.difficulty,
                }
    return answers


def present_answer(answer: Document, order: Sequence[int]) -> dict[str, Any]:
    """Return the answer with its letters as presented. order: presented place -> written place; shorter lists stay as written."""
    choices = answer.get("choices")
    if choices is None:
        return {name: value for name, value in answer.items() if value is not None}
    shown_of = {letter_of(written): letter_of(shown) for shown, written in enumerate(order)}
    return {"choices": sorted(shown_of.get(choice, choice) for choice in choices)}
