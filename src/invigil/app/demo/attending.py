"""Candidates of the open sitting in real browsers: checked in with two devices, recorded, answering until the demonstration ends."""

import importlib.util
import random
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING

from invigil.app.demo.running import Demo, Say

if TYPE_CHECKING:
    from invigil.app.demo.browsing import BrowsedCandidate

NEEDED_PROGRAMS = {"chromium": "chromium", "Xvfb": "xvfb"}
ANSWER_EVERY_MS = 4_000


def list_missing() -> list[str]:
    """Return what this machine lacks for candidates in browsers: names of Debian packages and Python libraries."""
    programs = [package for program, package in NEEDED_PROGRAMS.items() if shutil.which(program) is None]
    return programs + [name for name in ("playwright", "zxingcpp") if importlib.util.find_spec(name) is None]


def attend(show: Demo, title: str, tickets: list[str], say: Say) -> None:
    """Let these candidates sit the sitting with this title, one computer and one phone each, until the process ends."""
    # Loaded when asked for: an installation that only serves has neither of them.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from invigil.app.demo.browsing import sit_down  # noqa: PLC0415
    from invigil.app.demo.devices import open_phones, opened_computer  # noqa: PLC0415

    folder = show.settings.data_folder.with_name("devices")
    with ExitStack() as opened:
        playwright = opened.enter_context(sync_playwright())
        phones = open_phones(playwright, folder)
        candidates: list[BrowsedCandidate] = []
        for person, ticket in enumerate(tickets):
            computer = opened.enter_context(opened_computer(playwright, folder, person))
            candidate = sit_down(computer, show.origin, ticket)
            candidate.log_in(title)
            candidate.check_computer()
            candidate.pair(playwright, phones)
            candidate.go_in()
            candidates.append(candidate)
            say(f"考生 {ticket} 已用电脑和手机完成考前检测，正在录制。")
        _answer_forever(candidates)


def _answer_forever(candidates: "list[BrowsedCandidate]") -> None:
    source = random.Random(5)  # noqa: S311 - a demonstration, the same every time
    while True:
        for candidate in candidates:
            if candidate.is_answering():
                candidate.answer_one(source.choice("abcd"))
        candidates[0].computer.wait_for_timeout(ANSWER_EVERY_MS)
