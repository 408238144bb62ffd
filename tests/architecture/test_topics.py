"""Every topic is a declared constant with its access rule beside it, and the bus is spoken to by those alone (P8)."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import invigil
from invigil.kernel.principals import Role
from invigil.platform.bus import Topic
from invigil.watch.board.topics import STAFF_TOPICS, StaffTopic

SOURCE = Path(__file__).parents[2] / "src" / "invigil"


def _declared() -> dict[str, Topic]:
    found: dict[str, Topic] = {}
    for module in pkgutil.walk_packages(invigil.__path__, "invigil."):
        if ".migrations" in module.name or module.name.endswith("__main__"):
            continue
        members = vars(importlib.import_module(module.name)).items()
        found |= {name: value for name, value in members if isinstance(value, Topic)}
    return found


TOPICS = _declared()


def test_there_are_topics_and_their_patterns_differ() -> None:
    patterns = [one.pattern for one in set(TOPICS.values())]
    assert {"TOPIC_ROOM", "TOPIC_PATROL", "TOPIC_PANEL", "TOPIC_ATTEMPT"} <= set(TOPICS)
    assert len(patterns) == len(set(patterns))


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_every_topic_says_who_reads_it(name: str) -> None:
    topic = TOPICS[name]
    assert name.startswith("TOPIC_")
    assert len(topic.read_by) > 10
    assert topic.read(topic.of("x1")) == "x1"
    assert topic.read(topic.of("a/b")) is None
    assert topic.pattern.count("{") == 1


@pytest.mark.parametrize("topic", STAFF_TOPICS, ids=lambda one: one.pattern)
def test_staff_topics_carry_their_rule(topic: StaffTopic) -> None:
    assert topic.roles
    assert topic.roles < frozenset(Role), "a topic for everybody needs no rule, and there is none"
    assert callable(topic.check)


def find_loose_topics(code: str) -> list[int]:
    """Return the lines in which the bus is given a text of its own instead of a declared topic."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"publish", "has_readers"}
        and any(isinstance(argument, ast.Constant | ast.JoinedStr) for argument in node.args[:1])
    ]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_the_bus_is_given_declared_topics_only(path: Path) -> None:
    assert find_loose_topics(path.read_text()) == []


def test_a_loose_topic_would_be_found() -> None:
    assert find_loose_topics('await bus.publish(f"room/{x}", b"")\nbus.publish(TOPIC.of(x), b"")') == [1]
