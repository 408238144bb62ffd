"""The documents say what the code does: clauses, settings, refusals, terms, and paths that exist."""

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
# Set by one process of ours for another, or by fault tests; never by whoever runs the product.
INTERNAL_VARIABLES = {"INVIGIL_WORKER_NEWS", "INVIGIL_POSTGRESQL_FOLDER"}
STATES = {"works", "partly", "not yet"}

# The clauses of the contract; each keeps its row in docs/acceptance.md until it works, and after.
CLAUSES = (
    *(f"S1.{number}" for number in range(1, 8)),
    *(f"S2.{number}" for number in range(1, 6)),
    *(f"S3.{number}" for number in range(20)),
    *(f"S4.{number}" for number in range(1, 8)),
    *("S5", "S6", "S7", "S8"),
    *("C2", "C3.1", "C3.2", "C3.3", "C5.2", "C5.5", "C6", "N"),
    *("L.closed", "L.mock", "L.extra", "L.subjects", "L.data", "L.faces"),
)

# Words with one meaning each; the glossary has exactly one row for each of them.
TERMS = (
    *(
        "examination",
        "subject",
        "sitting",
        "mock sitting",
        "room",
        "seat",
        "candidate",
        "registration",
        "admission ticket",
    ),
    *(
        "blueprint",
        "paper set",
        "paper",
        "item",
        "question",
        "attempt",
        "answer sheet",
        "save",
        "seq",
        "receipt",
        "round",
    ),
    *("attempt ticket", "seat epoch", "deadline", "grace", "agreement", "confirmation sheet", "recusal", "exposure"),
    *("signal", "flag", "verdict", "note", "command", "track", "segment", "gap", "step", "board", "run", "release"),
    *("refusal", "audit record", "checkpoint", "keyring", "seal", "blind index", "job", "login session", "door"),
)


def _rows(path: Path) -> list[list[str]]:
    """Return the cells of every row of every table of a document, without heads and rules."""
    lines = [line for line in path.read_text().splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in rows if not set(row[0]) <= set("- ")]


ACCEPTANCE = {row[0]: row for row in _rows(DOCS / "acceptance.md")}


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_has_its_row(clause: str) -> None:
    row = ACCEPTANCE[clause]
    assert row[2] in STATES, f"{clause}: {row[2]} is not one of {STATES}"


def test_no_clause_is_made_up() -> None:
    assert set(ACCEPTANCE) - {"id"} == set(CLAUSES)


@pytest.mark.parametrize("clause", CLAUSES)
def test_what_works_names_its_test(clause: str) -> None:
    _id, _asked, state, *rest = ACCEPTANCE[clause]
    tests = [path for path in _paths(" ".join(rest)) if "test" in path]
    assert tests or state == "not yet", f"{clause} is said to be '{state}' and names no test"


def _paths(text: str) -> list[str]:
    """Return the paths of this repository that a text names in code marks."""
    found = re.findall(r"`((?:src|tests|web|docs|scripts|deploy|\.ci)/[^`*{}<>\s]*)`", text)
    return [path for path in found if "/dist" not in path]


def _documents() -> list[Path]:
    return [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("document", _documents(), ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_paths_and_links_lead_somewhere(document: Path) -> None:
    text = document.read_text()
    linked = [target for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in target]
    lost = [path for path in _paths(text) if not (REPOSITORY / path).exists()]
    lost += [target for target in linked if not (document.parent / target).exists()]
    assert lost == []


def test_settings_and_refusals_are_current() -> None:
    ended = subprocess.run(
        [sys.executable, str(REPOSITORY / "scripts" / "write-reference"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr


REFUSALS = [row for row in _rows(DOCS / "refusals.md") if row[0].startswith("`")]


def test_every_variable_of_the_environment_is_a_setting() -> None:
    sources = (path.read_text() for path in (REPOSITORY / "src").rglob("*.py"))
    read = {name for text in sources for name in re.findall(r"INVIGIL_[A-Z_]*[A-Z]", text)}
    documented = set(re.findall(r"INVIGIL_[A-Z_]*[A-Z]", (DOCS / "settings.md").read_text()))
    assert read - documented == INTERNAL_VARIABLES


def test_refusal_codes_are_unique() -> None:
    codes = [row[0] for row in REFUSALS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0].strip("`"))
def test_refusals_speak_both_languages(row: list[str]) -> None:
    code, status, chinese, english = row
    assert re.fullmatch(r"`[a-z_]+(\.[a-z_]+){1,2}`", code)
    assert 400 <= int(status) < 500 or status in {"503", "507"}
    assert chinese.startswith("{") or re.search(r"[\u4e00-\u9fff]", chinese), "no Chinese"
    assert chinese.endswith(("。", "？", "}")), "not a sentence"
    # English may name a Chinese heading, no more; a sentence may be wholly made of its details.
    assert english.startswith("{") or len(re.findall(r"[A-Za-z]", english)) > 2 * len(
        re.findall(r"[\u4e00-\u9fff]", english)
    )
    for sentence in (chinese, english):
        # A placeholder that is not a plain name would fail when somebody is refused.
        assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(sentence))


GLOSSARY = [row for row in _rows(DOCS / "glossary.md") if row[0].startswith("**")]


def test_every_term_has_one_meaning() -> None:
    terms = [row[0].strip("*") for row in GLOSSARY]
    assert len(terms) == len(set(terms))
    assert set(TERMS) <= set(terms)
    assert all(re.search(r"[\u4e00-\u9fff]", row[1]) for row in GLOSSARY)


def test_pictures_are_light() -> None:
    heavy = {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*") if path.stat().st_size > 300_000}
    assert heavy == {}
