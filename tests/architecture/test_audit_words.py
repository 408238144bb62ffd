"""Whoever reads the audit trail reads words: every part of every recorded act has one."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "web/apps/console/src/pages/audit/messages.ts"
_ACT = re.compile(r"\bact=f?\"([a-z_]+(?:\.[a-z_]+|\.\{[^}]*\}){1,3})\"")


def list_parts(source: str) -> set[str]:
    """Return the parts of the acts in a source text; what is filled in at run time is left out."""
    return {part for act in _ACT.findall(source) for part in act.split(".") if "{" not in part and "}" not in part}


def test_every_part_of_an_act_has_a_word() -> None:
    sources = (path.read_text() for path in (ROOT / "src/invigil").rglob("*.py"))
    parts = {part for source in sources for part in list_parts(source)}
    known = set(re.findall(r"^  ([a-z_]+): '", WORDS.read_text(), re.MULTILINE))
    assert len(parts) > 50
    assert parts - known == set()


def test_the_search_finds_acts() -> None:
    assert list_parts('record(tx, who, act=f"candidates.{field}.unmask")') == {"candidates", "unmask"}
    assert list_parts('record(tx, act="rooms.plan.amend")') == {"rooms", "plan", "amend"}
