"""Reading what people write as an answer. All functions read folded text."""

import re
from typing import NamedTuple

TRUE_WORDS = frozenset({"√", "对", "正确", "是", "T", "t", "TRUE", "True", "true", "Y", "y", "V", "v"})
FALSE_WORDS = frozenset(
    {"×", "错", "错误", "否", "F", "f", "FALSE", "False", "false", "N", "n", "X", "x", "不正确", "不对"}
)
_LETTERS = r"[A-J](?:[\s,，、;；/.]*[A-J])*"
_JUDGED = r"[√×]|对|错|正确|错误|不正确|[TFtfXxYN]"
_LETTERS_ONLY = re.compile(rf"\s*[(\[]?\s*({_LETTERS})\s*[)\]]?\s*[。.;；,，]?\s*")
_PARENTHESES = re.compile(rf"[(\[]\s*(?P<answer>{_LETTERS}|{_JUDGED})\s*[)\]]")
_ENTRY = re.compile(
    r"(?:(?<=^)|(?<=[\s,，;；、。.)\]])|(?<=[A-J√×对错]))[(\[]?\s*(\d{1,4})\s*[)\]]?\s*[.、:\s-]?\s*[.、:]?\s*"
)
_RANGE = re.compile(r"[(\[]?\s*(\d{1,4})\s*(?:[-~至到]+)\s*(\d{1,4})\s*[)\]]?\s*题?\s*[.、:)]?\s*")
_ENTRY_ANSWER = re.compile(
    rf"(?:\[?(?:参考|正确)?答案\]?\s*[:]?\s*)?({_LETTERS}|√|×|正确|错误|对|错|[TFtfx])(?![A-Za-z])\s*"
)


def read_letters(folded: str) -> tuple[str, ...] | None:
    """Return the letters of a choice answer in ascending order without repeats, or None when it is something else."""
    match = _LETTERS_ONLY.fullmatch(folded)
    return tuple(sorted(set(re.findall("[A-J]", match[1])))) if match else None


def read_chosen(folded: str) -> tuple[str, ...] | None:
    """Return the letters of what is known to answer a question with options: there "b" and "abd" mean B and ABD."""
    return read_letters(folded.upper())


def read_judgement(folded: str) -> bool | None:
    """Return True for 对, √, T …, False for 错, ×, F …, None for anything else."""
    word = folded.strip().strip("。.;；,，()[] ")
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


class StemAnswer(NamedTuple):
    """An answer found in a stem. begin, end: the brackets with it."""

    text: str
    begin: int
    end: int


def find_stem_answers(folded: str, *, letters: bool, judgements: bool) -> list[StemAnswer]:
    """Return brackets that hold nothing but an answer of the wanted kinds, in order."""
    found = []
    for match in _PARENTHESES.finditer(folded):
        is_letters = read_letters(match["answer"]) is not None
        is_judgement = read_judgement(match["answer"]) is not None
        if (letters and is_letters) or (judgements and is_judgement):
            found.append(StemAnswer(match["answer"].strip(), match.start(), match.end()))
    return found


class Listed(NamedTuple):
    """One entry of an answer list. path: question number, then (for a case) the sub-question's number."""

    number: int
    text: str


def read_list_entries(folded: str) -> list[Listed]:
    """Return the entries of a line of an answer list; empty when any part of the line is something else.

    Understood: "1-5 ABCDA", "6～8：A C D", "1.A 2.BD 3、√", "1、A；2、B", "11.正确".
    """
    entries: list[Listed] = []
    position = len(folded) - len(folded.lstrip())
    while position < len(folded.rstrip()):
        step = _read_range(folded, position) or _read_single(folded, position)
        if step is None:
            return []
        found, position = step
        entries.extend(found)
        position += len(folded[position:]) - len(folded[position:].lstrip(" \t,，;；、。."))
    return entries


def _read_range(folded: str, position: int) -> tuple[list[Listed], int] | None:
    match = _RANGE.match(folded, position)
    if match is None or int(match[2]) < int(match[1]):
        return None
    count = int(match[2]) - int(match[1]) + 1
    answers, end = _take_answers(folded, match.end(), count)
    if len(answers) != count:
        return None
    return [Listed(int(match[1]) + index, text) for index, text in enumerate(answers)], end


def _take_answers(folded: str, position: int, count: int) -> tuple[list[str], int]:
    """Take `count` answers: letter by letter when run together, group by group when the groups make the count."""
    rest = re.compile(r"(?:[\s,，、;；]*(?:[A-J]|√|×|正确|错误|对|错|[TF]))+").match(folded, position)
    if rest is None:
        return [], position
    groups = [group for group in re.split(r"[\s,，、;；]+", rest[0].strip(" \t,，、;；")) if group]
    if len(groups) == count:
        return groups, rest.end()
    singles = re.findall(r"正确|错误|[A-J√×对错T]", rest[0])
    return (singles, rest.end()) if len(singles) == count else ([], position)


def _read_single(folded: str, position: int) -> tuple[list[Listed], int] | None:
    number = _ENTRY.match(folded, position)
    answer = _ENTRY_ANSWER.match(folded, number.end()) if number else None
    if number is None or answer is None:
        return None
    return [Listed(int(number[1]), answer[1].strip())], answer.end()


def read_blanks(text: str, blank_count: int) -> tuple[tuple[str, ...], ...]:
    """Return the accepted texts of each blank.

    text: original width. Blanks are parted by ；, else by what gives `blank_count` parts (、 ，, spaces); variants by / or |.
    A single blank keeps 、 and ， as part of its answer. Empty when there is no text.
    """
    text = re.sub(r"[\s。．.]+$", "", text.strip())
    if not text:
        return ()
    parts = _split_blanks(text, blank_count)
    return tuple(_variants(part) for part in parts if part.strip())


def _split_blanks(text: str, blank_count: int) -> list[str]:
    numbered = [
        part for part in re.split(r"\s*[(（]\s*\d{1,2}\s*[)）]\s*|[①②③④⑤⑥⑦⑧⑨]", text) if part.strip(" ；;，,、")
    ]
    if len(numbered) > 1 and len(numbered) == blank_count:
        return [part.strip(" ；;，,、") for part in numbered]
    by_semicolon = [part for part in re.split(r"[；;]", text) if part.strip()]
    if len(by_semicolon) > 1 or blank_count <= 1:
        return by_semicolon
    for separator in (r"、", r"[，,]", r"\s+"):
        parts = [part for part in re.split(separator, text) if part.strip()]
        if len(parts) == blank_count:
            return parts
    return [text]


def _variants(part: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.strip() for piece in re.split(r"[/／|｜]", part) if piece.strip()))
