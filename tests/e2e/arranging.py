"""What administrators do about sittings and rooms in the console, by what a person sees."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.e2e.staff import choose_option, expect_loaded, open_menu

BEIJING = ZoneInfo("Asia/Shanghai")
ANY_COUNT = re.compile(r"(\d+)/30")


def open_exam(page: Page, title: str, tab: str) -> Locator:
    """Open this tab of this examination; return its panel."""
    open_menu(page, "考试管理")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("tab", name=tab, exact=True).click()
    expect_loaded(page)
    return page.get_by_role("tabpanel", name=tab)


def checklist_item(page: Page, title: str) -> Locator:
    """A line of the checklist."""
    return page.get_by_role("tabpanel", name="清单").get_by_role("listitem").filter(has_text=title)


def choose_papers(page: Page, subject: str, title: str, mock: str) -> None:
    """Give a subject its papers, of the real sitting and of the mock."""
    row = page.get_by_role("row").filter(has_text=subject)
    for kind, papers in (("正式试卷", title), ("模拟试卷", mock)):
        choose_option(page, page.get_by_role("combobox", name=f"{subject} {kind}"), papers)
        expect(row.get_by_text(papers)).to_be_visible()


def write_sitting(page: Page, title: str, starts_at: datetime, subjects: tuple[str, ...]) -> Locator:
    """Fill in what a sitting is; return the drawer with its rules."""
    drawer = page.get_by_role("dialog").filter(has=page.get_by_text("考核规则"))
    drawer.get_by_label("名称").fill(title)
    starts = drawer.get_by_label(re.compile("^开考时间"))
    starts.fill(starts_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"))
    starts.press("Enter")
    for code in ("A", "B", "C1", "C2", "C3"):
        box = drawer.get_by_role("checkbox", name=code, exact=True)
        if box.is_checked() != (code in subjects):
            drawer.locator("label").filter(has_text=re.compile(f"^{code}$")).click()
        expect(box).to_be_checked(checked=code in subjects)
    return drawer


def save_sitting(page: Page, drawer: Locator) -> None:
    """Save it; what comes next is shown."""
    drawer.get_by_role("button", name="保存").click()
    expect(page.get_by_text("场次已保存")).to_be_visible()
    expect(drawer.get_by_role("button", name="提出锁定")).to_be_enabled()


def propose_lock(drawer: Locator) -> None:
    """The first of two persons."""
    drawer.get_by_role("button", name="提出锁定").click()
    expect(drawer.get_by_text("您是提出人，须由另一人确认")).to_be_visible()
    expect(drawer.get_by_role("button", name="确认锁定")).to_be_disabled()


def confirm_lock(page: Page, exam: str, sitting: str) -> None:
    """The second person, at a computer of their own."""
    panel = open_exam(page, exam, "场次")
    panel.get_by_role("row").filter(has_text=sitting).get_by_role("button", name="详情").click()
    drawer = page.get_by_role("dialog").filter(has_text=sitting)
    drawer.get_by_role("button", name="确认锁定").click()
    expect(drawer.get_by_text("场次已锁定，内容不可修改")).to_be_visible()


def open_rooms(page: Page, exam: str, sitting: str) -> None:
    """Open the rooms of a sitting."""
    open_menu(page, "考场编排")
    choose_option(page, page.get_by_role("combobox", name="考试", exact=True), exam)
    choose_option(page, page.get_by_role("combobox", name="场次", exact=True), sitting)
    expect_loaded(page)


def room(page: Page, number: int) -> Locator:
    """The card of a room."""
    return page.get_by_role("button", name=re.compile(rf"^{number} 号考场"))


def count_seated(card: Locator) -> int:
    """Return how many the card says sit in the room."""
    found = ANY_COUNT.search(card.inner_text())
    assert found is not None, card.inner_text()
    return int(found[1])


def expect_seated(card: Locator, count: int) -> None:
    """The card says that so many sit in the room."""
    expect(card).to_contain_text(f"{count}/30")


def open_room(page: Page, number: int) -> None:
    """Open a room's seats."""
    room(page, number).click()
    expect(page.get_by_role("heading", name=re.compile(rf"^{number} 号考场"))).to_be_visible()
    expect_loaded(page)


def seat_row(page: Page, who: str) -> Locator:
    """The row of a candidate among the seats, by ticket number."""
    return page.get_by_role("row").filter(has_text=who)


def tile(page: Page, label: str) -> Locator:
    """A figure above the rooms."""
    return page.locator(".tile").filter(has_text=label)
