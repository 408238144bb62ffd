"""Two proctors watch one room in browsers of their own, and do not do the same twice: calls, warnings, notes, handing over (S3.6)."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.people import STAFF
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination, find_exam
from tests.e2e.watching import TITLE, Watched, open_panel, open_wall, watched_room

SITTERS = 3


@pytest.fixture(scope="module")
def watched(show: Demo, examination: Examination) -> Iterator[Watched]:
    """Candidates of one room who sit and are seen."""
    with watched_room(show, examination, SITTERS) as room:
        yield room


@pytest.fixture(scope="module")
def second(show: Demo, examination: Examination, watched: Watched) -> str:
    """The login name of a proctor who was put into the same room."""
    admin = show.staff("admin")
    colleagues = show.staff(watched.proctor).get(f"/api/proctoring/rooms/{watched.room_id}/colleagues")
    sitting_id = examination.prepared.open_id
    room = next(one for one in admin.get(f"/api/sittings/{sitting_id}/rooms")["items"] if one["id"] == watched.room_id)
    assert colleagues
    chosen = [*(one["staff_id"] for one in room["proctors"]), colleagues[0]["staff_id"]]
    amended = f"/api/exams/{find_exam(show)}/room-plan/amendment"
    admin.post(amended, {"reason": "增加一名监考人员"})
    version = admin.get(f"/api/sittings/{sitting_id}/arrangement")["version"]
    admin.put(f"/api/rooms/{watched.room_id}/proctors", {"staff_ids": chosen, "version": version})
    return next(one.login_name for one in STAFF if one.display_name == colleagues[0]["name"])


def name_of(login_name: str) -> str:
    return next(one.display_name for one in STAFF if one.login_name == login_name)


def warn(page: Page, text: str) -> None:
    """Send the candidate who is enlarged a warning."""
    page.keyboard.press("w")
    dialog = page.get_by_test_id("command")
    dialog.get_by_label("内容").fill(text)
    dialog.get_by_test_id("send").click()
    expect(dialog).not_to_be_visible()


def take_note(page: Page, text: str) -> None:
    """Write down what is seen of the candidate who is enlarged."""
    page.keyboard.press("n")
    form = page.get_by_test_id("note-form")
    form.get_by_label("情况说明").fill(text)
    page.get_by_test_id("note-save").click()
    expect(form).to_have_count(0)


def open_hand(page: Page, ticket: str) -> None:
    """Enlarge the candidate whose hand is raised."""
    open_panel(page, ticket)
    expect(page.get_by_test_id("call")).to_be_visible()


def test_a_call_is_looked_after_by_one_of_them(watched: Watched, second: str, desk: Desk) -> None:
    one, other = (open_wall(desk, login, watched.room_id) for login in (watched.proctor, second))
    for page in (one, other):
        page.get_by_test_id("sign-in").click()
        expect(page.get_by_role("button", name="签退")).to_be_visible()
    for name in (name_of(watched.proctor), name_of(second)):
        expect(one.get_by_text(f"{name} 在岗")).to_be_visible()
    sitter = watched.sitters[0]
    sitter.raise_hand(f"call-{int(time.time())}")
    open_hand(one, sitter.ticket_number)
    open_hand(other, sitter.ticket_number)
    one.get_by_test_id("claim").click()
    expect(one.get_by_role("button", name="不再处理")).to_be_visible()
    claimed = other.get_by_test_id("claimed")
    expect(claimed).to_contain_text(name_of(watched.proctor), timeout=2_000)
    expect(other.get_by_test_id("answer-call")).to_be_disabled()
    desk.picture(other, "two-01-claimed-by-a-colleague")
    # Taken over on purpose only, and seen by whom it is taken from.
    other.get_by_test_id("claim").click()
    question = other.get_by_role("dialog", name=f"{name_of(watched.proctor)} 正在处理，确定接手？")
    desk.picture(other, "two-02-take-over")
    question.get_by_role("button", name="接手").click()
    expect(one.get_by_test_id("claimed")).to_contain_text(name_of(second), timeout=2_000)
    expect(one.get_by_test_id("answer-call")).to_be_disabled()
    other.get_by_test_id("answer-call").click()
    for page in (one, other):
        expect(page.get_by_test_id("call")).to_have_count(0)


def test_both_see_what_the_other_did(watched: Watched, second: str, desk: Desk) -> None:
    sitting = desk.computer()
    candidate.enter(sitting, watched.page_ticket, TITLE)
    candidate.expect_paper(sitting)
    one, other = (open_wall(desk, login, watched.room_id) for login in (watched.proctor, second))
    for page in (one, other):
        open_panel(page, watched.page_ticket)
    warn(one, "请正对摄像头")
    expect(other.get_by_test_id("last-command")).to_contain_text("警告", timeout=2_000)
    warn(other, "请把手放在桌面上")
    for said in ("请正对摄像头", "请把手放在桌面上"):
        expect(sitting.get_by_text(said)).to_be_visible()
        sitting.get_by_role("button", name="我知道了").first.click()
    for page in (one, other):
        page.get_by_role("tab", name="指令").click()
        expect(page.get_by_test_id("given")).to_have_count(2)
        expect(page.locator("[data-testid=given][data-delivery=acknowledged]")).to_have_count(2)
        for login in (watched.proctor, second):
            expect(page.get_by_test_id("panel")).to_contain_text(name_of(login))
    desk.picture(other, "two-03-commands-of-both")
    take_note(one, "低头时间较长")
    take_note(other, "左侧有人说话")
    for page in (one, other):
        page.get_by_role("tab", name="监考记录").click()
        for login, said in ((watched.proctor, "低头时间较长"), (second, "左侧有人说话")):
            note = page.get_by_test_id("note").filter(has_text=said)
            expect(note).to_contain_text(name_of(login))
    desk.picture(other, "two-04-notes-of-both")


def test_one_goes_and_the_other_stays(
    show: Demo, examination: Examination, watched: Watched, second: str, desk: Desk
) -> None:
    one, other = (open_wall(desk, login, watched.room_id) for login in (watched.proctor, second))
    sitter = watched.sitters[1]
    sitter.raise_hand(f"call-{int(time.time())}")
    open_hand(one, sitter.ticket_number)
    one.get_by_test_id("claim").click()
    open_hand(other, sitter.ticket_number)
    expect(other.get_by_test_id("claimed")).to_be_visible()
    one.keyboard.press("Escape")
    expect(one.get_by_test_id("panel")).to_have_count(0)
    one.get_by_role("button", name="移交考场").click()
    dialog = one.get_by_role("dialog", name="移交考场")
    dialog.get_by_role("combobox", name="移交给").click()
    one.get_by_role("option").filter(has_text=name_of(second)).click()
    dialog.get_by_role("button", name="移交考场").click()
    expect(one.get_by_text("已移交。")).to_be_visible()
    # Nobody who is gone looks after anything: whoever stays answers the hand.
    expect(other.get_by_test_id("claimed")).to_have_count(0)
    other.get_by_test_id("answer-call").click()
    expect(other.get_by_test_id("call")).to_have_count(0)
    other.keyboard.press("Escape")
    expect(other.get_by_text(f"{name_of(second)} 在岗")).to_be_visible()
    expect(other.get_by_text(name_of(watched.proctor))).to_have_count(0)
    desk.picture(other, "two-05-after-hand-over")
    watching = show.staff("admin").get(f"/api/patrol/sittings/{examination.prepared.open_id}")["rooms"]
    (room,) = [room for room in watching if room["room_id"] == watched.room_id]
    assert [person["name"] for person in room["proctors"]] == [name_of(second)]
