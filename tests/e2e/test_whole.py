"""One sitting that can be believed, whole: computer and phone are checked in and recorded, a proctor watches and acts, a reviewer replays."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from invigil.app.demo.browsing import BrowsedCandidate, sit_down
from invigil.app.demo.devices import open_phones, opened_computer
from invigil.app.demo.preparing import OPEN_SUBJECT, OPEN_TITLE, open_sittings
from invigil.app.demo.running import Demo
from tests.e2e import candidate, reviewing, staff
from tests.e2e.desk import Desk
from tests.e2e.examination import find_exam, read_tickets, say_nothing
from tests.e2e.recorded import read_coverage, wait_until_stored
from tests.e2e.reviewing import READ_VIDEOS

# A track that stops shows within this (P3).
STOP_SHOWN_WITHIN_MS = 5_000
ORDER_WITHIN_MS = 2_000
UPLOADED_WITHIN_MS = 120_000
# The header and two segments of a few seconds each: something to replay of every track.
LEAST_SEGMENTS = 3
TRACKS = ("screen", "camera", "phone")


@dataclass(frozen=True)
class Seat:
    """The candidate at two devices, and who watches the room."""

    candidate: BrowsedCandidate
    sitting_id: str
    proctor: str
    room_id: str


@pytest.fixture(scope="module")
def seat(show: Demo, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """A sitting that demands all three tracks has begun to let people in; one of them sits down."""
    rules = {"starts_in": timedelta(seconds=30), "early_hand_in_after_minutes": 0}
    prepared = open_sittings(show.team(), say_nothing, find_exam(show), opened=rules)
    ticket = read_tickets(show, prepared.exam_id, OPEN_SUBJECT)[0]
    room_id = show.staff("patrol").get(f"/api/patrol/sittings/{prepared.open_id}")["rooms"][0]["room_id"]
    with opened_computer(playwright, tmp_path_factory.mktemp("devices")) as computer:
        proctor = show.watcher_of(prepared.open_id)
        yield Seat(sit_down(computer, show.origin, ticket), prepared.open_id, proctor, room_id)


@pytest.fixture(scope="module")
def phones(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser of phones."""
    browser = open_phones(playwright, tmp_path_factory.mktemp("phones"))
    yield browser
    browser.close()


def test_two_devices_are_checked_and_recorded(seat: Seat, playwright: Playwright, phones: Browser, desk: Desk) -> None:
    sitting = seat.candidate
    sitting.log_in(OPEN_TITLE)
    sitting.check_computer()
    sitting.pair(playwright, phones)
    sitting.go_in()
    candidate.expect_paper(sitting.computer)
    for number in range(1, 4):
        candidate.go_to(sitting.computer, number)
        sitting.computer.keyboard.press("a")
    candidate.expect_answered(sitting.computer, 3)
    for track in ("screen", "camera"):
        expect(sitting.computer.locator(f"[data-track={track}]")).to_have_attribute("data-state", "live")
    desk.picture(sitting.computer, "whole-01-computer")
    assert sitting.phone is not None
    desk.picture(sitting.phone, "whole-02-phone")


def open_wall(desk: Desk, seat: Seat) -> Page:
    """The proctor logs in and sees the candidate's tile."""
    page = desk.computer("/console/", width=1440, height=900)
    staff.log_in(page, seat.proctor)
    page.goto(f"{desk.origin}/console/wall?room={seat.room_id}")
    page.get_by_placeholder("姓名、准考证号或座位").fill(seat.candidate.ticket_number)
    expect(page.get_by_test_id("tile")).to_have_count(1)
    return page


def acknowledge(page: Page, title: str) -> None:
    """Read what the page says and go on."""
    dialog = page.get_by_role("dialog", name=title)
    dialog.get_by_role("button", name="我知道了").click()
    expect(dialog).to_have_count(0)


