"""What stands behind a line. Lines are folded, indexes count from 0."""

from collections.abc import Iterator, Sequence

from invigil.prepare.questions.importing.marks import (
    Numbered,
    NumberStyle,
    read_fields,
    read_heading,
    read_number,
    read_options,
)
from invigil.prepare.questions.importing.unplaced import MAX_LINE

# How far ahead option A may stand for a line without a number to count as a new question's stem.
_OPTION_WITHIN = 4


class NumbersAhead:
    """The numbers behind each line, up to the next heading: read once for all lines, as every line of a section may ask."""

    def __init__(self, folded: Sequence[str]) -> None:
        self._first: list[Numbered | None] = [None] * len(folded)
        self._has_inner = [False] * len(folded)
        first, has_inner = None, False
        for index in reversed(range(len(folded))):
            self._first[index], self._has_inner[index] = first, has_inner
            line = folded[index]
            if not line.strip() or len(line) > MAX_LINE:
                continue
            if read_heading(line) is not None:
                first, has_inner = None, False
                continue
            number = read_number(line)
            first = None if begins_part(line) else number or first
            has_inner = has_inner or (number is not None and number.style is not NumberStyle.PLAIN)

    def find(self, index: int) -> Numbered | None:
        """Return the number that the text from here on leads to, or None when something else comes first."""
        return self._first[index]

    def has_inner(self, index: int) -> bool:
        """Tell whether numbers in brackets stand in the rest of this section: the plain ones are then of whole cases."""
        return self._has_inner[index]


def next_filled(folded: Sequence[str], index: int) -> int | None:
    """Return the next line that is not blank, or None."""
    return next((other for other in range(index + 1, len(folded)) if folded[other].strip()), None)


def is_option(line: str, key: str) -> bool:
    """Tell whether the line begins with this option."""
    marks = read_options(line, expected=key, has_next=True)
    return bool(marks) and marks[0].key == key


def begins_part(line: str) -> bool:
    """Tell whether a line begins with option A or with a labelled part (答案：…)."""
    fields = read_fields(line)
    return bool(read_options(line, expected="A") or (fields and fields[0].begin == 0))


def is_option_ahead(folded: Sequence[str], index: int) -> bool:
    """Tell whether text and then option A follow, before anything else begins."""
    for count, line in enumerate(_list_section(folded, index)):
        if count == _OPTION_WITHIN:
            return False
        if is_option(line, "A"):
            return True
        if read_number(line) or read_fields(line) or read_options(line, expected=""):
            return False
    return False


def _list_section(folded: Sequence[str], index: int) -> Iterator[str]:
    """Yield the lines behind, up to the next heading, that are not blank."""
    position = next_filled(folded, index)
    while position is not None and read_heading(folded[position]) is None:
        yield folded[position]
        position = next_filled(folded, position)
