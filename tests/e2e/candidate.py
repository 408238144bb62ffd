"""What a candidate does at the page, by what a person sees."""

import re
from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from invigil.app.demo.client import Browser, DemoRefusedError
from invigil.app.demo.people import CANDIDATE_PASSWORD
from invigil.app.demo.running import Demo
from tests.e2e.examination import Examination, squeeze

SAVED = re.compile(r"已保存 \d\d:\d\d:\d\d")
# More wrong passwords than P6 forgives.
MOST_TRIES = 12
OFFLINE = "网络已断开，请继续作答"


def log_in(page: Page, ticket_number: str, password: str = CANDIDATE_PASSWORD) -> None:
    """Fill in the login form and go to the list of sittings."""
    page.get_by_label("准考证号或身份证号").fill(ticket_number)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="我的考试")).to_be_visible()


def lock_out(page: Page, ticket_number: str) -> None:
    """Type wrong passwords until the account is locked."""
    page.get_by_label("准考证号或身份证号").fill(ticket_number)
    locked = page.get_by_text("登录失败次数过多，账号已临时锁定")
    for _ in range(MOST_TRIES):
        page.get_by_label("密码", exact=True).fill("000000")
        with page.expect_response("**/api/candidate/login"):
            page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_test_id("login-message")).to_be_visible()
        if locked.is_visible():
            break
    expect(locked).to_be_visible()


def sitting_card(page: Page, title: str) -> Locator:
    """The card of this sitting in the list."""
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))


def agree(page: Page) -> None:
    """Read the consent to its end and give it."""
    page.get_by_role("main").get_by_role("document").press("End")
    page.get_by_label("我已阅读并同意以上内容").check()
    page.get_by_role("button", name="同意并进入").click()


def enter(page: Page, ticket_number: str, title: str) -> None:
    """Log in, choose the sitting, consent."""
    log_in(page, ticket_number)
    sitting_card(page, title).get_by_role("link", name=re.compile("进入考试|继续考试")).click()
    agree(page)


def find_seat_taken(page: Page, ticket_number: str, title: str) -> None:
    """Come to a sitting that is going on at another computer."""
    log_in(page, ticket_number)
    sitting_card(page, title).get_by_role("link", name="继续考试").click()
    taken = page.get_by_role("heading", name="本场考试正在另一台电脑上进行")
    expect(taken.or_(page.get_by_role("heading", name="考试须知与授权")).first).to_be_visible()
    if page.get_by_role("heading", name="考试须知与授权").is_visible():
        agree(page)
    expect(taken).to_be_visible()


def waive(admin: Browser, attempt_id: str, device: str, kind: str) -> None:
    """Let a check through; one that has passed by itself in the meantime needs nobody."""
    try:
        admin.post(f"/api/checkin/attempts/{attempt_id}/waive", {"device": device, "kind": kind, "reason": "演练"})
    except DemoRefusedError as fault:
        if "checkin.nothing_to_waive" not in str(fault):
            raise


def pass_check_in(page: Page, demo: Demo, attempt_id: str) -> None:
    """Have staff let every check of the PC through, and go on: for scenarios that are about something else."""
    admin = demo.staff("admin")
    for kind in admin.get(f"/api/checkin/attempts/{attempt_id}")["open_pc"]:
        waive(admin, attempt_id, "pc", kind)
    button = page.get_by_role("button", name=re.compile("^进入(候考室|考试)$"))
    palette = page.get_by_role("navigation", name="答题卡")
    expect(button.or_(palette).first).to_be_visible()
    # Once the examination runs, the page goes on by itself.
    with suppress(PlaywrightError):
        button.click(timeout=5_000)


def expect_paper(page: Page) -> None:
    """The paper opens by itself at T0."""
    expect(page.get_by_role("navigation", name="答题卡")).to_be_visible(timeout=180_000)


def go_to(page: Page, number: int) -> None:
    """Open a question from the palette."""
    palette = page.get_by_role("navigation", name="答题卡")
    palette.get_by_role("button", name=re.compile(rf"^第 {number} 题")).click()
    expect(page.get_by_role("heading", name=re.compile(rf"^第 {number} 题"))).to_be_visible()


def cell(page: Page, number: int, state: str) -> Locator:
    """The palette's cell of a question in this state."""
    return page.get_by_role("button", name=f"第 {number} 题，{state}", exact=True)


def expect_answered(page: Page, answered: int) -> None:
    """So many questions are answered, and the server has acknowledged the last of them."""
    expect(
        page.get_by_role("navigation", name="答题卡").get_by_text(re.compile(rf"^已答 {answered} / \d+$"))
    ).to_be_visible()
    expect(page.get_by_text(SAVED)).to_be_visible()


def choose(page: Page, examination: Examination, *, is_right: bool) -> str:
    """Click the right option of the single-choice question that is shown, or a wrong one; return its letter."""
    # What is written alone: a player has words of its own.
    stem = squeeze("".join(page.locator("article .stem > .text").all_inner_texts()))
    options = page.get_by_role("radiogroup").locator("label")
    letters = [squeeze(text) for text in options.all_inner_texts()]
    right = examination.right_answers[stem, frozenset(text[1:] for text in letters)]
    place = next(n for n, text in enumerate(letters) if (text[1:] == right) is is_right)
    options.nth(place).click()
    expect(options.nth(place).get_by_role("radio")).to_be_checked()
    return letters[place][0]


def fill_in(page: Page, text: str) -> str:
    """Write the text into every blank of the question that is shown; return the answer as exports write it."""
    blanks = page.get_by_role("main").get_by_label(re.compile(r"^第 \d+ 空$"))
    expect(blanks.first).to_be_visible()
    for blank in blanks.all():
        blank.fill(text)
    return "；".join([text] * blanks.count())


def hand_in(page: Page, open_questions: int) -> None:
    """Hand in with this many questions open."""
    page.get_by_role("banner").get_by_role("button", name="交卷").click()
    dialog = page.get_by_role("dialog", name="交卷前请确认")
    confirm = dialog.get_by_role("button", name="确认交卷")
    expect(confirm).to_be_disabled()
    dialog.get_by_label(f"我知道还有 {open_questions} 题未答，仍要交卷").check()
    confirm.click()


def read_receipt_number(page: Page) -> str:
    """The receipt is shown and found genuine by the page."""
    expect(page.get_by_role("heading", name="交卷成功")).to_be_visible()
    expect(page.get_by_text("签名已核验，回执真实有效")).to_be_visible()
    return page.get_by_test_id("receipt-number").inner_text().strip()
