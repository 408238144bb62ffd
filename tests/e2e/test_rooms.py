"""A sitting is planned, locked, arranged into rooms, signed for by the board and opened, by clicking in the console."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from invigil.app.demo.running import Demo
from invigil.app.sample.candidates.people import SamplePerson
from tests.e2e import arranging, moving, signing
from tests.e2e import candidate as sitters
from tests.e2e.desk import Desk
from tests.e2e.planning import EVERYBODY, SUBJECTS, TITLE, Planned, plan_examination
from tests.e2e.staff import choose_option, expect_loaded, open_menu, sit_down

SITTING, MOCK = "第一场", "模拟一"


@pytest.fixture(scope="module")
def planned(show: Demo) -> Planned:
    """An examination with candidates and locked papers, without sittings."""
    return plan_examination(show)


@pytest.fixture
def console(planned: Planned, desk: Desk) -> Page:
    """The console, with the administrator logged in."""
    assert planned
    return sit_down(desk, "admin")


def test_a_sitting_is_planned_and_locked_by_two_persons(console: Page, desk: Desk) -> None:
    panel = arranging.open_exam(console, TITLE, "清单")
    expect(arranging.checklist_item(console, "安排正式场次")).to_contain_text("还没有正式场次")
    expect(arranging.checklist_item(console, "锁定试卷")).to_contain_text("未选定或未经两人锁定")
    desk.picture(console, "plan-01-checklist-before")
    expect(panel).to_contain_text("谁来办：考务管理")
    add_and_remove_a_subject(console)
    for subject in SUBJECTS:
        arranging.choose_papers(console, subject, f"{subject} 类 正式试卷", f"{subject} 类 模拟试卷")
    desk.picture(console, "plan-02-subjects")
    drawer = start_sitting(console)
    set_rules(console, drawer, desk)
    arranging.save_sitting(console, drawer)
    arranging.propose_lock(drawer)
    desk.picture(console, "plan-04-proposed")
    second = sit_down(desk, "admin2")
    arranging.confirm_lock(second, TITLE, SITTING)
    desk.picture(second, "plan-05-locked")


def add_and_remove_a_subject(page: Page) -> None:
    panel = arranging.open_exam(page, TITLE, "科目与试卷")
    panel.get_by_role("button", name="新增科目").click()
    dialog = page.get_by_role("dialog", name="新增科目")
    dialog.get_by_label("代码").fill("D1")
    dialog.get_by_label("名称").fill("试加的科目")
    dialog.get_by_role("button", name="保存").click()
    row = panel.get_by_role("row").filter(has_text="试加的科目")
    row.get_by_role("button", name="删除").click()
    page.get_by_role("dialog", name="删除科目 D1？").get_by_role("button", name="确定").click()
    expect(row).to_have_count(0)


def start_sitting(page: Page) -> Locator:
    panel = arranging.open_exam(page, TITLE, "场次")
    expect(panel.get_by_text("还没有场次")).to_be_visible()
    panel.get_by_role("button", name="新增场次").first.click()
    expect_loaded(page)
    return arranging.write_sitting(page, SITTING, datetime.now(UTC) + timedelta(days=2), SUBJECTS)


def set_rules(page: Page, drawer: Locator, desk: Desk) -> None:
    """Write rules; what recording costs follows the settings, and a wrong setting is named."""
    drawer.get_by_label("开考多久后可交卷").fill("45")
    drawer.get_by_text("竖屏", exact=True).click()
    drawer.get_by_text("提供计算器").click()
    recording = drawer.get_by_role("region", name="录制设置")
    total = recording.get_by_role("row").filter(has_text="每位考生合计")
    expect(total).to_contain_text(re.compile(r"\d+(\.\d+)? MB/小时"))
    before = total.inner_text()
    rate = recording.get_by_label("答题屏幕 码率（kbit/s）")
    rate.fill("900")
    rate.press("Tab")
    expect(total).not_to_have_text(before)
    width = recording.get_by_label("手机摄像头与麦克风 宽")
    width.fill("641")
    width.press("Tab")
    expect(recording.get_by_text("均须为偶数")).to_be_visible()
    desk.picture(page, "plan-03-recording-fault")
    width.fill("640")
    width.press("Tab")
    expect(recording.get_by_role("status")).to_contain_text("上行约")


def test_candidates_are_arranged_into_rooms_and_moved(console: Page, desk: Desk) -> None:
    arranging.open_rooms(console, TITLE, SITTING)
    expect(console.get_by_text("这个场次还没有编排")).to_be_visible()
    console.get_by_role("button", name="自动编排").first.click()
    expect(arranging.tile(console, "已编入")).to_contain_text(str(EVERYBODY))
    cards = console.get_by_role("button", name=re.compile("号考场"))
    expect(cards).to_have_count(4)
    assert sum(arranging.count_seated(card) for card in cards.all()) == EVERYBODY
    desk.picture(console, "rooms-01-arranged")
    moving.move_by_mouse(console, origin=1, target=2)
    moving.move_by_keyboard(console, origin=2, target=1)
    moving.swap_by_mouse(console, desk)
    moving.swap_by_dialog(console, desk)
    moving.refuse_other_subject(console)
    moving.take_out_and_put_back(console, desk)


def test_related_proctors_step_back(console: Page, planned: Planned, desk: Desk) -> None:
    relative = planned.of("C3")[0]
    colleague = planned.of("C2")[0].employer
    declare_relative(sit_down(desk, "proctor1"), relative, desk)
    declare_employer(sit_down(desk, "proctor2"), colleague)
    arranging.open_rooms(console, TITLE, SITTING)
    expect(arranging.tile(console, "缺监考的考场")).to_contain_text("4")
    console.get_by_role("button", name="自动安排监考").click()
    expect(arranging.tile(console, "缺监考的考场")).to_contain_text("0")
    home = find_room_of(console, planned.tickets[relative.identity_number])
    expect(arranging.room(console, home)).not_to_contain_text("陈静")
    for number in (1, 2):
        expect(arranging.room(console, number)).not_to_contain_text("刘洋")
    desk.picture(console, "rooms-05-proctors")
    refuse_proctor(console, home, "陈静", "有近亲属关系", desk)
    refuse_proctor(console, 1, "刘洋", "同属一个单位", desk)
    swap_proctors(console)
    see_declarations(console, relative, desk)


def declare_relative(page: Page, relative: SamplePerson, desk: Desk) -> None:
    open_menu(page, "回避申报")
    page.get_by_label("姓名").fill(relative.name)
    choose_option(page, page.get_by_role("combobox", name="关系"), "配偶")
    page.get_by_label("身份证号（可不填）").fill(relative.identity_number)
    page.get_by_role("button", name="增加").click()
    expect(page.get_by_text(f"{relative.name} · 配偶")).to_be_visible()
    page.get_by_role("button", name="确认申报").click()
    expect(page.get_by_text(re.compile("已于 .+ 申报"))).to_be_visible()
    desk.picture(page, "rooms-06-declaration")


def declare_employer(page: Page, employer: str) -> None:
    open_menu(page, "回避申报")
    expect(page.get_by_text("没有申报近亲属")).to_be_visible()
    page.get_by_label("工作单位").fill(employer)
    page.get_by_role("button", name="确认申报").click()
    expect(page.get_by_text(re.compile("已于 .+ 申报"))).to_be_visible()


def find_room_of(page: Page, ticket: str) -> int:
    """Return the number of the room in which this candidate sits, found by the search above the rooms."""
    page.get_by_role("combobox", name="按姓名或准考证号查找考生").fill(ticket)
    page.get_by_role("option", name=ticket).click()
    row = arranging.seat_row(page, ticket)
    expect(row).to_be_visible()
    heading = page.get_by_role("heading", name=re.compile("^\\d+ 号考场")).inner_text()
    return int(heading.split(" ")[0])


def refuse_proctor(page: Page, number: int, name: str, reason: str, desk: Desk) -> None:
    """Somebody who must step back is chosen by hand: refused with the reason, and nothing is changed."""
    arranging.open_room(page, number)
    before = arranging.room(page, number).inner_text()
    page.get_by_role("button", name="指定监考").click()
    dialog = page.get_by_role("dialog", name=f"指定监考 · {number} 号考场")
    choose_option(page, dialog.get_by_role("combobox", name="监考"), name)
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="保存").click()
    expect(
        page.get_by_text(re.compile(f"须回避：监考人员“{name}.*{number} 号考场的考生{reason}")).first
    ).to_be_visible()
    desk.picture(page, f"rooms-07-refused-{number}")
    dialog.get_by_role("button", name="取消").click()
    assert arranging.room(page, number).inner_text() == before


def swap_proctors(page: Page) -> None:
    """Two rooms exchange whoever watches them, where nobody is related."""
    arranging.open_room(page, 1)
    page.get_by_role("button", name=re.compile("^互换监考")).click()
    dialog = page.get_by_role("dialog", name="1 号考场与哪个考场互换监考")
    first, second = (watcher(page, number) for number in (1, 2))
    choose_option(page, dialog.get_by_role("combobox", name="考场"), "2 号考场")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_be_hidden()
    expect(arranging.room(page, 1)).to_contain_text(second)
    expect(arranging.room(page, 2)).to_contain_text(first)


def watcher(page: Page, number: int) -> str:
    """Return who watches this room, by the room's card."""
    return arranging.room(page, number).inner_text().rsplit("·", 1)[-1].strip()


