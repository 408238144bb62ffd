"""The phone's recording is watched over on the PC's page, and lines to several access points are sounded and used (S3.3, S1.6)."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from invigil.app.demo.browsing import read_code
from invigil.app.demo.devices import ARGUMENTS, CHROMIUM
from invigil.app.demo.preparing import OPEN_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.capture import Computer
from tests.e2e.conftest import free_port
from tests.e2e.filming import open_filmed
from tests.e2e.recorded import Recorded, expect_live, note_refusal, picture

POINTS = "INVIGIL_MEDIA__ACCESS_POINTS"
SHOWN_WITHIN_MS = 5_000
# What a browser does when another page comes before this one.
HIDE = """(isHidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden })
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (isHidden ? 'hidden' : 'visible') })
  document.dispatchEvent(new Event('visibilitychange'))
}"""


@pytest.fixture(scope="module")
def recorded(show: Demo) -> Iterator[Recorded]:
    """An examination of camera and phone; its server is reached by two names, and by a third that nobody answers."""
    port = show.settings.http.port
    origins = {"main": "", "east": f"https://localhost:{port}", "north": f"https://127.0.0.1:{free_port()}"}
    show.stop()
    os.environ[POINTS] = json.dumps([{"name": name, "origin": origin} for name, origin in origins.items()])
    try:
        show.serve()
        yield Recorded(show, tracks=("camera", "phone"))
    finally:
        os.environ.pop(POINTS)


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A candidate's phone."""
    browser: Browser = open_filmed(playwright, CHROMIUM, ARGUMENTS, tmp_path, film="room")
    made = browser.new_context(
        **playwright.devices["Pixel 7 landscape"],
        ignore_https_errors=True,
        locale="zh-CN",
        permissions=["camera", "microphone"],
    )
    yield made
    browser.close()


def let_through(recorded: Recorded, attempt_id: str, device: str) -> None:
    """Staff let the checks of a device through, but for the phone itself."""
    admin = recorded.demo.staff("admin")
    for kind in admin.get(f"/api/checkin/attempts/{attempt_id}")[f"open_{device}"]:
        if kind != "phone":
            candidate.waive(admin, attempt_id, device, kind)


def start_phone(recorded: Recorded, phone: BrowserContext, address: str, attempt_id: str) -> Page:
    """Scan and go through to the recording."""
    page = phone.new_page()
    page.goto(address)
    page.get_by_role("button", name="允许拍摄，开始检测").click()
    # The button counts what is missing until nothing is.
    expect(page.get_by_role("heading", name="手机检测")).to_be_visible()
    let_through(recorded, attempt_id, "phone")
    page.get_by_role("button", name="已摆好，开始录制").click()
    expect(page.get_by_test_id("recording-state")).to_have_text("录制中")
    return page


def check_in(recorded: Recorded, pc: Computer, ticket: str) -> tuple[Page, str]:
    """Open the browser and enter; return the page at its check-in, and the attempt."""
    context = pc.open(CHROMIUM)
    page = context.pages[0]
    context.on("response", note_refusal)
    page.goto(recorded.demo.origin)
    candidate.enter(page, ticket, "第二场")
    expect(page.get_by_role("heading", name="考前检测")).to_be_visible()
    return page, recorded.attempt_id(recorded.prepared.open_id, ticket)


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="考前检测").get_by_role("button", name=name).click()


def test_each_access_point_is_sounded_as_segments_go(recorded: Recorded, pc: Computer) -> None:
    page, attempt_id = check_in(recorded, pc, recorded.tickets[OPEN_SUBJECT][0])
    expect(page.locator('[data-check="network"]')).to_have_attribute("data-verdict", re.compile("pass|warn"))
    rows = page.get_by_test_id("ways").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="主接入点")).to_have_text(re.compile(r"上传 [1-9]\d* kbit/s · 丢包 0%"))
    expect(rows.filter(has_text="east")).to_have_text(re.compile(r"上传 [1-9]\d* kbit/s · 丢包 0%"))
    expect(rows.filter(has_text="north")).to_contain_text("连不上")
    picture(page, "recording-10-access-points")
    report = recorded.demo.staff("admin").get(f"/api/checkin/attempts/{attempt_id}")
    network: dict[str, Any] = next(one for one in report["checks"] if one["kind"] == "network")["measured"]
    assert (network["access_points"], network["unreachable"]) == (3, 1)
    assert re.search(r"east [1-9]\d* kbit/s", str(network["ways"]))


def test_a_phone_that_stops_is_said_on_the_pc_at_once(recorded: Recorded, pc: Computer, phone: BrowserContext) -> None:
    page, attempt_id = check_in(recorded, pc, recorded.tickets[OPEN_SUBJECT][1])
    let_through(recorded, attempt_id, "pc")
    step(page, "手机")
    at_phone = start_phone(recorded, phone, read_code(page), attempt_id)
    candidate.expect_paper(page)
    expect_live(page, "phone")
    expect(page.get_by_test_id("recording-phone")).to_have_count(0)

    at_phone.evaluate(HIDE, True)  # noqa: FBT003 - an argument of the script
    banner = page.get_by_test_id("recording-phone")
    expect(banner).to_contain_text("手机离开了考试页面", timeout=SHOWN_WITHIN_MS)
    expect(page.locator("[data-track=phone]")).to_have_attribute("data-state", "stopped")
    picture(page, "recording-11-phone-hidden")
    at_phone.evaluate(HIDE, False)  # noqa: FBT003 - an argument of the script
    expect_live(page, "phone")
    expect(banner).to_have_count(0)

    at_phone.close()
    expect(banner).to_contain_text("手机已断线", timeout=SHOWN_WITHIN_MS)
    expect(page.locator("[data-track=phone]")).to_have_attribute("data-state", "lost")
    picture(page, "recording-12-phone-lost")
    banner.get_by_role("button", name="显示二维码").click()
    address = read_code(page)
    picture(page, "recording-13-phone-code")
    again = start_phone(recorded, phone, address, attempt_id)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_live(page, "phone")
    expect(banner).to_have_count(0)
    picture(again, "recording-14-phone-again")

    log = recorded.demo.staff("admin").get(f"/api/activity/of-attempt/{attempt_id}", only_highlights=True)
    assert "手机：页面被切到后台" in [one["detail_zh"] for one in log if one["device"] == "phone"]
