"""What a room's staff do together, by clicking: duty, orders that need a second person, words to all, hand-over, calls that climb."""

import os
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.people import STAFF
from invigil.app.demo.running import Demo
from tests.e2e import candidate, staff
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.watching import TITLE, Watched, open_panel, open_patrol, open_wall, watched_room

SITTERS = 6
EXTRA_MINUTES = 7
CLIMBS_AFTER = "INVIGIL_WATCH__CALLS_CLIMB_AFTER_S"
WIDE = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def show(show: Demo) -> Iterator[Demo]:
    """A server that has the patrol look after calls soon."""
    show.stop()
    os.environ[CLIMBS_AFTER] = "5"
    try:
        show.serve()
        yield show
    finally:
        os.environ.pop(CLIMBS_AFTER)


@pytest.fixture(scope="module")
def watched(show: Demo, examination: Examination) -> Iterator[Watched]:
    """Candidates of one room who sit and are seen."""
    with watched_room(show, examination, SITTERS) as room:
        yield room


def propose(page: Page, word: str, category: str, reason: str) -> None:
    """Fill in the reason of an order and hand it to a second person."""
    dialog = page.get_by_test_id("command")
    staff.choose_option(page, dialog.get_by_role("combobox", name="原因类别"), category)
    dialog.get_by_label("原因", exact=True).fill(reason)
    dialog.get_by_role("button", name=word).click()
    expect(page.get_by_text("已提交，等待另一人批准。")).to_be_visible()


def decide(desk: Desk, login_name: str, kind: str, picture: str) -> Page:
    """Approve what a proctor asks for, on the patrol page."""
    page = open_patrol(desk, login_name)
    proposal = page.get_by_test_id("proposal").filter(has_text=kind)
    expect(proposal).to_be_visible()
    desk.picture(page, picture)
    proposal.get_by_test_id("approve").click()
    expect(proposal).to_have_count(0)
    return page


def enter(desk: Desk, ticket: str) -> Page:
    """A candidate sits down and has the paper."""
    page = desk.computer()
    candidate.enter(page, ticket, TITLE)
    candidate.expect_paper(page)
    return page


def test_duty_is_taken_and_shown_to_the_patrol(watched: Watched, desk: Desk) -> None:
    patrol = open_patrol(desk)
    room = patrol.get_by_test_id("patrol-room").first
    expect(room).to_contain_text("未到岗")
    page = open_wall(desk, watched.proctor, watched.room_id, **WIDE)
    expect(page.get_by_text("无人监考")).to_be_visible()
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_role("button", name="签退")).to_be_visible()
    expect(page.get_by_text("无人监考")).to_have_count(0)
    expect(room).to_contain_text("在岗")
    desk.picture(page, "room-01-wall-1920")
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    desk.picture(page, "room-02-wall-1920-english")
    patrol.get_by_role("button", name="Switch to English").click()
    expect(patrol.get_by_test_id("patrol-room").first).to_contain_text("on duty")
    desk.picture(patrol, "room-03-patrol-english")


def test_words_reach_the_whole_room(watched: Watched, desk: Desk) -> None:
    sitting = enter(desk, watched.page_ticket)
    page = open_wall(desk, watched.proctor, watched.room_id)
    page.get_by_test_id("to-all").click()
    page.get_by_role("menuitem", name="通知", exact=True).click()
    dialog = page.get_by_test_id("command")
    dialog.get_by_label("内容").fill("距离考试结束还有一小时")
    desk.picture(page, "room-04-to-all")
    dialog.get_by_test_id("send").click()
    expect(page.get_by_text(f"已发出给 {SITTERS + 1} 名考生。")).to_be_visible()
    expect(sitting.get_by_text("距离考试结束还有一小时")).to_be_visible()
    desk.picture(sitting, "room-05-candidate-message")


