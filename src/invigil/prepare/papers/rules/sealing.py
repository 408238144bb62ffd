"""When a paper may be opened, who may lock it, and how it is bound to its candidate."""

from datetime import datetime

from invigil.kernel.refusals import Refusal
from invigil.prepare.papers.model import PaperSetState

# What leads out of each state.
MOVES: dict[PaperSetState, frozenset[PaperSetState]] = {
    PaperSetState.DRAFT: frozenset({PaperSetState.GENERATED}),
    PaperSetState.GENERATED: frozenset({PaperSetState.PROOFED, PaperSetState.DRAFT}),
    PaperSetState.PROOFED: frozenset({PaperSetState.LOCKED, PaperSetState.DRAFT}),
    PaperSetState.LOCKED: frozenset({PaperSetState.SEALED}),
    PaperSetState.SEALED: frozenset(),
}
STATE_NAMES_ZH = {
    PaperSetState.DRAFT: "草稿",
    PaperSetState.GENERATED: "已组卷",
    PaperSetState.PROOFED: "已校对",
    PaperSetState.LOCKED: "已锁定",
    PaperSetState.SEALED: "已封存",
}


class PaperSetCannotMove(Refusal):
    """The set's state does not allow this step."""

    code = "papers.set.cannot_move"
    status = 409
    zh = "试卷集当前为“{state_zh}”，不能进行“{step_zh}”。"
    en = "The paper set is {state}; it cannot become {step}."


class NeedsAnotherPerson(Refusal):
    """Locking needs a second person."""

    code = "papers.set.needs_another_person"
    status = 409
    zh = "锁定须由另一人完成：您已经校对了这套试卷。"
    en = "Locking needs another person: you have proofed this set."


def check_move(state: PaperSetState, step: PaperSetState) -> None:
    """Refuse a step that does not lead out of this state.

    Raises: PaperSetCannotMove.
    """
    if step not in MOVES[state]:
        raise PaperSetCannotMove(state=state, state_zh=STATE_NAMES_ZH[state], step=step, step_zh=STATE_NAMES_ZH[step])


def check_second_person(first_id: str, second_id: str) -> None:
    """Refuse when the one who locks is the one who proofed.

    Raises: NeedsAnotherPerson. Source: C5.5, P8.
    """
    if first_id == second_id:
        raise NeedsAnotherPerson


def may_release_key(starts_at: datetime, now: datetime) -> bool:
    """Tell whether a paper's key may leave the server: from the start of the sitting on. Both aware UTC. Source: C5.5."""
    return now >= starts_at


def bind_paper(paper_id: str) -> bytes:
    """Return the additional data of a sealed paper, the same in the page (`exam-core`)."""
    return f"invigil/paper/{paper_id}".encode()


def context_of_key(paper_set_id: str, candidate_id: str) -> str:
    """Return what makes a candidate's paper key differ from every other one of the set."""
    return f"papers/paper/{paper_set_id}/{candidate_id}"
