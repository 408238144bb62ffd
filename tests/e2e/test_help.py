"""A candidate asks for help beside the questions, and the proctor answers: in Chromium, on a real server (S3.5)."""

from typing import Any

from playwright.sync_api import Page, expect

from invigil.app.demo.preparing import OPEN_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.watching import TITLE


def open_help(page: Page) -> Any:
    page.get_by_test_id("help").click()
    panel = page.get_by_test_id("help-panel")
    expect(panel).to_be_visible()
    return panel


def find_attempt(show: Demo, examination: Examination) -> str:
    """The attempt that was entered last."""
    attempts = show.staff("admin").get(f"/api/attempts/of-sitting/{examination.prepared.open_id}")
    return str(max(attempts, key=lambda one: one["entered_at"])["id"])


def test_help_is_asked_for_and_given_beside_the_questions(desk: Desk, show: Demo, examination: Examination) -> None:
    page = desk.computer(width=1280, height=800)
    candidate.enter(page, examination.tickets[OPEN_SUBJECT][0], TITLE)
    candidate.expect_paper(page)
    panel = open_help(page)
    expect(panel.get_by_role("textbox")).to_be_focused()
    expect(panel).to_contain_text("还没有消息")
    # It lies beside the question: on may be gone while it is open.
    page.get_by_role("button", name="下一题").click()
    page.get_by_role("button", name="上一题").click()
    panel.get_by_role("textbox").focus()
    desk.picture(page, "help-01-empty-1280")
    # Letters that are written here answer no question and turn no page.
    panel.get_by_role("textbox").press_sequentially("ABCD 看不清图片")
    expect(page.get_by_role("navigation", name="答题卡")).to_contain_text("已答 0 /")
    page.keyboard.press("Enter")
    expect(panel.get_by_text("ABCD 看不清图片")).to_be_visible()
    expect(panel.get_by_text("待发送")).to_have_count(0)
    panel.get_by_role("button", name="举手").click()
    expect(panel.get_by_text("已举手，监考人员会尽快回应。")).to_be_visible()

    admin, attempt_id = show.staff("admin"), find_attempt(show, examination)
    chat = f"/api/proctoring/chat/{attempt_id}"
    assert [one["text"] for one in admin.get(chat)] == ["ABCD 看不清图片"]
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_test_id("help")).to_contain_text("已举手，等待监考")
    admin.post(chat, {"line_id": "staff-000001", "text": "请点击图片放大"})
    expect(page.get_by_test_id("help").get_by_label("1 条未读")).to_be_visible(timeout=2_000)
    desk.picture(page, "help-02-unread-1280")

    page.reload()
    candidate.expect_paper(page)
    panel = open_help(page)
    expect(panel.get_by_text("ABCD 看不清图片")).to_be_visible()
    expect(panel.get_by_text("请点击图片放大")).to_be_visible()
    # However narrow the page is, it covers neither options nor buttons.
    for width, height in ((1024, 768), (800, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_role("button", name="下一题").click()
        page.get_by_role("radio").first.click()
        page.get_by_role("button", name="上一题").click()
        desk.picture(page, f"help-05-beside-{width}")
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.picture(page, "help-03-answered-1440")
    page.get_by_role("button", name="English").click()
    expect(panel.get_by_role("heading", name="Contact the proctor")).to_be_visible()
    desk.picture(page, "help-04-english-1440")
