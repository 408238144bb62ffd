"""What a reviewer and who takes recordings out do in the console, by what a person sees."""

import io
import json
import zipfile
from typing import Any

from playwright.sync_api import Locator, Page, expect

from invigil.app.demo.preparing import OPEN_TITLE
from tests.e2e.staff import choose_option, open_menu

READ_VIDEOS = """() => [...document.querySelectorAll('video')].map((video) => ({
  at: video.currentTime, isReady: video.readyState >= 2, width: video.videoWidth, isPaused: video.paused
}))"""


def open_sitting(page: Page) -> None:
    """Go to the recordings of the open sitting."""
    open_menu(page, "录像复查")
    choose_option(page, page.get_by_role("combobox", name="场次"), OPEN_TITLE)


def open_candidate(page: Page, ticket_number: str) -> None:
    """Open a candidate's screen; its keys are still locked up."""
    open_sitting(page)
    page.get_by_placeholder("姓名或准考证号").fill(ticket_number)
    page.get_by_role("row").filter(has_text=ticket_number).first.click()
    expect(page.get_by_test_id("unlock")).to_be_visible()


def unlock(page: Page, films: int) -> None:
    """Take the keys with a reason, and wait until so many films show a picture."""
    page.get_by_test_id("unlock").click()
    page.get_by_text("日常复查", exact=True).click()
    page.get_by_role("button", name="取得密钥并播放").click()
    expect(page.get_by_test_id("unlock")).to_have_count(0)
    shows = f"() => ({READ_VIDEOS})().filter((video) => video.isReady && video.width > 0).length === {films}"
    page.wait_for_function(shows)


def confirm_breach(page: Page, breach: str, reason: str) -> None:
    """Decide that the first signal is a breach of this kind."""
    signal = page.get_by_test_id("mark-signal").first
    signal.get_by_role("button").first.click()
    page.get_by_text("认定违纪", exact=True).click()
    choose_option(page, page.get_by_role("combobox", name="违纪类型"), breach)
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="保存认定").click()
    expect(signal).to_contain_text("认定违纪")


def finish(page: Page, outcome: str) -> None:
    """End this round of the review; what the case came to is shown."""
    page.get_by_test_id("finish").click()
    page.get_by_role("dialog").get_by_role("button", name="完成本轮复查").click()
    expect(page.get_by_test_id("case-state")).to_have_text(outcome)


def order_package(page: Page, ticket_number: str) -> Locator:
    """Order the films of one candidate, and return the row once they can be fetched."""
    open_sitting(page)
    page.get_by_role("tab", name="录像下载").click()
    page.get_by_text("一名考生", exact=True).click()
    choose_option(page, page.get_by_role("combobox", name="选择考生"), ticket_number)
    page.get_by_label("用途").fill("移交甲方存档")
    page.get_by_test_id("order-package").click()
    row = page.get_by_role("row").filter(has_text="移交甲方存档")
    expect(row).to_contain_text("可下载")
    return row


def fetch_manifest(page: Page, row: Locator) -> dict[str, Any]:
    """Download the package of this row, check that it is whole, and return its manifest."""
    with page.expect_download() as waiting:
        row.get_by_role("button", name="下载").click()
    with zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())) as archive:
        assert archive.testzip() is None
        manifest: dict[str, Any] = json.loads(archive.read("清单.json"))
        return manifest
