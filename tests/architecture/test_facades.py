"""A feature is reached by its facade alone, and every feature stands in the order."""

import tomllib
from pathlib import Path

import grimp
import pytest

REPOSITORY = Path(__file__).parents[2]
WINGS = ("base", "prepare", "sit", "watch", "judge", "serve")


def _feature(module: str) -> str | None:
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) >= 3 and parts[1] in WINGS else None


def find_trespasses(imports: list[tuple[str, str]]) -> list[str]:
    """Return the imports into another feature that do not end in its `api`."""
    wrong = []
    for importer, imported in imports:
        origin, target = _feature(importer), _feature(imported)
        if target is None or origin == target or importer.startswith("invigil.app"):
            continue
        if imported != f"{target}.api":
            wrong.append(f"{importer} -> {imported}")
    return wrong


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("invigil", cache_dir=None)


def test_other_features_are_reached_by_their_facade(graph: grimp.ImportGraph) -> None:
    imports = [(one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one)]
    assert find_trespasses(imports) == []


def test_a_trespass_would_be_found() -> None:
    assert find_trespasses([("invigil.sit.answering.service", "invigil.prepare.papers.store")]) != []
    assert find_trespasses([("invigil.sit.answering.service", "invigil.prepare.papers.api")]) == []
    assert find_trespasses([("invigil.sit.answering.service", "invigil.sit.answering.store")]) == []


def test_every_feature_stands_in_the_order_and_in_the_inside_contract(graph: grimp.ImportGraph) -> None:
    features = {found for module in graph.modules if (found := _feature(module)) is not None}
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    contracts = {one["id"]: one for one in settings["tool"]["importlinter"]["contracts"]}
    ordered = {layer.strip("()") for layer in contracts["features"]["layers"]}
    assert features <= ordered
    assert features <= set(contracts["inside"]["containers"])
