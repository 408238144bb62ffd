"""Small things on the candidate's page: lockout, language, contrast, the keyboard alone, and hostile question texts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.preparing import OPEN_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.desk import Desk
from tests.e2e.examination import HOSTILE_STEM, Examination, hostile_question
from tests.e2e.staff import expect_loaded, log_in

TITLE = "第二场"
# Elements and attributes that run something.
RUNNING = "script, iframe, object, embed, [onerror], [onload], [onclick], [onmouseover], [href^=javascript]"


def test_too_many_wrong_passwords_lock_and_say_so(examination: Examination, desk: Desk) -> None:
    page = desk.computer()
    candidate.lock_out(page, examination.tickets[OPEN_SUBJECT][-1])
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_disabled()
    desk.picture(page, "candidate-20-locked-out")


def test_english_and_high_contrast_stay_after_a_reload(desk: Desk) -> None:
    page = desk.computer()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("contrast", re.IGNORECASE)).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^en"))
    page.reload()
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    desk.picture(page, "candidate-21-english-contrast")


def test_the_keyboard_alone_is_enough(examination: Examination, desk: Desk) -> None:
    page = desk.computer()
    expect(page.get_by_label("准考证号或身份证号")).to_be_focused()
    page.keyboard.type(examination.tickets[OPEN_SUBJECT][0])
    press_until(page, "Tab", lambda focused: focused["name"] == "password")
    page.keyboard.type("888888")
    page.keyboard.press("Enter")
    expect(candidate.sitting_card(page, TITLE)).to_be_visible()
    press_until(page, "Tab", lambda focused: focused["text"].startswith("进入考试"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="考试须知与授权")).to_be_visible()
    press_until(page, "Tab", lambda focused: focused["role"] == "document")
    page.keyboard.press("End")
    expect(page.get_by_label("我已阅读并同意以上内容")).to_be_enabled()
    press_until(page, "Tab", lambda focused: focused["type"] == "checkbox")
    page.keyboard.press("Space")
    press_until(page, "Tab", lambda focused: focused["text"] == "同意并进入")
    page.keyboard.press("Enter")
    candidate.expect_paper(page)
    for key in ("a", "ArrowRight", "b", "ArrowRight", "3", "m"):
        page.keyboard.press(key)
    candidate.expect_answered(page, 3)
    expect(candidate.cell(page, 3, "已答，已标记")).to_be_visible()
    desk.picture(page, "candidate-22-keyboard")
    press_until(page, "Shift+Tab", lambda focused: focused["text"] == "交卷")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="交卷前请确认")
    expect(dialog).to_be_visible()
    press_until(page, "Shift+Tab", lambda focused: focused["type"] == "checkbox")
    page.keyboard.press("Space")
    press_until(page, "Tab", lambda focused: focused["text"] == "确认交卷")
    page.keyboard.press("Enter")
    candidate.read_receipt_number(page)


def test_hostile_question_texts_never_run(show: Demo, examination: Examination, desk: Desk) -> None:
    page = desk.computer()
    candidate.enter(page, examination.tickets[OPEN_SUBJECT][1], TITLE)
    candidate.expect_paper(page)
    hostile = page.get_by_role("main").get_by_text(HOSTILE_STEM)
    for number in range(1, 21):
        candidate.go_to(page, number)
        if hostile.count() > 0:
            break
    expect(hostile.first).to_be_visible()
    assert page.locator("main").locator(RUNNING).count() == 0
    desk.picture(page, "candidate-23-hostile-question")

    # The server has cleaned the text; a page that gets it as it was written must not run it either.
    admin = show.staff("admin")
    listed = admin.get("/api/questions", q=HOSTILE_STEM)["items"][0]
    raw = admin.get(f"/api/questions/{listed['id']}")
    raw["question"] |= hostile_question()
    console = desk.computer("/console/", width=1440, height=900)
    log_in(console, "admin")
    # The cleaner reads the text in a document that runs nothing; Chromium reports the handlers that it meets there.
    desk.expected.append("Executing inline event handler violates")
    console.route(f"**/api/questions/{listed['id']}", lambda route: route.fulfill(json=raw))
    console.goto(f"{show.origin}/console/questions/{listed['id']}")
    expect_loaded(console)
    expect(console.get_by_text(HOSTILE_STEM).first).to_be_visible()
    assert console.locator("main").locator(RUNNING).count() == 0
    desk.picture(console, "console-hostile-question")


FOCUSED = """() => {
  const at = document.activeElement
  return { name: at?.name ?? '', type: at?.type ?? '', role: at?.getAttribute('role') ?? '', text: (at?.textContent ?? '').trim() }
}"""
MOST_STEPS = 60


def press_until(page: Page, key: str, is_there: Any) -> None:
    """Press the key until the focus is there; a place that the focus does not reach fails the test."""
    for _ in range(MOST_STEPS):
        if is_there(page.evaluate(FOCUSED)):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} never reaches the place; the focus is at {page.evaluate(FOCUSED)}")
