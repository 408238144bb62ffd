"""Who may release results, and what leads out of each state of a grading run."""

from collections.abc import Set as AbstractSet

from invigil.judge.grading.model import RunState
from invigil.kernel.principals import Role
from invigil.kernel.refusals import Refusal

MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.GRADING: frozenset({RunState.GRADED, RunState.SUPERSEDED}),
    RunState.GRADED: frozenset({RunState.PROPOSED, RunState.SUPERSEDED}),
    RunState.PROPOSED: frozenset({RunState.GRADED, RunState.RELEASED, RunState.SUPERSEDED}),
    RunState.RELEASED: frozenset({RunState.GRADED, RunState.SUPERSEDED}),
    RunState.SUPERSEDED: frozenset(),
}
STATE_NAMES_ZH = {
    RunState.GRADING: "评分中",
    RunState.GRADED: "已评分",
    RunState.PROPOSED: "待发布审批",
    RunState.RELEASED: "已发布",
    RunState.SUPERSEDED: "已被新一轮评分取代",
}


class RunCannotMove(Refusal):
    """The run's state does not allow this step."""

    code = "grading.run.cannot_move"
    status = 409
    zh = "本轮评分当前为“{state_zh}”，不能变为“{step_zh}”。"
    en = "The grading run is {state}; it cannot become {step}."


class ReleaseNeedsAnotherPerson(Refusal):
    """The one who proposed cannot approve."""

    code = "grading.release.needs_another_person"
    status = 409
    zh = "成绩发布须由另一人批准：本轮发布由您提出。"
    en = "Another person must approve the release: you proposed it."


class ReleaseNeedsBoard(Refusal):
    """Neither of the two persons belongs to the board."""

    code = "grading.release.needs_board"
    status = 409
    zh = "成绩发布的两人中须有一人是甲方：本轮发布由考务管理员提出，须由甲方批准。"
    en = "One of the two persons must be a board official: an administrator proposed this release, so the board must approve it."


def check_move(state: RunState, step: RunState) -> None:
    """Refuse a step that does not lead out of this state.

    Raises: RunCannotMove.
    """
    if step not in MOVES[state]:
        raise RunCannotMove(state=state, state_zh=STATE_NAMES_ZH[state], step=step, step_zh=STATE_NAMES_ZH[step])


def check_origin(state: RunState, origin: RunState, step: RunState) -> None:
    """Refuse a step that may only be taken from `origin`.

    Raises: RunCannotMove.
    """
    if state is not origin:
        raise RunCannotMove(state=state, state_zh=STATE_NAMES_ZH[state], step=step, step_zh=STATE_NAMES_ZH[step])


def needs_board_approval(proposer_roles: AbstractSet[Role]) -> bool:
    """Tell whether only a board official may approve what this person proposed."""
    return Role.BOARD_OFFICIAL not in proposer_roles


def check_two_persons(
    *, proposed_by: str, proposer_roles: AbstractSet[Role], approved_by: str, approver_roles: AbstractSet[Role]
) -> None:
    """Refuse when one person does both, or when none of the two is a board official.

    proposer_roles: as they are now; whoever has left the board no longer speaks for it.
    Raises: ReleaseNeedsAnotherPerson; ReleaseNeedsBoard. Source: C5.5, P8.
    """
    if proposed_by == approved_by:
        raise ReleaseNeedsAnotherPerson
    if needs_board_approval(proposer_roles) and Role.BOARD_OFFICIAL not in approver_roles:
        raise ReleaseNeedsBoard