def see_declarations(page: Page, relative: SamplePerson, desk: Desk) -> None:
    page.get_by_role("tab", name="监考", exact=True).click()
    row = page.get_by_role("row").filter(has_text="陈静")
    row.get_by_role("button", name="登记申报").click()
    drawer = page.get_by_role("dialog", name=re.compile("登记回避申报"))
    expect(drawer.get_by_text(relative.name)).to_be_visible()
    desk.picture(page, "rooms-08-declarations")


def test_the_board_signs_the_sheet_and_the_rooms_are_frozen(console: Page, desk: Desk) -> None:
    board = sit_down(desk, "board")
    signing.open_sheets(console)
    expect(console.get_by_text("还没有确认单")).to_be_visible()
    signing.submit_sheet(console)
    signing.check_sheet(console, version=1, mark="待甲方签署")
    desk.picture(console, "sheet-01-submitted")
    signing.open_sheets(board)
    desk.picture(board, "sheet-02-board")
    signing.sign_sheet(board, version=1, desk=desk)
    signing.expect_frozen(console, SITTING, desk)
    signing.amend(console)
    arranging.open_rooms(console, TITLE, SITTING)
    moving.move_by_mouse(console, origin=1, target=2)
    signing.open_sheets(console)
    signing.submit_sheet(console)
    signing.open_sheets(board)
    signing.sign_sheet(board, version=2, desk=desk)
    expect(signing.sheet_row(board, 1)).to_contain_text("已被替换")
    text = signing.check_sheet(board, version=2, mark="已签署")
    assert "1 号考场：人数" in text
    desk.picture(board, "sheet-04-second-version")


