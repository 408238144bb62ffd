"""Answers as people read them on a sheet."""

from collections.abc import Mapping
from typing import Any

_TRUE, _FALSE = "对", "错"


def say_answers(answers: Mapping[str, Mapping[str, Any]], item_count: int) -> tuple[str, ...]:
    """Return one text per item of the paper, in its order; "" for an item without an answer.

    answers: of the canonical sheet, by item "i1"…: letters as the candidate saw them, texts of blanks, or true and false.
    """
    return tuple(_say(answers.get(f"i{number}")) for number in range(1, item_count + 1))


def _say(answer: Mapping[str, Any] | None) -> str:
    if not answer:
        return ""
    if "c" in answer:
        return str(answer["c"])
    if "b" in answer:
        return _TRUE if answer["b"] else _FALSE
    return "；".join(str(text) for text in answer.get("t", ()))
