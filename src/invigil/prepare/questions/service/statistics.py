"""Figures of the bank, for charts and for whoever plans a blueprint."""

from dataclasses import dataclass

from invigil.platform.db import Transaction
from invigil.prepare.questions.model import QuestionState, QuestionType
from invigil.prepare.questions.store import bank as store


@dataclass(frozen=True, slots=True)
class Cell:
    """How many active questions a subject has of one type, knowledge area and difficulty."""

    subject_code: str
    type: QuestionType
    knowledge_area: str
    difficulty: int
    questions: int


async def compute_statistics(tx: Transaction) -> tuple[list[Cell], dict[QuestionState, int]]:
    """Return the cells that are not empty, in order, and the number of questions per state.

    A question of several subjects stands in a cell of each.
    """
    cells = [
        Cell(row.subject_code, QuestionType(row.type), row.knowledge_area, row.difficulty, row.questions)
        for row in await store.count_cells(tx)
    ]
    states = await store.count_states(tx)
    return cells, {state: states.get(state.value, 0) for state in QuestionState}