def test_the_sitting_opens_and_the_checklist_says_so(console: Page, desk: Desk) -> None:
    arranging.open_exam(console, TITLE, "清单")
    expect(arranging.checklist_item(console, "开放场次")).to_contain_text(f"尚未开放：{SITTING}")
    expect(arranging.checklist_item(console, "安排监考 1:30")).to_contain_text("4 个考场均已安排")
    arranging.checklist_item(console, "开放场次").get_by_role("button", name="去办理").click()
    panel = console.get_by_role("tabpanel", name="场次")
    panel.get_by_role("row").filter(has_text=SITTING).get_by_role("button", name="详情").click()
    drawer = console.get_by_role("dialog").filter(has_text=SITTING)
    drawer.get_by_role("button", name="开放场次").click()
    console.get_by_role("dialog", name="开放场次").get_by_role("button", name="确定").click()
    expect(drawer.get_by_role("button", name="撤回开放")).to_be_visible()
    desk.picture(console, "plan-06-open")
    drawer.get_by_role("button", name="关闭").first.click()
    console.get_by_role("tab", name="清单").click()
    expect(arranging.checklist_item(console, "开放场次")).to_have_class(re.compile(r"\bok\b"))
    expect(arranging.checklist_item(console, "考场安排确认单")).to_contain_text("-V02 已签署")
    desk.picture(console, "plan-07-checklist-after")


