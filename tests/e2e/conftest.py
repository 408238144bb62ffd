"""A real server with an examination in it, a real Chromium, and pages that fail the test when something goes wrong in them."""

import fcntl
import os
import shutil
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from invigil.app.demo.devices import ARGUMENTS, CHROMIUM
from invigil.app.demo.running import Demo
from tests.e2e.capture import Computer
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination, open_examination, say_nothing, stock_up

ROOT = Path(__file__).parents[2]
PAGE_SETTINGS = {
    name: f"INVIGIL_HTTP__{setting}_PAGES"
    for name, setting in {"candidate": "CANDIDATE", "console": "CONSOLE", "phone": "PHONE", "manuals": "MANUAL"}.items()
}
# Shared machines are slow; whoever waits, waits for what a person sees and never for a time.
WITHIN_MS = 60_000
SCENARIO_WITHIN_S = 600
HAS_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the scenarios, and run each file's in the order in which they are written: an examination goes one way only."""
    places = [place for place, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    in_order = sorted((items[place] for place in places), key=lambda item: (item.path, item.location[1] or 0))
    for place, item in zip(places, in_order, strict=True):
        item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SCENARIO_WITHIN_S))
        items[place] = item


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a scenario failed: only then are its last pictures worth their time."""
    report = yield
    item.stash[HAS_FAILED] = item.stash.get(HAS_FAILED, False) or report.failed
    return report


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def keep_pages(folder: Path) -> Iterator[None]:
    """Serve a copy of the built pages: somebody may build them again while the scenarios run."""
    for name, setting in PAGE_SETTINGS.items():
        built = ROOT / f"web/apps/{name}/dist"
        assert (built / "index.html").exists(), f"build the pages first (make web): {built}"
        shutil.copytree(built, folder / name)
        os.environ[setting] = str(folder / name)
    try:
        yield
    finally:
        for setting in PAGE_SETTINGS.values():
            os.environ.pop(setting, None)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records with staff, the question bank and an examination up to its sittings: made once, copied by every server."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "stock"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            demo = Demo(folder / "records", free_port(), say_nothing)
            try:
                demo.start()
                stock_up(demo)
            finally:
                demo.stop()
            (folder / "ready").touch()
    return folder / "records"


@contextmanager
def served(kind: type[Demo], stock: Path, folder: Path) -> Iterator[Demo]:
    """Run a server of this kind on a copy of the stock in the folder."""
    shutil.copytree(stock, folder, dirs_exist_ok=True)
    with keep_pages(folder):
        demo = kind(folder, free_port(), say_nothing)
        try:
            demo.serve()
            yield demo
        finally:
            demo.stop()


@pytest.fixture(scope="module")
def show(stock: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server in a process of its own on SQLite.

    One per file: sittings end by the clock, so that what one file prepared is over before the next needs it.
    """
    with served(Demo, stock, tmp_path_factory.mktemp("e2e")) as demo:
        yield demo


@pytest.fixture(scope="module")
def examination(show: Demo) -> Examination:
    """The stock's examination, with sittings that start soon."""
    return open_examination(show)


@pytest.fixture(scope="module")
def playwright(show: Demo) -> Iterator[Playwright]:
    """Playwright; ended with the module, for its event loop would stand in the way of other tests."""
    assert show
    with sync_playwright() as started:
        expect.set_options(timeout=WITHIN_MS)
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture
def desk(show: Demo, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Where people sit down at pages; what goes wrong in any of them fails the test at its end."""
    made = Desk(show.origin, chromium, ROOT / "build/screenshots")
    yield made
    made.close(has_failed=request.node.stash.get(HAS_FAILED, False))
    assert made.faults == []


@pytest.fixture
def pc(playwright: Playwright, tmp_path: Path) -> Iterator[Computer]:
    """A candidate's computer."""
    made = Computer(playwright, tmp_path, ARGUMENTS)
    yield made
    made.close()
