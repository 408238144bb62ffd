"""More than 1,000 hostile texts in Chromium, shown as the candidate's page and the console show questions: nothing runs (P16).

The pages are the applications' own component, built as they are built, under the server's own policy. Each text is shown
twice: as the server lets it through, and raw, so that the page's own lock is tested by itself.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from invigil.app.demo.devices import ARGUMENTS, CHROMIUM
from invigil.platform.http.headers import CANDIDATE_POLICY, CONSOLE_POLICY
from invigil.prepare.questions.sanitising import ALLOWED_TAGS, clean_html
from tests.e2e.conftest import ROOT
from tests.xss import list_vectors

ORIGIN = "https://invigil.test"
VECTORS = list_vectors()
RAW = [text for _, text in VECTORS]
CLEANED = [clean_html(text) for text in RAW]
SHELL = (
    "<!doctype html><html lang=zh-CN><head><meta charset=utf-8><title>x</title></head>"
    "<body><div id=app></div><script type=module src=/page.js></script></body></html>"
)
# What runs says its number; what the policy had to stop is collected as well.
WITNESS = """
window.executions = []
window.reports = []
window.ran = (number) => { window.executions.push(number) }
document.addEventListener('securitypolicyviolation', (event) => { window.reports.push(event.violatedDirective) })
"""
EVENTS = (
    "click",
    "mouseover",
    "pointerover",
    "focus",
    "blur",
    "toggle",
    "error",
    "load",
    "paste",
    "cut",
    "wheel",
    "scroll",
)
PROVOKE = """
(events) => {
  const all = [...document.querySelectorAll('#app *')]
  for (const element of all) for (const name of events) element.dispatchEvent(new Event(name))
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(all.length))))
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.add_init_script(WITNESS)
    yield context.new_page()
    context.close()


def build(app: str, folder: Path) -> None:
    """Build the part of the application that shows texts."""
    config = ROOT / f"web/apps/{app}/tests/rendering/vite.config.ts"
    command = [str(ROOT / "web/node_modules/.bin/vite"), "build", "-c", str(config), "--outDir", str(folder)]
    subprocess.run([*command, "--emptyOutDir", "--logLevel", "error"], check=True, timeout=300)


def serve(page: Page, folder: Path, policy: str, texts: list[str]) -> list[str]:
    """Answer the page's requests under the policy; return the list in which other requests are noted."""
    strangers: list[str] = []

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN + "/")
        headers = {"content-security-policy": policy, "content-type": "text/html; charset=utf-8"}
        if name == "":
            route.fulfill(body=SHELL, headers=headers)
        elif name == "texts.json":
            route.fulfill(body=json.dumps(texts), content_type="application/json")
        elif name.startswith("page."):
            kind = "text/javascript" if name.endswith(".js") else "text/css"
            route.fulfill(body=(folder / name).read_bytes(), content_type=kind)
        else:
            strangers.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    return strangers


@pytest.fixture(scope="module", params=["candidate", "console"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """One application's part that shows texts, and its policy."""
    folder = tmp_path_factory.mktemp(request.param)
    build(request.param, folder)
    policy = CANDIDATE_POLICY if request.param == "candidate" else CONSOLE_POLICY
    return folder, policy.format(connect="")


@pytest.mark.parametrize("texts", [CLEANED, RAW], ids=["cleaned", "raw"])
def test_nothing_runs(built: tuple[Path, str], texts: list[str], page: Page) -> None:
    strangers = serve(page, *built, texts)
    page.goto(ORIGIN + "/")
    page.wait_for_function("(count) => document.querySelectorAll('#app > .html').length === count", arg=len(texts))
    page.evaluate(PROVOKE, EVENTS)
    assert page.evaluate("window.executions") == []
    assert strangers == []
    if texts is CLEANED:
        # Raw texts trouble the policy while DOMPurify takes them apart, in a document that shows nothing.
        assert page.evaluate("window.reports") == []
    names = page.evaluate("[...new Set([...document.querySelectorAll('#app > .html *')].map((one) => one.localName))]")
    assert set(names) <= ALLOWED_TAGS
    attributes = page.evaluate(
        "[...new Set([...document.querySelectorAll('#app > .html *')].flatMap((one) => one.getAttributeNames()))]"
    )
    assert {name for name in attributes if not name.startswith("data-v-")} <= {"colspan", "rowspan"}


def test_the_same_texts_run_where_nothing_stops_them(page: Page) -> None:
    """The witness works: shown without either lock, hundreds of them run."""
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html><div id=app></div>", content_type="text/html"))
    page.goto(ORIGIN + "/")
    # What leads away from the page would end the count.
    texts = [text for family, text in VECTORS if family in {"handlers", "writings", "nestings"}]
    page.evaluate(
        "(texts) => { for (const text of texts) { const place = document.createElement('div');"
        " document.getElementById('app').append(place); place.innerHTML = text } }",
        texts,
    )
    page.evaluate(PROVOKE, EVENTS)
    page.wait_for_function("new Set(window.executions).size > 300")
