"""Paragraphs and tables of a Word document as lines with our private marks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.folding import (
    SUB_CLOSE,
    SUB_OPEN,
    SUP_CLOSE,
    SUP_OPEN,
    UNDERLINE_CLOSE,
    UNDERLINE_OPEN,
    picture_mark,
    without_private,
)
from invigil.prepare.questions.importing.model import Doubt
from invigil.prepare.questions.importing.word.numbering import Numbering
from invigil.prepare.questions.importing.word.xml import attribute, child, children, name_of, value_at

# What the symbol fonts show for the code points that people insert as ticks and crosses.
_SYMBOLS = {
    ("wingdings", "fc"): "√", ("wingdings", "fe"): "√", ("wingdings", "fb"): "×", ("wingdings", "fd"): "×",
    ("wingdings 2", "50"): "√", ("wingdings 2", "52"): "√", ("wingdings 2", "4f"): "×", ("wingdings 2", "51"): "×",
    ("wingdings 2", "53"): "×", ("symbol", "d6"): "√", ("symbol", "b4"): "×",
}  # fmt: skip
# Deleted text of tracked changes, field codes, and what has no text.
_SKIPPED = {"instrText", "pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "Fallback", "delText"}
_DELETED = {"del", "moveFrom"}
_NOTES = {"footnoteReference", "endnoteReference"}
OBJECT, DRAWING = "［对象］", "［图形］"
_MOST_SHOWN = 60
_CHARACTERS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-", "softHyphen": ""}
BLANK = "____"


@dataclass
class _Style:
    is_underlined: bool = False
    position: str = ""

    def key(self) -> tuple[bool, str]:
        return self.is_underlined, self.position


@dataclass
class LineWriter:
    """Turns the document's body into lines.

    targets: relation id -> part name of a picture. parts: part names of pictures in the order of their marks.
    notes: (kind, id) -> text of a footnote or endnote. findings: what could not be brought over, each with its line.
    """

    numbering: Numbering
    targets: dict[str, str]
    lines: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    findings: list[Doubt] = field(default_factory=list)
    noticed: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    all_noticed: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def write_body(self, body: Element) -> None:
        """Write every paragraph and table of the body, in order."""
        for element in body:
            self._write_block(element)

    def _write_block(self, element: Element) -> None:
        name = name_of(element)
        if name == "p":
            self._write_lines(self.paragraph_lines(element))
        elif name == "tbl":
            self._write_table(element)
        elif name in {"altChunk", "subDoc"}:
            self._notice("inserted_document")
            self._write_lines([OBJECT])
        elif name in _DELETED:
            self._notice_deleted(element)
        elif name not in _SKIPPED:
            for inner in element:
                self._write_block(inner)

    def _write_lines(self, lines: Sequence[str]) -> None:
        """Add lines; what was noticed while they were read belongs to the first of them."""
        line = len(self.lines) + 1
        self.lines.extend(lines)
        self.findings.extend(doubt(code, (line,), **details) for code, details in self.noticed)
        self.all_noticed += self.noticed
        self.noticed.clear()

    def _notice(self, code: str, text: str = "") -> None:
        shown = text.strip()
        details = {"text": shown[:_MOST_SHOWN] + ("…" if len(shown) > _MOST_SHOWN else "")}
        if (code, details) not in self.noticed:
            self.noticed.append((code, details))

    def _notice_deleted(self, element: Element) -> None:
        text = "".join(inner.text or "" for inner in element.iter() if name_of(inner) in {"delText", "t"})
        if text.strip():
            self._notice("tracked_changes", text)

    def paragraph_lines(self, paragraph: Element) -> list[str]:
        """Return the paragraph's lines: one, more at soft breaks, and those of its text boxes."""
        label = self.numbering.next_label(paragraph)
        boxes: list[Element] = []
        text = _render(list(self._segments(paragraph, _Style(), boxes)))
        if label and text.strip():
            text = f"{label}{'' if label[-1:] in '、.．)）:：' else ' '}{text}"
        lines = text.split("\n")
        if any(text_of(box).strip() for box in boxes):
            self._notice("text_box")
        for box in boxes:
            for inner in children(box, "p"):
                lines.extend(self.paragraph_lines(inner))
        return lines

    # -- tables -----------------------------------------------------------------------------------------------------

    def _write_table(self, table: Element) -> None:
        rows = [list(_descend(row, "tc")) for row in _descend(table, "tr")]
        if all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell in row:
                    self.write_body(cell)
            return
        for row in rows:
            cells = [self._cell_text(cell) for cell in row]
            self._write_lines(["\t".join(cells) if any(cell.strip() for cell in cells) else ""])

    def _cell_text(self, cell: Element) -> str:
        inner = LineWriter(self.numbering, self.targets, parts=self.parts, notes=self.notes)
        inner.write_body(cell)
        self.noticed += inner.all_noticed
        return " ".join(line for line in inner.lines if line.strip())

    # -- runs -------------------------------------------------------------------------------------------------------

    def _segments(
        self, element: Element, style: _Style, boxes: list[Element]
    ) -> Iterator[tuple[tuple[bool, str], str]]:
        for inner in element:
            name = name_of(inner)
            if name in _SKIPPED:
                continue
            if (taken := self._beside_text(inner, name, style, boxes)) is not None:
                yield from taken
            elif name == "r":
                yield from self._segments(inner, _style_of(inner), boxes)
            elif name == "txbxContent":
                boxes.append(inner)
            elif (text := self._text_of(inner, name)) is not None:
                yield style.key(), text
            elif name != "p":
                yield from self._segments(inner, style, boxes)

    def _beside_text(
        self, element: Element, name: str, style: _Style, boxes: list[Element]
    ) -> list[tuple[tuple[bool, str], str]] | None:
        """Return what stands for an element that is more, or less, than its text, and notice it; None for any other."""
        if name in _DELETED:
            self._notice_deleted(element)
            return []
        if name == "r" and _is_hidden(element):
            if text_of(element).strip():
                self._notice("hidden_text_left_out", text_of(element))
            return []
        if name == "oMath":
            text = without_private(text_of(element))
            self._notice("formula_flattened", text)
            return [(style.key(), text)]
        return list(self._drawn(element, name, style, boxes)) if name in {"object", "drawing", "pict"} else None

    def _drawn(
        self, element: Element, name: str, style: _Style, boxes: list[Element]
    ) -> Iterator[tuple[tuple[bool, str], str]]:
        """Yield the pictures of an object or drawing; one that shows none leaves a word in its place."""
        before = len(boxes)
        found = list(self._segments(element, style, boxes))
        yield from found
        if not found and len(boxes) == before:
            self._notice("object_not_read" if name == "object" else "drawing_not_read")
            yield style.key(), OBJECT if name == "object" else DRAWING

    def _text_of(self, element: Element, name: str) -> str | None:
        if name in _NOTES:
            self._notice("footnote_not_read", self.notes.get((name, attribute(element, "id")), ""))
            return ""
        if name == "t":
            return without_private(element.text or "")
        if name in _CHARACTERS:
            return _CHARACTERS[name]
        if name == "sym":
            return _symbol(element)
        if name in {"blip", "imagedata"}:
            return self._picture(attribute(element, "embed") or attribute(element, "id"))
        return None

    def _picture(self, relation: str) -> str | None:
        part = self.targets.get(relation)
        if part is None:
            return None
        if part not in self.parts:
            self.parts.append(part)
        return picture_mark(self.parts.index(part))


