"""The manuals are part of the product: everybody finds theirs, reads it without logging in, and no link in them is broken."""

from urllib.parse import urljoin, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import staff
from tests.e2e.desk import Desk


def read_addresses(page: Page, selector: str, attribute: str) -> list[str]:
    """The addresses that elements of the page lead to."""
    found = page.locator(selector).evaluate_all(f"(all) => all.map((one) => one.getAttribute('{attribute}'))")
    return [urljoin(page.url, address).partition("#")[0] for address in found if address]


def test_every_page_opens_and_every_picture_is_there(desk: Desk) -> None:
    page = desk.computer("/manuals")
    expect(page.get_by_role("heading", name="操作手册")).to_be_visible()
    waiting, seen = [page.url], set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen or urlparse(address).netloc != urlparse(desk.origin).netloc:
            continue
        seen.add(address)
        page.goto(address)
        # An unknown path would show the list again.
        assert page.url == address
        assert page.title().endswith("· 明鉴")
        for picture in read_addresses(page, "img", "src"):
            assert page.request.get(picture).headers["content-type"] == "image/png", picture
        waiting += [one for one in read_addresses(page, "main a", "href") if "/manuals/" in one]
    assert len(seen) > 15
    assert len({page.request.get(one).text() for one in seen if not one.endswith("/")}) >= len(seen) - 1


@pytest.mark.parametrize(("login_name", "heading"), [("proctor1", "监考"), ("reviewer", "复查"), ("board", "甲方")])
def test_staff_open_the_manual_of_their_role(desk: Desk, login_name: str, heading: str) -> None:
    page = desk.computer("/console/", width=1440, height=900)
    staff.log_in(page, login_name)
    page.get_by_role("banner").locator("button.who").click()
    with page.expect_popup() as opened:
        page.get_by_role("menuitem", name="操作手册").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text(heading)
    desk.picture(opened.value, f"manual-{login_name}")


def test_candidates_find_theirs_before_they_log_in(desk: Desk) -> None:
    page = desk.computer()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="考生操作手册").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("考生手册")
    desk.picture(opened.value, "manual-candidate")


def test_the_kept_page_of_candidates_answers_for_itself_alone(desk: Desk) -> None:
    page = desk.computer()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for address, title in (
        ("/manuals/candidate-pc.html", "考生手册"),
        ("/phone/", "请扫描二维码"),
        ("/console/login", "登录"),
        ("/", "考生登录"),
    ):
        page.goto(f"{desk.origin}{address}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
