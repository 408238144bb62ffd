"""When two typed answers count as the same."""

import unicodedata
from collections.abc import Sequence

# Marks that people put at the end without meaning anything.
_TRAILING = "。．.,，、;；"
_SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "－": "-", "～": "~", "〜": "~"})


def normalise_text(text: str) -> str:
    """Return the text without what makes no difference: full or half width, white space, case, trailing stops.

    "ＪＧＪ 130－2011。" and "jgj130-2011" are the same; "1.5" keeps its point.
    """
    # Folding one way can open the next (case folding undoes a composition, a stripped stop bares another): to the end, then.
    while (folded := _fold(text)) != text:
        text = folded
    return text


def _fold(text: str) -> str:
    # Before NFKC as well: it would turn some of these marks into others.
    unified = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    return "".join(unified.split()).casefold().rstrip(_TRAILING)


def count_right_blanks(given: Sequence[str], blanks: Sequence[Sequence[str]], *, order_free: bool) -> int:
    """Return how many blanks are right.

    given: texts in the order of the blanks, may be shorter or longer. blanks: accepted texts per blank.
    order_free: each given text may serve for any one blank; the best assignment counts.
    """
    texts = [normalise_text(text) for text in given[: len(blanks)]]
    accepted = [{normalise_text(text) for text in variants} for variants in blanks]
    if not order_free:
        return sum(bool(text) and text in variants for text, variants in zip(texts, accepted, strict=False))
    fits = [[number for number, variants in enumerate(accepted) if text and text in variants] for text in texts]
    return _match(fits)


def _match(fits: Sequence[Sequence[int]]) -> int:
    """Return the size of a largest matching of texts to blanks (augmenting paths)."""
    holder: dict[int, int] = {}

    def place(text: int, tried: set[int]) -> bool:
        for blank in fits[text]:
            if blank not in tried:
                tried.add(blank)
                if blank not in holder or place(holder[blank], tried):
                    holder[blank] = text
                    return True
        return False

    return sum(place(text, set()) for text in range(len(fits)))
