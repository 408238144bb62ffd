"""A proctor watches a room in a real browser: the wall, a candidate's panel, orders, notes, calls; a patrol watches the proctors."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.preparing import OPEN_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import candidate, staff
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.watching import TITLE, Watched, open_patrol, open_wall, watched_room

SITTERS = 5
# Presence ends after 15 s of silence; the rest is for a slow machine to draw it.
OFFLINE_WITHIN_MS = 30_000


@pytest.fixture(scope="module")
def watched(show: Demo, examination: Examination) -> Iterator[Watched]:
    """Candidates of one room who sit and are seen."""
    with watched_room(show, examination, SITTERS) as room:
        yield room


def seat_of(watched: Watched, show: Demo, number: int) -> int:
    """The seat of a sitter."""
    attempt = show.staff("admin").get(f"/api/attempts/{watched.sitters[number].entry['attempt_id']}")
    seat: int = attempt["seat_number"]
    return seat


def test_the_wall_shows_pictures_and_can_be_arranged(show: Demo, watched: Watched, desk: Desk) -> None:
    page = open_wall(desk, watched.proctor, watched.room_id)
    seat = seat_of(watched, show, 0)
    page.get_by_placeholder("姓名、准考证号或座位").fill(str(seat))
    tile = page.locator(f"[data-seat='{seat}']")
    expect(page.get_by_test_id("tile")).to_have_count(1)
    expect(tile.locator("canvas")).to_have_attribute("data-track", "camera")
    first = tile.locator("canvas").get_attribute("data-at") or ""
    expect(tile.locator("canvas")).not_to_have_attribute("data-at", first)
    page.get_by_test_id("source").click()
    page.get_by_role("option", name="屏幕", exact=True).click()
    expect(tile.locator("canvas")).to_have_attribute("data-track", "screen")
    page.get_by_placeholder("姓名、准考证号或座位").fill("")

    page.get_by_text("4 格", exact=True).click()
    expect(page.get_by_test_id("tile")).to_have_count(4)
    before = page.get_by_test_id("page").inner_text()
    page.get_by_role("button", name="›").click()
    expect(page.get_by_test_id("page")).not_to_have_text(before)
    pinned = page.get_by_test_id("tile").first.get_attribute("data-seat")
    page.get_by_test_id("tile").first.get_by_role("button", name="固定在墙上").click()
    page.get_by_test_id("carousel").click()
    page.get_by_role("option", name="自动翻页 5 秒").click()
    page.mouse.move(5, 5)
    before = page.get_by_test_id("page").inner_text()
    expect(page.get_by_test_id("page")).not_to_have_text(before)
    expect(page.locator(f"[data-seat='{pinned}']")).to_be_visible()
    desk.picture(page, "wall-4")
    page.get_by_text("16 格", exact=True).click()
    page.get_by_test_id("source").click()
    page.get_by_role("option", name="电脑摄像头", exact=True).click()
    page.get_by_test_id("chip-not_started").click()
    expect(page.locator("[data-testid=tile]:not([data-state=not_started])")).to_have_count(1)  # the pinned one at most
    page.get_by_test_id("chip-not_started").click()
    expect(page.locator(f"[data-seat='{seat}'] canvas")).to_have_attribute("data-track", "camera")
    desk.picture(page, "wall-16")


def test_a_warning_a_note_and_a_raised_hand(show: Demo, watched: Watched, desk: Desk) -> None:
    sitting = desk.computer()
    candidate.enter(sitting, watched.page_ticket, TITLE)
    expect(
        sitting.get_by_role("heading", name="候考室").or_(sitting.get_by_role("navigation", name="答题卡")).first
    ).to_be_visible()
    page = open_wall(desk, watched.proctor, watched.room_id)
    page.get_by_placeholder("姓名、准考证号或座位").fill(watched.page_ticket)
    page.get_by_test_id("tile").click()
    expect(page.get_by_test_id("panel")).to_be_visible()
    page.keyboard.press("w")
    dialog = page.get_by_role("dialog").filter(has=page.get_by_test_id("send"))
    dialog.get_by_label("内容").fill("请正对摄像头")
    desk.picture(page, "wall-command")
    dialog.get_by_test_id("send").click()
    expect(sitting.get_by_text("请正对摄像头")).to_be_visible(timeout=2_000)
    page.get_by_role("tab", name="指令").click()
    expect(page.get_by_test_id("given")).to_have_attribute("data-delivery", "delivered")
    sitting.get_by_role("button", name="我知道了").click()
    expect(page.get_by_test_id("given")).to_have_attribute("data-delivery", "acknowledged")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("panel")).to_have_count(0)

    seat = seat_of(watched, show, 1)
    watched.sitters[1].raise_hand(f"call-{int(time.time())}")
    patrol = open_patrol(desk)
    expect(patrol.get_by_test_id("waiting").first).to_be_visible()
    desk.picture(patrol, "patrol")
    page.get_by_placeholder("姓名、准考证号或座位").fill(str(seat))
    tile = page.locator(f"[data-seat='{seat}']")
    expect(tile.get_by_test_id("hand")).to_be_visible()
    tile.click()
    page.get_by_test_id("call").get_by_test_id("claim").click()
    expect(page.get_by_test_id("claimed")).to_be_visible()
    patrol.get_by_test_id("patrol-room").filter(has=patrol.get_by_test_id("waiting")).first.click()
    patrol.locator(f"[data-seat='{seat}']").click()
    expect(patrol.get_by_test_id("call").get_by_test_id("claimed")).to_contain_text("正在处理")

    expect(page.get_by_test_id("panel").locator("canvas[data-track=camera]")).to_be_visible()
    page.keyboard.press("n")
    form = page.get_by_test_id("note-form")
    form.get_by_label("情况说明").fill("低头时间较长")
    desk.picture(page, "wall-note")
    page.get_by_test_id("note-save").click()
    page.get_by_role("tab", name="监考记录").click()
    note = page.get_by_test_id("note")
    expect(note).to_contain_text("低头时间较长")
    expect(note.locator("img")).to_have_count(2)
    desk.picture(page, "wall-panel-notes")
    for name in ("概况", "异常信号", "对话", "操作日志", "设备检测", "录制"):
        page.get_by_role("tab", name=name).click()
        staff.expect_loaded(page)
        desk.picture(page, f"wall-panel-{name}")
    page.get_by_test_id("answer-call").click()
    expect(page.get_by_test_id("call")).to_have_count(0)
    page.keyboard.press("Escape")
    find_note_by_words(show, page, desk, seat)


def find_note_by_words(show: Demo, page: Page, desk: Desk, seat: int) -> None:
    """The list of notes: found by its words, by subject, with pictures; a reviewer goes from it to the recording."""
    staff.open_menu(page, "监考记录")
    staff.choose_option(page, page.get_by_role("combobox", name="场次"), TITLE)
    row = page.locator(".el-table__row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("低头时间较长")
    expect(row).to_contain_text(f"{seat} 座")
    expect(row.locator("img")).to_have_count(2)
    expect(page.get_by_test_id("subject-all")).to_contain_text("1")
    desk.picture(page, "notes")
    page.get_by_placeholder("姓名、准考证号、情况或记录人").fill("没有这样的话")
    expect(row).to_have_count(0)
    page.get_by_placeholder("姓名、准考证号、情况或记录人").fill("低头")
    expect(row).to_have_count(1)
    expect(page.get_by_role("button", name="看录像")).to_have_count(0)
    reviewer = desk.computer("/console/", width=1440, height=900)
    staff.log_in(reviewer, "admin")
    staff.open_menu(reviewer, "监考记录")
    staff.choose_option(reviewer, reviewer.get_by_role("combobox", name="场次"), TITLE)
    reviewer.get_by_test_id(f"subject-{OPEN_SUBJECT}").click()
    reviewer.get_by_role("button", name="看录像").click()
    expect(reviewer.get_by_test_id("mark-note")).to_have_class(re.compile("chosen"))


def test_who_vanishes_is_shown_at_once(show: Demo, watched: Watched, desk: Desk) -> None:
    page = open_wall(desk, watched.proctor, watched.room_id)
    seat = seat_of(watched, show, 2)
    page.get_by_placeholder("姓名、准考证号或座位").fill(str(seat))
    tile = page.locator(f"[data-seat='{seat}']")
    expect(tile).to_have_attribute("data-state", "in_exam", timeout=180_000)
    watched.sitters[2].is_silent = True
    expect(tile).to_have_attribute("data-state", "offline", timeout=OFFLINE_WITHIN_MS)
    expect(tile).to_contain_text("断线")
