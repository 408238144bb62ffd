"""What staff do on the page of time changes, by what a person sees: one proposes, another decides."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import staff


def find_attempt(page: Page, sitting: str, ticket_number: str) -> None:
    """Open the page of time changes at the sitting and search for the candidate."""
    staff.open_menu(page, "时间调整")
    staff.choose_option(page, page.get_by_role("combobox", name="场次"), sitting)
    page.get_by_role("tab", name="考试记录").click()
    search = page.get_by_placeholder("姓名、准考证号、座位")
    search.fill(ticket_number)
    expect(page.get_by_role("row").filter(has_text=ticket_number)).to_have_count(1)


def propose(page: Page, kind: str, reason: str, minutes: int | None = None) -> None:
    """Ask for a change for the candidate that was found."""
    page.get_by_role("button", name="申请调整").first.click()
    dialog = page.get_by_role("dialog", name=re.compile("^申请调整 ·"))
    dialog.get_by_text(kind, exact=True).click()
    if minutes is not None:
        box = dialog.get_by_role("spinbutton")
        box.fill(str(minutes))
        box.press("Enter")
    dialog.get_by_role("textbox").last.fill(reason)
    dialog.get_by_role("button", name="申请调整").click()
    expect(dialog).to_be_hidden()


def open_requests(page: Page, sitting: str) -> None:
    """Open the requests of a sitting."""
    staff.open_menu(page, "时间调整")
    staff.choose_option(page, page.get_by_role("combobox", name="场次"), sitting)
    page.get_by_role("tab", name="申请与审批").click()


def decide(page: Page, kind: str, verdict: str = "批准") -> None:
    """Decide the newest request that waits."""
    request = page.get_by_role("article").filter(has=page.get_by_role("button", name=verdict, exact=True)).first
    expect(request).to_contain_text(kind)
    request.get_by_role("button", name=verdict, exact=True).click()
    page.get_by_role("dialog", name=re.compile(rf"^{verdict} · {kind} ·")).get_by_role("button", name="确定").click()


def release_seat(page: Page, reason: str) -> None:
    """Release the seat of the candidate that was found."""
    page.get_by_role("row").last.click()
    page.get_by_role("button", name="换电脑（释放座位）").click()
    dialog = page.get_by_role("dialog", name="换电脑（释放座位）")
    expect(dialog.get_by_role("button", name="确定")).to_be_disabled()
    dialog.get_by_label("原因").fill(reason)
    dialog.get_by_role("button", name="确定").click()
    expect(page.get_by_text("座位已释放，考生可在新电脑登录。")).to_be_visible()
