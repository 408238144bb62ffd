"""From answer sheets to arrays of answers in written letters.

A choice is a set of bits (1 = "A", 2 = "B", …); true/false uses the same bits: 1 = right, 2 = wrong; 0 = not answered.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from invigil.prepare.papers.api import MAX_SHUFFLED_OPTIONS, ItemPlace, order_table

RIGHT, WRONG = 1, 2
Bits = NDArray[np.int64]


class SheetAnswer(msgspec.Struct, frozen=True, gc=False):
    """One item's answer: presented letters, texts, or right/wrong; at most one is set."""

    c: str | None = None
    t: list[str] | None = None
    b: bool | None = None


class Sheet(msgspec.Struct, frozen=True):
    """An answer sheet, the part that grading reads. Source: architecture, "The answering path"."""

    v: int
    answers: dict[str, SheetAnswer]


class DamagedSheetError(ValueError):
    """The stored bytes are not an answer sheet of version 1; the receipt's hash must be looked at."""


class Answers(NamedTuple):
    """What candidates answered. choices: int64 [candidate, item] bits; texts: by (candidate, item), fill-in only."""

    choices: Bits
    texts: Mapping[tuple[int, int], tuple[str, ...]]


_decoder = msgspec.json.Decoder(Sheet)


class _BitsOfLetters(dict[str, int]):
    def __missing__(self, letters: str) -> int:
        bits = 0
        for letter in letters:
            place = ord(letter) - ord("A")
            if 0 <= place < 26:
                bits |= 1 << place
        self[letters] = bits
        return bits


_bits_of = _BitsOfLetters()


def read_sheets(sheets: Sequence[bytes | None], places: Sequence[ItemPlace]) -> Answers:
    """Return the answers of these sheets as the page showed the letters; None is a sheet without any answer.

    An answer to an item that the paper does not have is ignored.
    Raises: DamagedSheetError - bytes that are not a sheet.
    """
    column_of = {place.id: column for column, place in enumerate(places)}
    choices = np.zeros((len(sheets), len(places)), np.int64)
    texts: dict[tuple[int, int], tuple[str, ...]] = {}
    for row, raw in enumerate(sheets):
        if raw is not None:
            _read_one(choices, texts, row, raw, column_of)
    return Answers(choices, texts)


def _read_one(
    choices: Bits, texts: dict[tuple[int, int], tuple[str, ...]], row: int, raw: bytes, column_of: Mapping[str, int]
) -> None:
    columns: list[int] = []
    bits: list[int] = []
    for item_id, answer in _decode(raw).answers.items():
        column = column_of.get(item_id)
        if column is None:
            continue
        if answer.c is not None:
            columns.append(column)
            bits.append(_bits_of[answer.c])
        elif answer.b is not None:
            columns.append(column)
            bits.append(RIGHT if answer.b else WRONG)
        elif answer.t is not None:
            texts[row, column] = tuple(answer.t)
    choices[row, columns] = bits


def _decode(raw: bytes) -> Sheet:
    try:
        sheet = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise DamagedSheetError("not an answer sheet") from fault
    if sheet.v != 1:
        raise DamagedSheetError(f"sheet version {sheet.v}")
    return sheet


def write_back_letters(choices: Bits, orders: Bits, option_counts: Bits) -> Bits:
    """Return the choices in written letters. All int64 [candidate, item].

    orders: code of each item's option order; option_counts: of each item, 0 where there are none.
    Letters beyond the options stay: they can never equal a key.
    """
    written = choices.copy()
    for count in range(2, MAX_SHUFFLED_OPTIONS + 1):
        where = np.nonzero((option_counts == count) & (orders > 0) & (choices > 0))
        if not len(where[0]):
            continue
        shown = choices[where]
        places = order_table(count)[orders[where]].astype(np.int64)
        back = shown >> count << count
        for place in range(count):
            back |= ((shown >> place) & 1) << places[:, place]
        written[where] = back
    return written
