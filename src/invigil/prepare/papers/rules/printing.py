"""A rendered paper as plain lines for print: markup is taken off, media are named."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from invigil.prepare.papers.model import PaperSet
from invigil.prepare.papers.rules.rendering import list_blocks

BEIJING = timezone(timedelta(hours=8))
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_MEDIA_NAMES = {"picture": "图片", "audio": "音频", "video": "视频"}
Document = Mapping[str, Any]


def print_values(
    page: Document,
    answers: Mapping[str, Document],
    pictures: Mapping[str, str],
    *,
    paper_set: PaperSet,
    printed_by: str,
    printed_at: datetime,
) -> dict[str, Any]:
    """Return what the template `sample.typ` fills in.

    page, answers: of `rules.rendering`; without answers none are printed. pictures: in the form of `picture_value`, by medium;
    others are only named. printed_at: aware.
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
                "groups": [_print_group(group, answers, pictures) for group in section["groups"]],
            }
            for section in page["sections"]
        ],
    }


def list_pictures(page: Document) -> list[str]:
    """Return the media of the page's picture blocks, each once."""
    pictures = (block for block in list_blocks(page) if block["kind"] == "picture" and "blob" in block)
    return list(dict.fromkeys(block["blob"] for block in pictures))


def _print_group(group: Document, answers: Mapping[str, Document], pictures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "case": None if group["case"] is None else say_blocks(group["case"]),
        "pictures": _show_pictures(group["case"] or (), pictures),
        "items": [_print_item(item, answers.get(item["id"]), pictures) for item in group["items"]],
    }


def _show_pictures(blocks: Sequence[Document], pictures: Mapping[str, str]) -> list[str]:
    return [pictures[block["blob"]] for block in blocks if block.get("blob") in pictures]


def _print_item(item: Document, answer: Document | None, pictures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": item["id"].removeprefix("i"),
        "points": item["points"],
        "text": say_blocks(item["blocks"]),
        "pictures": _show_pictures(item["blocks"], pictures),
        "options": [
            {
                "text": f"{option['key']}. {say_blocks(option['blocks'])}",
                "pictures": _show_pictures(option["blocks"], pictures),
            }
            for option in item["options"]
        ],
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
