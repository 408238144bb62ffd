"""Cells as people leave them: full-width digits, invisible characters, numbers that Excel rewrote."""

import re
import unicodedata

# Apostrophes that Excel users type to force text, seen in files where they became part of it.
_LEADING_MARKS = "'’‘`"
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0x00AD, *range(0x09), 0x7F]
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")


def clean_text(written: str) -> str:
    """Return the text without invisible characters, with every white space a single space, trimmed."""
    return " ".join(written.translate(_INVISIBLE).split())


def half_width(written: str) -> str:
    """Return full-width ASCII (Ｃ１，１２３) as half-width; other characters stay."""
    return "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in written)


def clean_code(written: str) -> str:
    """Return a number or code: half width, without white space, hyphens and a leading apostrophe, upper case."""
    text = half_width(clean_text(written)).strip(_LEADING_MARKS)
    return re.sub(r"[\s\-‐-―]", "", text).upper()


def is_scientific(written: str) -> bool:
    """Tell whether Excel turned a long number into 1.10101E+17, losing its last digits."""
    return _SCIENTIFIC.fullmatch(half_width(clean_text(written)).strip(_LEADING_MARKS)) is not None


def column_letters(column: int) -> str:
    """Return Excel's letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_printable(text: str) -> bool:
    """Tell whether every character is assigned, visible and no control character."""
    return all(unicodedata.category(c)[0] != "C" or unicodedata.category(c) == "Co" for c in text)
