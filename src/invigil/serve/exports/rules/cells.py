"""Cells that no spreadsheet program takes for a formula (P15)."""

import unicodedata

from invigil.kernel.points import Points
from invigil.serve.exports.model import Cell

# Excel, WPS and LibreOffice begin a formula or a command with these; WPS and Excel in Chinese also take the full-width forms.
_STARTERS = frozenset("=+-@|%")
_MINUS_SIGNS = frozenset("−‐‑‒–—―")
# Excel refuses a longer cell.
LONGEST = 32_000


def safe_text(cell: Cell) -> str:
    """Return the cell as text that is shown as it stands and never computed.

    Text that would begin a formula, at its start or after leading blanks, gets an apostrophe in front; control characters
    and halves of surrogate pairs are replaced; line ends become "\\n"; what is longer than a cell can be is cut, visibly.
    """
    text = _printable("" if cell is None else str(cell))
    if _begins_formula(text):
        text = "'" + text
    return text if len(text) <= LONGEST else text[: LONGEST - 6] + "…（已截断）"


def is_number(cell: Cell) -> bool:
    """Tell whether the cell is a figure that may be summed up."""
    return isinstance(cell, int | Points) and not isinstance(cell, bool)


def _printable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_replace(character) for character in text)


def _replace(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return " " if category == "Cc" else character


def _begins_formula(text: str) -> bool:
    for character in text:
        if character in "\t\n":
            return True
        if character.isspace() or unicodedata.category(character) in ("Cf", "Zs", "Zl", "Zp"):
            continue
        plain = unicodedata.normalize("NFKC", character)[:1]
        return plain in _STARTERS or character in _MINUS_SIGNS
    return False
