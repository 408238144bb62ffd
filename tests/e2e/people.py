"""What staff do for one candidate, by what a person sees: looking up, letting in again."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e import staff

SEARCH = "姓名、证件号或后四位、手机号、准考证号、单位"


def open_candidate(page: Page, ticket_number: str) -> Locator:
    """Search for a candidate and return what is shown of them."""
    if not page.get_by_placeholder(SEARCH).is_visible():
        staff.open_menu(page, "考生")
    page.get_by_placeholder(SEARCH).fill(ticket_number)
    page.get_by_role("row").filter(has_text=ticket_number).click()
    drawer = page.get_by_role("dialog").first
    expect(drawer).to_contain_text(ticket_number)
    return drawer


def unlock(page: Page, ticket_number: str, reason: str) -> None:
    """Open the doors of a locked candidate."""
    open_candidate(page, ticket_number).get_by_role("button", name="解锁账号").click()
    _give_reason(page, "解锁账号", reason)
    expect(page.get_by_text("已解锁。")).to_be_visible()


def issue_code(page: Page, ticket_number: str, reason: str) -> str:
    """Make a one-time code and return it as it would be read out."""
    drawer = open_candidate(page, ticket_number)
    drawer.get_by_role("button", name="签发一次性登录码").click()
    _give_reason(page, "签发一次性登录码", reason)
    expect(drawer.get_by_text("只能使用一次。关闭后不再显示。")).to_be_visible()
    return drawer.locator(".code").inner_text().strip()


def _give_reason(page: Page, title: str, reason: str) -> None:
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog.get_by_role("button", name="确定")).to_be_disabled()
    dialog.get_by_label("原因").fill(reason)
    dialog.get_by_role("button", name="确定").click()
