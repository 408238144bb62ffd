"""More than 1,000 hostile texts pass through the sanitiser, and nothing that could run is left (P16).

What is left is looked at by two parsers of other make than the sanitiser's own. Whether a browser runs anything:
tests/e2e/test_hostile_html.py.
"""

from html.parser import HTMLParser

import lxml.html
import pytest

from invigil.prepare.questions.sanitising import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, clean_html
from tests.xss import FAMILIES, list_vectors

VECTORS = list_vectors()
HARMLESS = '<p>H<sub>2</sub>O <b>粗</b></p><table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'


class _Elements(HTMLParser):
    """Collects every element and attribute of a text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, "", ""), *((tag, name, value or "") for name, value in attrs)]

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", "", data))

    def unknown_decl(self, data: str) -> None:
        self.found.append(("declaration", "", data))

    handle_decl = handle_pi = unknown_decl


def find_dangerous(html: str) -> list[tuple[str, str, str]]:
    """Return (element, attribute, value) of whatever is not on the list of harmless things, as two parsers see it."""
    found = _Elements(html).found
    for element in lxml.html.fragment_fromstring(html, create_parent="invigil-root").iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        found += [(tag, "", ""), *((tag, str(name), str(value)) for name, value in element.attrib.items())]
    return [one for one in found if one[0] != "invigil-root" and not _is_harmless(*one)]


def _is_harmless(tag: str, attribute: str, value: str) -> bool:
    if tag not in ALLOWED_TAGS:
        return False
    return not attribute or (attribute in ALLOWED_ATTRIBUTES.get(tag, set()) and value.isdigit())


def test_there_are_more_than_a_thousand_and_of_every_family() -> None:
    assert len({text for _, text in VECTORS}) == len(VECTORS) >= 1_000
    assert {family for family, _ in VECTORS} == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_that_could_run_is_left(family: str) -> None:
    left = {text: find_dangerous(clean_html(text)) for kind, text in VECTORS if kind == family}
    assert {text: found for text, found in left.items() if found} == {}


def test_nor_behind_harmless_text_and_all_together() -> None:
    assert find_dangerous(clean_html("".join(f"<p>题干{text}</p>" for _, text in VECTORS))) == []
    assert find_dangerous(clean_html(f"{HARMLESS}{VECTORS[-1][1]}{HARMLESS}")) == []


def test_cleaning_again_changes_nothing() -> None:
    for _, text in VECTORS:
        once = clean_html(text)
        assert clean_html(once) == once


def test_what_is_harmless_stays_and_is_seen_as_harmless() -> None:
    assert clean_html(HARMLESS) == HARMLESS
    assert find_dangerous(HARMLESS) == []


def test_most_vectors_would_be_seen_as_they_are() -> None:
    """The looking itself works: what is not cleaned is found."""
    seen = sum(bool(find_dangerous(text)) for _, text in VECTORS)
    assert seen > 0.95 * len(VECTORS)
