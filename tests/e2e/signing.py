"""The confirmation sheet of rooms: submitted, checked, signed, and what it freezes."""

import io
import re

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.e2e import arranging
from tests.e2e.desk import Desk
from tests.e2e.planning import EVERYBODY, PEOPLE_EACH, TITLE
from tests.e2e.staff import expect_loaded, open_menu


def open_sheets(page: Page) -> None:
    """Go to the list of sheets."""
    open_menu(page, "考场编排")
    page.get_by_role("tab", name="考场安排确认单").click()
    expect_loaded(page)


def sheet_row(page: Page, version: int) -> Locator:
    """Return the row of this version."""
    return page.get_by_role("row").filter(has_text=f"-V{version:02d}")


def submit_sheet(page: Page) -> None:
    """Hand the sheet to the board."""
    page.get_by_role("button", name="提交确认单").click()
    page.get_by_role("dialog", name="提交确认单").get_by_role("button", name="确定").click()
    expect(page.get_by_text("已提交，等待甲方签署").first).to_be_visible()


def check_sheet(page: Page, *, version: int, mark: str) -> str:
    """Download the sheet as PDF and return its text without white space; counts and rooms are in it."""
    row = sheet_row(page, version)
    expect(row).to_contain_text(mark)
    with page.expect_download() as waiting:
        row.get_by_role("button", name="下载 PDF").click()
    with waiting.value.path().open("rb") as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    text = "".join(one.extract_text() for one in pages)
    plain = re.sub(r"\s", "", text)
    assert f"-V{version:02d}" in plain
    assert TITLE.replace(" ", "") in plain
    assert f"C2：{PEOPLE_EACH}人/2个" in plain
    return text


def sign_sheet(page: Page, *, version: int, desk: Desk) -> None:
    """Sign as the board."""
    sheet_row(page, version).get_by_role("button", name="签署确认单").click()
    dialog = page.get_by_role("dialog", name=re.compile("甲方签署"))
    expect(dialog).to_contain_text(f"{EVERYBODY}")
    desk.picture(page, f"sheet-03-sign-{version}")
    dialog.get_by_role("button", name="签署确认单").click()
    expect(sheet_row(page, version).get_by_text("已签署").first).to_be_visible()


def expect_frozen(page: Page, sitting: str, desk: Desk) -> None:
    """Nobody can move anybody any more."""
    arranging.open_rooms(page, TITLE, sitting)
    expect(page.get_by_text("确认单已由甲方签署，编排已冻结")).to_be_visible()
    expect(page.get_by_role("button", name="重新编排")).to_have_count(0)
    arranging.open_room(page, 1)
    expect(page.get_by_role("button", name=re.compile("^调到"))).to_have_count(0)
    desk.picture(page, "rooms-09-frozen")


def amend(page: Page) -> None:
    open_sheets(page)
    page.get_by_role("button", name="发起变更").click()
    dialog = page.get_by_role("dialog", name="发起变更")
    dialog.get_by_role("textbox").fill("一名考生申请调整考场")
    dialog.get_by_role("button", name="确定").click()
    expect(page.get_by_role("button", name="提交确认单")).to_be_visible()
