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

# How far ahead option A may stand for a line without a number to count as a new question's stem.
_OPTION_WITHIN = 4


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


def find_number(folded: Sequence[str], index: int) -> Numbered | None:
    """Return the number that the text from here on leads to, or None when something else comes first."""
    for line in _list_section(folded, index):
        if begins_part(line):
            return None
        if (number := read_number(line)) is not None:
            return number
    return None


def has_inner_numbers(folded: Sequence[str], index: int) -> bool:
    """Tell whether numbers in brackets stand in the rest of this section: the plain ones are then of whole cases."""
    numbers = (read_number(line) for line in _list_section(folded, index))
    return any(number is not None and number.style is not NumberStyle.PLAIN for number in numbers)


def _list_section(folded: Sequence[str], index: int) -> Iterator[str]:
    """Yield the lines behind, up to the next heading, that are not blank."""
    position = next_filled(folded, index)
    while position is not None and read_heading(folded[position]) is None:
        yield folded[position]
        position = next_filled(folded, position)
