"""Each thing that a page notices is done for real in a browser, and stands in the candidate's log and before the proctor (S3.6, S3.18)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from invigil.app.demo.devices import bare_browser, draw_film, draw_person, opened_computer
from invigil.app.demo.preparing import OPEN_SUBJECT, OPEN_TITLE
from invigil.app.demo.running import Demo
from invigil.sit.activity.names import STEP_NAMES
from invigil.watch.signals.api import SIGNAL_KINDS
from tests.e2e import candidate, staff
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination

FILL_IN = 41  # the first question with blanks
# What a program calls itself that offers a camera; the browser takes the file's name for the camera's.
VIRTUAL_CAMERA = "OBS Virtual Camera.mjpeg"
# Two screens side by side.
TWO_SCREENS = ("--headless=new", "--screen-info={1280x720}{1280,0 1920x1080}", "--window-size=1280,720")
# No program of a test may set this computer's clock: the page is told what it would read afterwards.
SET_CLOCK = "() => { const real = Date.now.bind(Date); Date.now = () => real() + 90_000 }"
DOCKED = ("--auto-open-devtools-for-tabs",)
# What the walk below does; the tools are opened on another computer.
WALKED = ("virtual_camera", "second_screen", "copy", "cut", "paste", "print_screen", "fullscreen_left", "screen_left",
          "page_frozen", "second_tab", "clock_jump", "reloaded")  # fmt: skip
DOCKED_KIND = "developer_tools"


@pytest.fixture
def computer(playwright: Playwright, tmp_path: Path) -> Iterator[BrowserContext]:
    """A computer with two screens, whose camera is a program."""
    film = draw_film(tmp_path / VIRTUAL_CAMERA, draw_person)
    with bare_browser(playwright, tmp_path / "profile", film, TWO_SCREENS) as context:
        yield context


def sit_down(show: Demo, context: BrowserContext, ticket: str) -> Page:
    """Enter and wait for the paper."""
    page = context.pages[0]
    page.set_default_timeout(60_000)
    page.goto(show.origin)
    candidate.enter(page, ticket, OPEN_TITLE)
    candidate.expect_paper(page)
    return page


def test_the_table_has_no_kind_of_the_page_that_nobody_does_here() -> None:
    assert {*WALKED, DOCKED_KIND} == {kind for kind, about in SIGNAL_KINDS.items() if about.source == "page"}


def test_what_a_candidate_does_is_logged_and_shown(
    show: Demo, examination: Examination, computer: BrowserContext, desk: Desk
) -> None:
    ticket = examination.tickets[OPEN_SUBJECT][0]
    room_id = room_of(show, examination, ticket)
    page = sit_down(show, computer, ticket)
    copy_cut_and_paste(page)
    page.keyboard.press("PrintScreen")
    leave_full_screen(page)
    go_away_and_freeze(computer, page)
    open_second_tab(computer, page)
    page.evaluate(SET_CLOCK)
    expect_signals(desk, room_id, ticket, [kind for kind in WALKED if kind != "reloaded"], "signals-walk")
    page.reload()
    candidate.expect_paper(page)
    expect_signals(desk, room_id, ticket, ["reloaded"], "signals-reloaded")


def copy_cut_and_paste(page: Page) -> None:
    """With the mouse and the keyboard, on a question's text and in a blank; what is pasted does not come in."""
    candidate.go_to(page, 1)
    page.locator("article .stem").click(click_count=3)
    page.keyboard.press("Control+C")
    candidate.go_to(page, FILL_IN)
    blank = page.get_by_label("第 1 空")
    blank.fill("脚手架")
    blank.press("Control+A")
    page.keyboard.press("Control+X")
    expect(blank).to_have_value("")
    page.keyboard.press("Control+V")
    expect(blank).to_have_value("")


def leave_full_screen(page: Page) -> None:
    page.evaluate("() => document.documentElement.requestFullscreen()")
    page.wait_for_function("() => document.fullscreenElement !== null")
    page.evaluate("() => document.exitFullscreen()")
    page.wait_for_function("() => document.fullscreenElement === null")


def go_away_and_freeze(computer: BrowserContext, page: Page) -> None:
    """Another tab comes before the page, long enough for the browser to put it to sleep."""
    other = computer.new_page()
    other.bring_to_front()
    page.wait_for_function("() => document.visibilityState === 'hidden'", polling=100)
    line = computer.new_cdp_session(page)
    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    line.send("Page.setWebLifecycleState", {"state": "active"})
    other.close()
    page.bring_to_front()
    come_back(page)


def open_second_tab(computer: BrowserContext, page: Page) -> None:
    other = computer.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading", name="考试已在另一个标签页中打开")).to_be_visible()
    other.close()
    page.bring_to_front()
    come_back(page)


def come_back(page: Page) -> None:
    """The page says that it was left."""
    dialog = page.get_by_role("dialog", name="您刚才离开了考试页面")
    dialog.get_by_role("button", name="我知道了").click()
    expect(dialog).to_have_count(0)


def expect_signals(desk: Desk, room_id: str, ticket: str, kinds: list[str], name: str) -> None:
    """Each of these stands on the candidate's panel at the proctor's, as a signal and as a step of the log, once."""
    page = desk.computer("/console/", width=1440, height=900)
    staff.log_in(page, "patrol")
    page.goto(f"{desk.origin}/console/wall?room={room_id}")
    page.get_by_placeholder("姓名、准考证号或座位").fill(ticket)
    page.get_by_test_id("tile").click()
    page.get_by_role("tab", name="异常信号").click()
    signals = page.get_by_test_id("signal")
    for kind in kinds:
        expect(signals.filter(has_text=SIGNAL_KINDS[kind].zh)).to_have_count(1)
    desk.picture(page, name)
    page.get_by_role("tab", name="操作日志").click()
    steps = page.get_by_test_id("step")
    for kind in kinds:
        expect(steps.filter(has=page.get_by_text(STEP_NAMES[kind].zh, exact=True)).first).to_be_visible()
    if "paste" in kinds:
        expect(steps.filter(has=page.get_by_text(STEP_NAMES["paste"].zh, exact=True))).to_have_count(1)
    desk.picture(page, f"{name}-log")


def room_of(show: Demo, examination: Examination, ticket: str) -> str:
    """The room in which a candidate sits."""
    admin = show.staff("admin")
    for room in admin.get(f"/api/patrol/sittings/{examination.prepared.open_id}")["rooms"]:
        seats = admin.get(f"/api/board/rooms/{room['room_id']}")["seats"]
        if any(seat["ticket_number"] == ticket for seat in seats):
            return str(room["room_id"])
    raise AssertionError("the candidate sits in no room")


def test_docked_tools_are_noticed(
    show: Demo, examination: Examination, playwright: Playwright, tmp_path: Path, desk: Desk
) -> None:
    ticket = examination.tickets[OPEN_SUBJECT][1]
    with opened_computer(playwright, tmp_path, window=DOCKED) as context:
        page = sit_down(show, context, ticket)
        expect_signals(desk, room_of(show, examination, ticket), ticket, [DOCKED_KIND], "signals-tools")
        desk.picture(page, "signals-tools-computer")
