"""What staff do in the console, by what a person sees."""

import re

from playwright.sync_api import FilePayload, Locator, Page, expect

from invigil.app.demo.people import PASSWORD
from tests.e2e.desk import Desk


def log_in(page: Page, login_name: str) -> None:
    """Log a member of staff in."""
    page.get_by_label("登录名").fill(login_name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()


def sit_down(desk: Desk, login_name: str, *, width: int = 1440, height: int = 900) -> Page:
    """A member of staff at a computer of their own."""
    page = desk.computer("/console/", width=width, height=height)
    log_in(page, login_name)
    return page


def open_menu(page: Page, name: str) -> None:
    """Open a page by the menu and wait until it shows what it has."""
    link = page.get_by_role("navigation", name="主菜单").get_by_role("link", name=name, exact=True)
    link.click()
    expect(page).to_have_url(re.compile(re.escape(link.get_attribute("href") or "") + r"(\?.*)?$"))
    expect_loaded(page)


def expect_loaded(page: Page) -> None:
    """The page stands, and nothing in it is still being fetched."""
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator(".el-skeleton, .el-loading-mask:visible, [aria-busy=true]")).to_have_count(0)


def choose_file(page: Page, name: str, content: bytes) -> None:
    """Choose a file in the upload field that is shown."""
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").last.set_input_files(file)
    expect(page.get_by_text(name).first).to_be_visible()


def choose_option(page: Page, picker: Locator, option: str | re.Pattern[str]) -> None:
    """Choose from a list that opens."""
    # Of this list alone: the one chosen from before may still be fading out.
    choices = page.locator(f"[id='{picker.get_attribute('aria-controls')}']")
    # What is chosen now lies over the field itself, so the frame around it takes the click.
    picker.locator("xpath=ancestor::*[contains(@class, 'el-select__wrapper')]").click()
    choices.get_by_role("option", name=option).first.click()
