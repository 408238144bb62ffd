"""Word's automatic numbers (w:numPr): the text that Word shows but does not write."""

from collections import defaultdict
from dataclasses import dataclass, field
from string import ascii_uppercase
from xml.etree.ElementTree import Element

from invigil.prepare.questions.importing.word.xml import attribute, child, children, value_at

_CN_DIGITS = "零一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
MAX_LEVELS = 9


@dataclass(frozen=True)
class _Level:
    form: str
    text: str
    start: int


@dataclass
class Numbering:
    """The counters of one document. Lists of one abstract definition count on together, as Word does."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    of_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next_label(self, paragraph: Element) -> str:
        """Return the label before this paragraph, e.g. "3、" or "A.", and count; "" for an unnumbered one."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number_id, level = place
        abstract = self.abstract_of.get(number_id)
        known = self.levels.get(abstract or "", {})
        if abstract is None or level not in known or known[level].form in {"bullet", "none"}:
            return ""
        counts = self._counts[abstract]
        override = self.overrides.get(number_id, {}).get(level)
        if override is not None and (number_id, level) not in self._begun:
            counts[level] = override
        else:
            counts[level] = counts.get(level, known[level].start - 1) + 1
        self._begun.add((number_id, level))
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        return self._render(known, counts, level)

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr")
        inherited = self.of_style.get(value_at(properties, "pStyle"))
        if own is None:
            return inherited
        number_id = value_at(own, "numId") or (inherited[0] if inherited else "")
        if number_id in {"", "0"}:
            return None
        return number_id, _whole(value_at(own, "ilvl"), inherited[1] if inherited else 0)

    @staticmethod
    def _render(known: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        text = known[level].text
        for other in range(MAX_LEVELS):
            mark = f"%{other + 1}"
            if mark in text and other in known:
                text = text.replace(mark, _write(counts.get(other, known[other].start), known[other].form))
        return text


def read_numbering(numbering: Element | None, styles: Element | None) -> Numbering:
    """Return the numbering of a document. numbering, styles: roots of numbering.xml and styles.xml, or None."""
    read = Numbering()
    for definition in children(numbering, "abstractNum") if numbering is not None else ():
        read.levels[attribute(definition, "abstractNumId")] = _read_levels(definition)
    for instance in children(numbering, "num") if numbering is not None else ():
        number_id = attribute(instance, "numId")
        read.abstract_of[number_id] = value_at(instance, "abstractNumId")
        read.overrides[number_id] = {
            _whole(attribute(one, "ilvl"), 0): _whole(value_at(one, "startOverride"), 1)
            for one in children(instance, "lvlOverride")
            if child(one, "startOverride") is not None
        }
    for style in children(styles, "style") if styles is not None else ():
        own = child(style, "pPr", "numPr")
        if own is not None and value_at(own, "numId"):
            place = (value_at(own, "numId"), _whole(value_at(own, "ilvl"), 0))
            read.of_style[attribute(style, "styleId")] = place
    return read


def _read_levels(definition: Element) -> dict[int, _Level]:
    return {
        _whole(attribute(one, "ilvl"), 0): _Level(
            value_at(one, "numFmt") or "decimal", value_at(one, "lvlText"), _whole(value_at(one, "start"), 1)
        )
        for one in children(definition, "lvl")
    }


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _write(number: int, form: str) -> str:
    if form in {"upperLetter", "lowerLetter"}:
        letters = ascii_uppercase[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letters if form == "upperLetter" else letters.lower()
    if form in {"upperRoman", "lowerRoman"}:
        return _write_roman(number) if form == "upperRoman" else _write_roman(number).lower()
    if form.startswith(("chinese", "ideograph", "taiwanese", "japanese")) and 0 < number < 100:
        return _write_chinese(number)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    return str(number)


def _write_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_CN_DIGITS[tens]}十"
    return head + (_CN_DIGITS[ones] if ones or not tens else "")


def _write_roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written
