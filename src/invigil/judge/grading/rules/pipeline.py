"""From sheets and papers to marks, in chunks that bound the memory."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from invigil.judge.grading.model import Grid
from invigil.judge.grading.rules.marking import KeyTable, Marks, mark_all
from invigil.judge.grading.rules.reading import Answers, read_sheets, write_back_letters
from invigil.prepare.papers.api import ItemPlace, decode_papers

CHUNK = 2_000


class Graded(NamedTuple):
    """Everything about some candidates, rows in the order they came. answers: in written letters."""

    questions: Grid
    answers: Answers
    marks: Marks


def grade_chunk(
    sheets: Sequence[bytes | None], papers: Sequence[bytes], places: Sequence[ItemPlace], table: KeyTable
) -> Graded:
    """Mark some candidates' sheets against their papers.

    sheets: as handed in, None = no answer at all. papers: encoded, of the same candidates; not empty.
    Raises: DamagedSheetError, DamagedPaperError.
    """
    packed_questions, packed_orders = decode_papers(list(papers))
    questions, orders = packed_questions.astype(np.int64), packed_orders.astype(np.int64)
    shown = read_sheets(sheets, places)
    columns = [place.column for place in places]
    counts = table.option_counts[questions[:, columns], [place.part for place in places]]
    answers = Answers(write_back_letters(shown.choices, orders, counts), shown.texts)
    return Graded(questions, answers, mark_all(answers, questions, places, table))


def join_graded(parts: Iterable[Graded]) -> Graded:
    """Return the chunks as one, rows in order; at least one chunk."""
    chunks = list(parts)
    texts: dict[tuple[int, int], tuple[str, ...]] = {}
    row = 0
    for chunk in chunks:
        texts |= {(row + at, column): given for (at, column), given in chunk.answers.texts.items()}
        row += len(chunk.questions)
    return Graded(
        np.concatenate([chunk.questions for chunk in chunks]),
        Answers(np.concatenate([chunk.answers.choices for chunk in chunks]), texts),
        Marks(
            np.concatenate([chunk.marks.earned for chunk in chunks]),
            np.concatenate([chunk.marks.possible for chunk in chunks]),
        ),
    )
