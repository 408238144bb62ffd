"""Every step that a page of ours logs has a name that people can read."""

import re
from pathlib import Path

from invigil.sit.activity.model import IMPORTANCE
from invigil.sit.activity.names import STEP_NAMES, StepName, name_of_step

WEB = Path(__file__).parents[3] / "web"
_LOGGED = re.compile(r"log(?:Activity|Step)\(\{\s*kind: ([^,}]*)")
_WORD = re.compile(r"'([a-z_]+)'")


def _logged_kinds() -> set[str]:
    sources = [path for path in (WEB / "apps").glob("*/src/**/*") if path.suffix in {".ts", ".vue"}]
    logged = [hit for path in sources for hit in _LOGGED.findall(path.read_text("utf-8"))]
    return {kind for expression in logged for kind in _WORD.findall(expression)}


def test_every_kind_that_pages_log_has_a_name() -> None:
    logged = _logged_kinds()
    assert {"entered", "reloaded", "network_lost", "handed_in"} <= logged
    assert logged - set(STEP_NAMES) == set()


def test_every_kind_that_is_highlighted_has_a_name() -> None:
    assert set(IMPORTANCE) - set(STEP_NAMES) == set()


def test_names_are_chinese_and_english() -> None:
    for name in STEP_NAMES.values():
        assert re.search(r"[\u4e00-\u9fff]", name.zh)
        assert name.en.isascii()
    assert name_of_step("from_tomorrow") == StepName("from_tomorrow", "from_tomorrow")