def _descend(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also inside content controls, but not those of inner tables."""
    for inner in element:
        if name_of(inner) == name:
            yield inner
        elif name_of(inner) in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _descend(inner, name)


def text_of(element: Element) -> str:
    """Return the text inside an element, formulas included, deleted and repeated text left out."""
    if name_of(element) in _SKIPPED | _DELETED:
        return ""
    if name_of(element) == "t":
        return element.text or ""
    return "".join(text_of(inner) for inner in element)


def _is_hidden(run: Element) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and attribute(vanish, "val") not in {"0", "false", "off"}


def _style_of(run: Element) -> _Style:
    properties = child(run, "rPr")
    underline = child(properties, "u")
    return _Style(
        is_underlined=underline is not None and attribute(underline, "val") not in {"none", "0"},
        position=value_at(properties, "vertAlign"),
    )


def _symbol(element: Element) -> str:
    code = attribute(element, "char").lower()
    font = attribute(element, "font").lower()
    shown = _SYMBOLS.get((font, code.removeprefix("f0").lstrip("0") if len(code) == 4 else code))
    if shown is not None:
        return shown
    point = int(code, 16) if code and all(digit in "0123456789abcdef" for digit in code) and len(code) <= 5 else 0xFFFD
    return without_private(chr(point))


def _render(segments: list[tuple[tuple[bool, str], str]]) -> str:
    """Join runs of equal style; an underlined stretch without text is a blank to fill in."""
    merged: list[tuple[tuple[bool, str], str]] = []
    for key, text in segments:
        if merged and merged[-1][0] == key:
            merged[-1] = (key, merged[-1][1] + text)
        else:
            merged.append((key, text))
    return "".join(_render_stretch(is_underlined, position, text) for (is_underlined, position), text in merged)


def _render_stretch(is_underlined: bool, position: str, text: str) -> str:  # noqa: FBT001 - a pair of the run's properties
    if is_underlined and not text.strip():
        return BLANK if len(text) > 1 or "\t" in text else text
    if is_underlined and "\n" not in text and not any(ord(character) >= 0xF0000 for character in text):
        text = f"{UNDERLINE_OPEN}{text}{UNDERLINE_CLOSE}"
    if position == "subscript":
        return f"{SUB_OPEN}{text}{SUB_CLOSE}"
    return f"{SUP_OPEN}{text}{SUP_CLOSE}" if position == "superscript" else text