def test_the_proctor_sees_warns_and_notes(seat: Seat, desk: Desk) -> None:
    sitting, page = seat.candidate, open_wall(desk, seat)
    tile = page.get_by_test_id("tile")
    expect(tile.locator("canvas")).to_have_attribute("data-track", "camera")
    tile.click()
    panel = page.get_by_test_id("panel")
    for track in TRACKS:
        expect(panel.locator(f"canvas[data-track={track}]")).to_be_visible()

    other = sitting.computer.context.new_page()
    other.bring_to_front()
    page.get_by_role("tab", name="异常信号").click()
    expect(panel.get_by_text("离开答题页面").first).to_be_visible()
    other.close()
    acknowledge(sitting.computer, "您刚才离开了考试页面")
    desk.picture(page, "whole-03-signal")

    page.keyboard.press("w")
    dialog = page.get_by_role("dialog").filter(has=page.get_by_test_id("send"))
    dialog.get_by_label("内容").fill("请不要离开答题页面")
    dialog.get_by_test_id("send").click()
    expect(sitting.computer.get_by_text("请不要离开答题页面")).to_be_visible(timeout=ORDER_WITHIN_MS)
    sitting.computer.get_by_role("button", name="我知道了").click()
    page.get_by_role("tab", name="指令").click()
    expect(page.get_by_test_id("given").first).to_have_attribute("data-delivery", "acknowledged")

    page.keyboard.press("n")
    page.get_by_test_id("note-form").get_by_label("情况说明").fill("曾切换到其他页面")
    page.get_by_test_id("note-save").click()
    page.get_by_role("tab", name="监考记录").click()
    expect(page.get_by_test_id("note").locator("img")).to_have_count(3)
    desk.picture(page, "whole-04-note")


def test_a_phone_that_stops_shows_at_once(seat: Seat, show: Demo, desk: Desk) -> None:
    sitting, page = seat.candidate, open_wall(desk, seat)
    assert sitting.phone is not None
    wait_until_stored(show, page, attempt_of(show, seat), LEAST_SEGMENTS, TRACKS)
    light = page.get_by_test_id("tile").get_by_title(re.compile("^手机"))
    expect(light).to_have_class(re.compile("live"))
    sitting.phone.context.close()
    expect(light).not_to_have_class(re.compile("live"), timeout=STOP_SHOWN_WITHIN_MS)
    desk.picture(page, "whole-05-phone-gone")
    desk.picture(sitting.computer, "whole-06-phone-gone")


def attempt_of(show: Demo, seat: Seat) -> str:
    """The candidate's attempt, as staff find it."""
    attempts = show.staff("admin").get(f"/api/attempts/of-sitting/{seat.sitting_id}")
    [found] = [str(one["id"]) for one in attempts if one["entered_at"]]
    return found


def test_the_hand_in_waits_for_the_last_segment(seat: Seat, show: Demo, desk: Desk) -> None:
    page, attempt_id = seat.candidate.computer, attempt_of(show, seat)
    candidate.go_to(page, 4)
    page.keyboard.press("b")
    candidate.expect_answered(page, 4)
    candidate.hand_in(page, 44)
    candidate.read_receipt_number(page)
    expect(page.get_by_text("录制已全部上传，可以关闭页面")).to_be_visible(timeout=UPLOADED_WITHIN_MS)
    desk.picture(page, "whole-07-receipt")
    stored = read_coverage(show, attempt_id)
    counts = {track: sum(take["segment_count"] for take in stored[track]["takes"]) for track in TRACKS}
    assert min(counts.values()) >= LEAST_SEGMENTS, counts


def test_the_reviewer_replays_all_of_it(seat: Seat, desk: Desk) -> None:
    page = desk.computer("/console/", width=1600, height=1000)
    staff.log_in(page, "reviewer")
    reviewing.open_candidate(page, seat.candidate.ticket_number)
    reviewing.unlock(page, films=3)
    page.get_by_test_id("play").click()
    before = [video["at"] for video in page.evaluate(READ_VIDEOS)]
    # Which track has a picture first depends on where the first mark stands.
    page.wait_for_function(f"(before) => ({READ_VIDEOS})().some(({{ at }}, n) => at > before[n] + 2)", arg=before)
    desk.picture(page, "whole-08-replay")
    page.get_by_test_id("play").click()
    reviewing.confirm_breach(page, "不听从监考人员指令", "开考后切换到其他页面，有录像为证")
    page.get_by_role("tab", name="操作日志").click()
    expect(page.get_by_role("button", name=re.compile("电脑 离开答题页面")).first).to_be_visible()
    desk.picture(page, "whole-09-verdict")


def test_the_recording_and_the_note_leave_as_a_package(seat: Seat, desk: Desk) -> None:
    page = desk.computer("/console/", width=1440, height=900)
    staff.log_in(page, "admin")
    row = reviewing.order_package(page, seat.candidate.ticket_number)
    films = [film["文件"] for film in reviewing.fetch_manifest(page, row)["考生"][0]["录像"]]
    for track in ("屏幕", "电脑摄像头", "手机"):
        assert any(track in Path(name).name for name in films), films
