"""Character-by-character folding, so that positions in the folded text are positions in the original."""

# Private characters that readers put into lines and that `markup` turns into blocks and tags.
PICTURE_BASE = 0xF0000
SUB_OPEN, SUB_CLOSE, SUP_OPEN, SUP_CLOSE = "\ue001", "\ue002", "\ue003", "\ue004"
UNDERLINE_OPEN, UNDERLINE_CLOSE = "\ue005", "\ue006"

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= {
    0x3000: 0x20,
    0xA0: 0x20,
    0x2002: 0x20,
    0x2003: 0x20,
    0x2009: 0x20,
    0x200B: 0x20,
    ord("【"): ord("["),
    ord("】"): ord("]"),
    ord("〔"): ord("["),
    ord("〕"): ord("]"),
    ord("﹙"): ord("("),
    ord("﹚"): ord(")"),
    ord("～"): ord("~"),
    ord("—"): ord("-"),
    ord("–"): ord("-"),
    ord("－"): ord("-"),
    ord("﹣"): ord("-"),
    ord("─"): ord("-"),
    ord("。"): ord("。"),
    ord("﹒"): ord("."),
    ord("·"): ord("."),
    ord("✓"): ord("√"),
    ord("✔"): ord("√"),
    ord("☑"): ord("√"),
    ord("✕"): ord("×"),
    ord("✖"): ord("×"),
    ord("✗"): ord("×"),
    ord("✘"): ord("×"),
    ord("╳"): ord("×"),
    ord("☒"): ord("×"),
    ord("Ｔ"): ord("T"),
    ord("\t"): ord("\t"),
}


def fold(text: str) -> str:
    """Return the text in half width with unified brackets, ticks and crosses; same length as the original."""
    return text.translate(_FOLD)


def without_private(text: str) -> str:
    """Return source text without characters that we use as marks ourselves."""
    return "".join(
        "\ufffd" if "\ue000" <= character <= "\uf8ff" or ord(character) >= PICTURE_BASE else character
        for character in text
    )


def picture_mark(index: int) -> str:
    """Return the character that stands for the file's picture number `index`, counted from 0."""
    return chr(PICTURE_BASE + index)


def picture_index(character: str) -> int | None:
    """Return the number of the picture this character stands for, or None."""
    return ord(character) - PICTURE_BASE if ord(character) >= PICTURE_BASE else None