def test_extra_time_and_a_termination_need_a_second_person(watched: Watched, desk: Desk) -> None:
    sitting = enter(desk, watched.other_ticket)
    page = open_wall(desk, watched.proctor, watched.room_id)
    open_panel(page, watched.other_ticket)
    panel = page.get_by_test_id("panel")
    panel.get_by_role("button", name="延时", exact=True).click()
    page.get_by_test_id("command").get_by_role("spinbutton").fill(str(EXTRA_MINUTES))
    desk.picture(page, "room-06-extra-time")
    propose(page, "提交审批", "设备或网络故障", "考点统一停电演练")
    own = open_patrol(desk, "admin")
    decide(desk, "patrol", "延时", "room-07-proposal").close()
    expect(own.get_by_test_id("proposal")).to_have_count(0)
    expect(sitting.get_by_role("dialog", name="考试时间已调整")).to_contain_text("考点统一停电演练")
    desk.picture(sitting, "room-08-candidate-extra-time")
    sitting.get_by_role("button", name="我知道了").click()

    page.keyboard.press("n")
    page.get_by_test_id("note-form").get_by_label("情况说明").fill("桌面有夹带资料")
    page.get_by_test_id("note-save").click()
    expect(page.get_by_test_id("note-form")).to_have_count(0)
    panel.get_by_role("button", name="违纪终止", exact=True).click()
    dialog = page.get_by_test_id("command")
    expect(dialog.get_by_test_id("send")).to_be_disabled()
    dialog.get_by_text("桌面有夹带资料").click()
    desk.picture(page, "room-09-termination")
    propose(page, "提交审批", "翻阅资料", "查看夹带资料，经提醒不改正")
    decide(desk, "admin", "违纪终止", "room-10-termination-proposal")
    expect(sitting.get_by_role("heading", name="您的考试已被终止")).to_be_visible()
    desk.picture(sitting, "room-11-candidate-terminated")
    expect(panel.get_by_text("违纪终止").first).to_be_visible()


def test_an_unanswered_hand_climbs_to_the_patrol(watched: Watched, desk: Desk) -> None:
    patrol = open_patrol(desk, **WIDE)
    watched.sitters[0].raise_hand(f"call-{int(time.time())}")
    room = patrol.get_by_test_id("patrol-room").first
    expect(room).to_contain_text("举手超时")
    desk.picture(patrol, "room-12-climbed")
    patrol.get_by_test_id("need-climbed").click()
    room.get_by_role("button", name="进入考场").click()
    hand = patrol.get_by_test_id("tile").filter(has=patrol.get_by_test_id("hand"))
    hand.click()
    patrol.get_by_test_id("answer-call").click()
    expect(patrol.get_by_test_id("call")).to_have_count(0)


def test_a_room_is_handed_to_a_colleague(show: Demo, watched: Watched, desk: Desk) -> None:
    page = open_wall(desk, watched.proctor, watched.room_id)
    page.get_by_role("button", name="移交考场").click()
    dialog = page.get_by_role("dialog", name="移交考场")
    picker = dialog.get_by_role("combobox", name="移交给")
    own = show.staff(watched.proctor).get("/api/staff/me")["display_name"]
    picker.click()
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    names = options.all_inner_texts()
    assert own not in names
    colleague = next(one for one in names if "监考" in one)
    options.filter(has_text=colleague).click()
    dialog.get_by_label("需要交代的情况").fill("3 座考生身体不适，请多留意")
    desk.picture(page, "room-13-hand-over")
    dialog.get_by_role("button", name="移交考场").click()
    expect(page.get_by_text("已移交。")).to_be_visible()
    expect(page).not_to_have_url(re.compile(watched.room_id))
    expect(page.get_by_text("您还没有被安排监考").or_(page.get_by_test_id("wall")).first).to_be_visible()
    expect(page.get_by_text("没有这个考场")).to_have_count(0)
    desk.picture(page, "room-14-after-hand-over")
    other = open_wall(desk, find_login(colleague), watched.room_id)
    expect(other.get_by_text("3 座考生身体不适，请多留意")).to_be_visible()
    desk.picture(other, "room-15-received")


def find_login(display_name: str) -> str:
    """The login name of a colleague who is shown under this name."""
    return next(one.login_name for one in STAFF if one.display_name == display_name)
