"""Who may order what (C5.5: papers and results need two persons; N: need to know)."""

from collections.abc import Sequence

from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.serve.exports.model import AnswerSheetsRestricted, ExportKind, ScoresNotReleased


def check_may_order(kind: ExportKind, who: Principal, unreleased: Sequence[str]) -> None:
    """Refuse what this person may not take out; that they may use exports at all, the policy table says.

    unreleased: titles of wanted sittings whose scores are not released by two persons.
    Raises: ScoresNotReleased, AnswerSheetsRestricted.
    """
    if may_take_anything(who):
        return
    if kind is ExportKind.ANSWER_SHEETS:
        raise AnswerSheetsRestricted
    if kind is ExportKind.SCORES and unreleased:
        raise ScoresNotReleased(sittings="、".join(unreleased))


def may_take_anything(who: Principal) -> bool:
    """Administrators, and the operator at the machine's own command line."""
    return Role.ADMINISTRATOR in who.roles or who.kind is PrincipalKind.SYSTEM


def say_actor(who: Principal) -> str:
    """Return the actor as the register keeps them: "staff/staff_01…"."""
    return f"{who.kind}/{who.id}"