def test_staff_book_and_waive_the_mock_and_the_gate_is_shown(console: Page, planned: Planned, desk: Desk) -> None:
    plan_mock(console, desk)
    booked, waived = (planned.tickets[one.identity_number] for one in planned.people[:2])
    act_on_mock(console, "代考生预约", booked, "考生来电，自选时段已满")
    panel = arranging.open_exam(console, TITLE, "模拟时段")
    expect(panel.get_by_role("article").filter(has_text=MOCK)).to_contain_text("已预约 1 · 剩余 39")
    desk.picture(console, "mock-01-slots")
    candidate = desk.computer()
    sitters.log_in(candidate, booked)
    expect(candidate.get_by_test_id("mock-slots").get_by_text("已预约")).to_be_visible()
    desk.picture(candidate, "mock-02-candidate")
    act_on_mock(console, "豁免模拟考试", waived, "经甲方书面同意")
    console.get_by_role("tab", name="清单").click()
    expect(arranging.checklist_item(console, "模拟考试完成情况")).to_contain_text(f"已完成 1 / {EVERYBODY} 人")
    expect_gate(console, booked, "尚未完成模拟考试，不能进入正式考核", desk)
    expect_gate(console, waived, "已豁免模拟考试", desk)


def plan_mock(page: Page, desk: Desk) -> None:
    """A mock slot with 40 places is planned, locked by two and opened."""
    panel = arranging.open_exam(page, TITLE, "场次")
    panel.get_by_role("button", name="新增模拟时段").click()
    drawer = arranging.write_sitting(page, MOCK, datetime.now(UTC) + timedelta(days=1), SUBJECTS)
    drawer.get_by_label(re.compile("^名额")).fill("40")
    arranging.save_sitting(page, drawer)
    arranging.propose_lock(drawer)
    second = sit_down(desk, "admin2")
    arranging.confirm_lock(second, TITLE, MOCK)
    second.get_by_role("dialog").filter(has_text=MOCK).get_by_role("button", name="开放场次").click()
    second.get_by_role("dialog", name="开放场次").get_by_role("button", name="确定").click()
    expect(second.get_by_role("button", name="撤回开放")).to_be_visible()


def act_on_mock(page: Page, act: str, ticket: str, reason: str) -> None:
    """Book a slot for a candidate, or waive the mock; the reason is asked for."""
    page.reload()
    arranging.open_exam(page, TITLE, "模拟时段").get_by_role("button", name=act).first.click()
    dialog = page.get_by_role("dialog", name=re.compile(act))
    dialog.get_by_label(re.compile("^考生")).fill(ticket)
    dialog.get_by_label("原因").fill(reason)
    dialog.get_by_role("button", name=act).click()
    expect(dialog).to_be_hidden()


def expect_gate(page: Page, ticket: str, sentence: str, desk: Desk) -> None:
    """The candidate's page says where they sit and whether the mock lets them in."""
    open_menu(page, "考生")
    page.get_by_label("姓名、证件号或后四位、手机号、准考证号、单位").fill(ticket)
    page.get_by_role("row").filter(has_text=ticket).get_by_role("cell").first.click()
    seats = page.get_by_role("region", name="考场与座位")
    expect(seats).to_contain_text(re.compile(r"\d+ 号考场 \d+ 号座位"))
    expect(seats).to_contain_text(sentence)
    desk.picture(page, f"mock-03-gate-{ticket}")
    page.keyboard.press("Escape")
    expect(seats).to_be_hidden()
