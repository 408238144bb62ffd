"""A rendered paper as plain lines for print: markup is taken off, media are named."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from invigil.prepare.papers.model import PaperSet

BEIJING = timezone(timedelta(hours=8))
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_MEDIA_NAMES = {"picture": "图片", "audio": "音频", "video": "视频"}
Document = Mapping[str, Any]


def print_values(
    page: Document, answers: Mapping[str, Document], paper_set: PaperSet, printed_by: str, printed_at: datetime
) -> dict[str, Any]:
    """Return what the template `sample.typ` fills in.

    page, answers: of `rules.rendering`; without answers none are printed. printed_at: aware.
    """
    return {
        "title": page["title"],
        "subject_code": paper_set.blueprint.subject_code,
        "paper_set_id": paper_set.id,
        "pool_digest": paper_set.pool_digest[:16],
        "points": str(paper_set.blueprint.points),
        "pass_mark": str(paper_set.blueprint.pass_mark),
        "mark": f"{printed_by} {printed_at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}（北京时间）",
        "with_answers": bool(answers),
        "sections": [
            {
                "title": section["title"],
                "note": section["note"],
                "groups": [_print_group(group, answers) for group in section["groups"]],
            }
            for section in page["sections"]
        ],
    }


def _print_group(group: Document, answers: Mapping[str, Document]) -> dict[str, Any]:
    return {
        "case": None if group["case"] is None else say_blocks(group["case"]),
        "items": [_print_item(item, answers.get(item["id"])) for item in group["items"]],
    }


def _print_item(item: Document, answer: Document | None) -> dict[str, Any]:
    return {
        "number": item["id"].removeprefix("i"),
        "points": item["points"],
        "text": say_blocks(item["blocks"]),
        "options": [f"{option['key']}. {say_blocks(option['blocks'])}" for option in item["options"]],
        "is_true_false": item["type"] == "true_false",
        "answer": "" if answer is None else say_answer(answer["answer"]),
        "explanation": "" if answer is None else say_blocks(answer["explanation"]),
        "class": "" if answer is None else f"{answer['knowledge_area']} · 难度 {answer['difficulty']}",
    }


def say_blocks(blocks: Sequence[Document]) -> str:
    """Return blocks as plain text, one line per block."""
    return "\n".join(filter(None, (_say_block(block) for block in blocks)))


def _say_block(block: Document) -> str:
    if block["kind"] == "text":
        lines = _BREAK.sub("\n", block.get("html") or "")
        return html.unescape(_TAG.sub("", lines)).strip()
    name = _MEDIA_NAMES.get(block["kind"], block["kind"])
    return f"［{name}：{block.get('alt') or '无说明'}］"


def say_answer(answer: Document) -> str:
    """Return an answer in words: "A、C", "正确", "塔吊／塔式起重机；基坑"."""
    if answer.get("choices") is not None:
        return "、".join(answer["choices"])
    if answer.get("correct") is not None:
        return "正确" if answer["correct"] else "错误"
    return "；".join("／".join(variants) for variants in answer.get("blanks") or ())
