"""Puts the parts of a line - text, options, labelled fields - into the question they belong to."""

import re
from collections.abc import Sequence

from invigil.prepare.questions.importing.doubts import doubt
from invigil.prepare.questions.importing.folding import fold
from invigil.prepare.questions.importing.looking_ahead import is_option, next_filled
from invigil.prepare.questions.importing.marks import (
    FieldKind,
    OptionMark,
    find_inline_options,
    read_fields,
    read_options,
)
from invigil.prepare.questions.importing.raw import Part, Piece, RawOption, RawQuestion

TRAILING_JUDGEMENT = re.compile(r"[(\[]\s*(?:√|×|对|错|正确|错误|T|F)?\s*[)\]]\s*[。.]?\s*$")


class ContentWriter:
    """Knows the lines around, because a lone "A" is an option only when "B" follows.

    after_blank: a blank line stands before the present one. has_statements: the section's questions are single statements.
    """

    def __init__(self, folded: Sequence[str]) -> None:
        self.folded = folded
        self.after_blank = False
        self.has_statements = False

    def is_next_option(self, index: int, key: str) -> bool:
        """Tell whether the next line that is not blank begins with this option."""
        following = next_filled(self.folded, index)
        return following is not None and is_option(self.folded[following], key)

    def is_answered_statement(self, target: RawQuestion) -> bool:
        """Tell whether the question is a statement that already carries its tick, so that nothing more belongs to it."""
        # Asked at every line: a long text of another kind is not put together for it.
        if not self.has_statements:
            return False
        return bool(TRAILING_JUDGEMENT.search(fold("".join(piece.text for piece in target.stem))))

    def add_line(self, target: RawQuestion, line: str, index: int) -> bool:
        """Add a line's parts to the question; False when its text has no place there."""
        folded = fold(line)
        fields = read_fields(folded)
        head = line[: fields[0].begin] if fields else line
        if head.strip() and not self._add_head(target, head, index, has_fields=bool(fields)):
            return False
        for one in fields:
            self.add_field(target, one.kind, line[one.start : one.end].strip(), index)
        return True

    def _add_head(self, target: RawQuestion, head: str, index: int, *, has_fields: bool) -> bool:
        folded = fold(head)
        marks = read_options(folded, expected=_expected_key(target), has_next=self.is_next_option(index, "B"))
        if marks and (target.stem or target.options) and (target.options or not target.fields or marks[0].key == "A"):
            self._add_options(target, head, marks, index)
            return True
        if target.part is Part.STEM:
            inline = find_inline_options(folded, 0, next_is_b=self.is_next_option(index, "B"))
            inline = [] if target.options or self.is_next_option(index, "A") else inline
            is_placed = self.add_text(target, head[: inline[0].begin] if inline else head, index)
            if inline and is_placed:
                self._add_options(target, head, inline, index)
            return is_placed
        return self.add_text(target, head, index) or has_fields

    def _add_options(self, target: RawQuestion, line: str, marks: Sequence[OptionMark], index: int) -> None:
        ends = [mark.begin for mark in marks[1:]] + [len(line)]
        for mark, end in zip(marks, ends, strict=True):
            target.options.append(RawOption(mark.key, line[mark.start : end].strip(" \t　;；"), index + 1))
        target.part = Part.OPTION

    def add_text(self, target: RawQuestion, text: str, index: int) -> bool:
        """Add text where the question has got to; False when nothing takes text there."""
        if target.part is Part.STEM:
            if self.is_answered_statement(target):
                return False
            if text.strip():
                target.stem.append(Piece(text.strip(), index + 1))
            return True
        if target.part is Part.OPTION:
            last = target.options[-1]
            last.text = f"{last.text}\n{text.strip()}" if last.text else text.strip()
            if self.after_blank:
                target.doubts.append(doubt("text_after_blank_line", (index + 1,)))
            return True
        kind, piece = target.fields[-1]
        if piece.text and kind is not FieldKind.EXPLANATION:
            return False
        piece.text = f"{piece.text}\n{text.strip()}" if piece.text else text.strip()
        return True

    def add_field(self, target: RawQuestion, kind: FieldKind, text: str, index: int) -> None:
        """Add a labelled part."""
        target.fields.append((kind, Piece(text, index + 1)))
        target.part = Part.FIELD


def _expected_key(target: RawQuestion) -> str:
    return chr(ord(target.options[-1].key) + 1) if target.options else "A"
