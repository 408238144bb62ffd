"""What staff do during and after a sitting, by clicking: figures, time, seats, marks, keys, release, exports, audit (S3.6, S4.7, C5.5)."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.preparing import OPEN_SUBJECT, QUICK_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import adjusting, auditing, candidate, exporting, grading, people, staff
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination, open_examination
from tests.e2e.intended import FORMULA, say
from tests.e2e.sat import Sat, answer_all, enter_all, hand_in_all
from tests.e2e.sitters import Sitter
from tests.e2e.staff import sit_down

QUICK, OPEN = "第一场", "第二场"
ABSENT = 2
FULL, PASS_MARK = "59.5", 36
TOLD_WITHIN_MS = 2_000


@pytest.fixture(scope="module")
def examination(show: Demo) -> Examination:
    """An examination whose first sitting ends within minutes; who is late by a minute is absent."""
    return open_examination(show, late_entry_within_minutes=1, save_grace_seconds=5)


@pytest.fixture(scope="module")
def sat() -> Sat:
    """What candidates did in the first sitting."""
    return Sat()


def expect_figure(page: Page, name: str, number: int) -> None:
    """Wait until a figure of the live statistics is this."""
    shown = page.locator(".chip, .figure").filter(has_text=re.compile(f"^{name}")).first.locator("strong")
    expect(shown).to_have_text(str(number))


def test_live_statistics_follow_the_sitting(show: Demo, examination: Examination, desk: Desk, sat: Sat) -> None:
    tickets = examination.tickets[QUICK_SUBJECT]
    came = len(tickets) - ABSENT
    page = sit_down(desk, "patrol")
    staff.open_menu(page, "考情统计")
    staff.choose_option(page, page.get_by_role("combobox", name="考情统计"), QUICK)
    expect_figure(page, "应考", len(tickets))
    expect_figure(page, "未开始", len(tickets))
    watched = Sitter(show, tickets[0], examination.prepared.quick_id, 0)
    expect_figure(page, "已进入", 1)
    candidates = enter_all(show, examination.prepared.quick_id, tickets[1:came])
    expect_figure(page, "已进入", came)
    desk.picture(page, "live-1-entered")
    answer_all(candidates, sat)
    hand_in_all(candidates, sat)
    sat.empty, sat.absent = tickets[0], tickets[came:]
    expect_figure(page, "已交卷", came - 2)
    expect_figure(page, "缺考", ABSENT)
    room = page.get_by_role("button").filter(has_text=re.compile("^1 号考场"))
    expect(room).to_contain_text(f"已交卷 {came - 2}")
    expect(room).to_contain_text(f"缺考 {ABSENT}")
    desk.picture(page, "live-2-handed-in")
    room.click()
    expect(page.get_by_role("article")).to_have_count(len(tickets))
    desk.picture(page, "live-3-room")
    watched.close()


def test_one_proposes_time_and_another_gives_it(show: Demo, examination: Examination, desk: Desk) -> None:
    ticket = examination.tickets[OPEN_SUBJECT][0]
    page = desk.computer()
    candidate.enter(page, ticket, OPEN)
    candidate.expect_paper(page)
    proctor = sit_down(desk, show.watcher_of(examination.prepared.open_id))
    adjusting.find_attempt(proctor, OPEN, ticket)
    desk.picture(proctor, "adjust-1-attempts")
    adjusting.propose(proctor, "延时", "平台故障，已核实", minutes=7)
    adjusting.open_requests(proctor, OPEN)
    expect(proctor.get_by_role("button", name="批准", exact=True)).to_have_count(0)

    patrol = sit_down(desk, "patrol")
    adjusting.open_requests(patrol, OPEN)
    desk.picture(patrol, "adjust-2-requests")
    adjusting.decide(patrol, "延时")
    notice = page.get_by_role("dialog", name="考试时间已调整")
    expect(notice).to_be_visible(timeout=TOLD_WITHIN_MS)
    expect(notice.get_by_text("原因：平台故障，已核实")).to_be_visible()
    notice.get_by_role("button", name="我知道了").click()
    expect(patrol.get_by_role("article").first).to_contain_text("已生效")

    for kind, told in (("暂停", "考试已暂停"), ("恢复", "考试继续")):
        adjusting.find_attempt(proctor, OPEN, ticket)
        adjusting.propose(proctor, kind, "突发公共事件")
        if kind == "暂停":
            adjusting.decide(patrol, kind)
        expect(page.get_by_text(told)).to_be_visible(timeout=TOLD_WITHIN_MS)
        desk.picture(page, f"candidate-told-{kind}")
    page.get_by_role("dialog", name="考试继续").get_by_role("button", name="我知道了").click()
    candidate.go_to(page, 1)
    page.keyboard.press("a")
    candidate.expect_answered(page, 1)


def test_a_rejected_request_changes_nothing_and_a_mistaken_hand_in_is_reopened(
    show: Demo, examination: Examination, desk: Desk
) -> None:
    ticket = examination.tickets[OPEN_SUBJECT][1]
    page = desk.computer()
    candidate.enter(page, ticket, OPEN)
    candidate.expect_paper(page)
    page.keyboard.press("a")
    candidate.expect_answered(page, 1)
    candidate.hand_in(page, 47)
    first = candidate.read_receipt_number(page)
    admin, patrol = sit_down(desk, "admin"), sit_down(desk, "patrol")
    for verdict in ("不批准", "批准"):
        adjusting.find_attempt(admin, OPEN, ticket)
        expect(admin.get_by_role("row").last).to_contain_text("已交卷")
        adjusting.propose(admin, "重新开放", "误交卷，监考已核实", minutes=10)
        adjusting.open_requests(patrol, OPEN)
        adjusting.decide(patrol, "重新开放", verdict)
        expect(patrol.get_by_role("article").first).to_contain_text("未批准" if verdict == "不批准" else "已生效")
    page.goto(desk.origin)
    candidate.sitting_card(page, OPEN).get_by_role("link", name="继续考试").click()
    candidate.expect_paper(page)
    candidate.expect_answered(page, 1)
    candidate.go_to(page, 2)
    page.keyboard.press("b")
    candidate.expect_answered(page, 2)
    candidate.hand_in(page, 46)
    assert candidate.read_receipt_number(page) != first


def test_a_seat_is_released_with_a_reason_and_taken_at_another_computer(
    show: Demo, examination: Examination, desk: Desk
) -> None:
    ticket = examination.tickets[OPEN_SUBJECT][2]
    page, other = desk.computer(), desk.computer()
    candidate.enter(page, ticket, OPEN)
    candidate.expect_paper(page)
    page.keyboard.press("c")
    candidate.expect_answered(page, 1)
    candidate.find_seat_taken(other, ticket, OPEN)
    support = sit_down(desk, "support", width=1280)
    adjusting.find_attempt(support, OPEN, ticket)
    adjusting.release_seat(support, "考生电脑蓝屏，已电话核实身份")
    desk.picture(support, "adjust-3-released")
    expect(page.get_by_role("heading", name="您的座位已转到另一台电脑")).to_be_visible(timeout=TOLD_WITHIN_MS)
    other.get_by_role("button", name="监考人员已释放，在此继续").click()
    candidate.expect_paper(other)
    candidate.expect_answered(other, 1)


def test_a_locked_candidate_is_let_in_by_code_and_by_unlocking(examination: Examination, desk: Desk) -> None:
    ticket = examination.tickets[OPEN_SUBJECT][3]
    page = desk.computer()
    candidate.lock_out(page, ticket)
    support = sit_down(desk, "support", width=1280)
    code = people.issue_code(support, ticket, "忘记密码，已核实身份")
    desk.picture(support, "support-1-code")
    support.keyboard.press("Escape")
    expect(support.get_by_role("dialog")).to_be_hidden()
    page.reload()
    candidate.log_in(page, ticket, code)
    other = desk.computer()
    candidate.lock_out(other, ticket)
    people.unlock(support, ticket, "账号被锁，已核实身份")
    other.reload()
    candidate.log_in(other, ticket)
    again = desk.computer()
    again.get_by_label("准考证号或身份证号").fill(ticket)
    again.get_by_label("密码", exact=True).fill(code)
    again.get_by_role("button", name="登录", exact=True).click()
    expect(again.get_by_test_id("login-message")).to_be_visible()


def test_grading_shows_every_mark_as_it_was_earned(examination: Examination, desk: Desk, sat: Sat) -> None:
    assert sat.receipts, "the candidates sit first: run the whole file"
    page = sit_down(desk, "admin")
    grading.wait_until_over(page)
    grading.open_results(page, QUICK)
    grading.grade(page)
    desk.picture(page, "results-1-list")
    search = page.get_by_placeholder("姓名 / 准考证号")
    for ticket in list(sat.sheets)[::9]:
        search.fill(ticket)
        row = grading.result_row(page, ticket)
        expect(row.locator("strong.number")).to_have_text(say(sat.total(ticket)))
    row.click()
    grading.expect_marks(page, sat.sheets[ticket])
    desk.picture(page, "results-2-one")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    search.fill("")
    staff.choose_option(page, page.get_by_role("combobox", name="结果"), "不合格")
    expect(page.get_by_role("row").filter(has_text="合格").filter(has_not_text="不合格")).to_have_count(0)
    page.get_by_role("button", name="清除筛选").click()
    expected = {ticket: say(sheet.total) for ticket, sheet in sat.sheets.items()} | {sat.empty: "0"}
    assert grading.read_scores(page, len(expected)) == expected
    assert any(sheet.total % 1 for sheet in sat.sheets.values()), "half points must be among them"


def test_statistics_are_those_of_the_answers(desk: Desk, sat: Sat) -> None:
    assert sat.receipts, "the candidates sit first: run the whole file"
    page = sit_down(desk, "admin")
    grading.open_results(page, QUICK)
    grading.open_tab(page, "试题与成绩统计")
    expect(page.get_by_role("img", name="成绩分布").locator("svg, canvas")).to_be_visible()
    expect(page.get_by_role("img", name="难度与区分度").locator("svg, canvas")).to_be_visible()
    totals = [sheet.total for sheet in sat.sheets.values()]
    people = len(totals) + 1
    mean = (sum(totals, Decimal(0)) / people).quantize(Decimal("0.1"))
    facts = page.locator(".el-descriptions")
    expect(facts).to_contain_text(re.compile(rf"平均分\s*{mean} / {FULL}"))
    expect(facts).to_contain_text(re.compile(rf"最低–最高\s*0–{say(max(totals))}"))
    desk.picture(page, "results-3-statistics")
    table = page.get_by_role("region", name="试题")
    table.get_by_placeholder("题号、题干、知识点").fill("没有这样的题")
    expect(table.get_by_text("没有符合条件的记录")).to_be_visible()
    table.get_by_placeholder("题号、题干、知识点").fill("")
    expect(table.get_by_text(re.compile(r"^共 \d+ 条$"))).to_be_visible()
    page.mouse.wheel(0, 900)
    desk.picture(page, "results-4-items")


def test_a_corrected_key_is_graded_anew_and_both_results_stay(desk: Desk, sat: Sat) -> None:
    assert sat.receipts, "the candidates sit first: run the whole file"
    before = {ticket: sheet.total for ticket, sheet in sat.sheets.items()}
    page = sit_down(desk, "admin")
    grading.open_results(page, QUICK)
    grading.open_tab(page, "试题与成绩统计")
    excerpt = grading.correct_hardest(page, "全体给分")
    desk.picture(page, "results-5-correction")
    page.get_by_role("button", name="重新评分").click()
    dialog = page.get_by_role("dialog", name="更正答案并重新评分")
    dialog.get_by_label("原因").fill("题目有歧义，专家组认定全体给分")
    dialog.get_by_role("button", name="重新评分").click()
    expect(page.get_by_role("radio", name=re.compile("^第 2 轮 待发布"))).to_be_checked()
    for sheet in sat.sheets.values():
        sheet.award(excerpt)
    gained = {ticket for ticket, sheet in sat.sheets.items() if sheet.total > before[ticket]}
    assert gained, "somebody answered it wrong"
    grading.open_tab(page, "与另一轮比较")
    panel = page.get_by_role("tabpanel", name="与另一轮比较")
    expect(panel.get_by_role("row").nth(1)).to_be_visible()
    desk.picture(page, "results-6-comparison")
    for row in panel.get_by_role("row").all()[1:]:
        ticket = next(one for one in (*sat.sheets, sat.empty) if one in row.inner_text())
        if ticket in sat.sheets:
            scores = [Decimal(one) for one in re.findall(r"([\d.]+) / [\d.]+ ·", row.inner_text())]
            assert scores == [before[ticket], sat.total(ticket)]
            gained.remove(ticket)
    assert not gained, "the comparison leaves nobody out"
    grading.expect_kept(page, first := next(iter(sat.sheets)), before[first], sat.total(first))


def test_two_persons_release_and_the_candidate_sees_it(desk: Desk, sat: Sat) -> None:
    assert sat.receipts, "the candidates sit first: run the whole file"
    admin, board = sit_down(desk, "admin"), sit_down(desk, "board")
    grading.open_results(admin, QUICK)
    admin.get_by_role("button", name="提出发布").click()
    expect(admin.get_by_text("由考务管理员提出，须由甲方批准。")).to_be_visible()
    expect(admin.get_by_role("button", name="批准发布")).to_be_disabled()
    desk.picture(admin, "results-7-proposed")
    ticket = list(sat.sheets)[9]
    page = desk.computer()
    candidate.log_in(page, ticket)
    expect(candidate.sitting_card(page, QUICK)).to_be_visible()
    expect(candidate.sitting_card(page, QUICK)).not_to_contain_text("满分")
    grading.open_results(board, QUICK)
    board.get_by_role("button", name="批准发布").click()
    expect(board.get_by_text("成绩已发布。")).to_be_visible()
    desk.picture(board, "results-8-released")
    page.reload()
    expect(candidate.sitting_card(page, QUICK)).to_contain_text(f"{say(sat.total(ticket))} 分（满分 {FULL}）")


def test_exports_hold_what_was_earned(examination: Examination, desk: Desk, sat: Sat, tmp_path: Path) -> None:
    assert sat.receipts, "the candidates sit first: run the whole file"
    tickets = examination.tickets[QUICK_SUBJECT]
    page = sit_down(desk, "admin")
    staff.open_menu(page, "数据导出")
    desk.picture(page, "exports-1-empty")
    row = exporting.order(page, "成绩", "报送市住建委一", sitting=QUICK)
    scores = exporting.read_workbook(path := exporting.download(page, row, tmp_path), "成绩")
    assert {str(one["准考证号"]) for one in scores} == set(tickets)
    for one in scores:
        ticket = str(one["准考证号"])
        expected = sat.total(ticket) if ticket in sat.sheets else None
        if expected is not None:
            assert Decimal(str(one["得分"])) == expected
            assert one["是否合格"] == ("合格" if expected >= PASS_MARK else "不合格")
    assert {str(one["准考证号"]) for one in scores if one["状态"] == "缺考"} == set(sat.absent)
    mark = exporting.read_mark(path, "成绩")
    assert "王敏" in mark
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d（北京时间）", mark)

    row = exporting.order(page, "成绩", "内部核对二", format_="csv", grouping="按单位", sitting=QUICK)
    table = exporting.read_csv(exporting.download(page, row, tmp_path))
    assert [one["单位"] for one in table] == sorted(one["单位"] for one in table)
    assert {one["准考证号"]: one["得分"] for one in table if one["准考证号"] in sat.sheets} == {
        ticket: say(sat.total(ticket)) for ticket in sat.sheets
    }
    assert all("王敏" in one["导出标记"] for one in table)
    assert all(cell[:1] not in "=+-@" for one in table for cell in one.values() if cell)

    row = exporting.order(page, "成绩", "归档签字三", format_="pdf", grouping="按考场", sitting=QUICK)
    pages = exporting.read_pdf(exporting.download(page, row, tmp_path))
    assert all("王敏" in text for text in pages)
    assert all(ticket in "".join(pages) for ticket in tickets)
    desk.picture(page, "exports-2-register")


def test_the_other_exports_hold_what_happened(examination: Examination, desk: Desk, sat: Sat, tmp_path: Path) -> None:
    assert sat.receipts, "the candidates sit first: run the whole file"
    page = sit_down(desk, "admin", width=1280)
    staff.open_menu(page, "数据导出")

    def fetch(kind: str, sheet: str, purpose: str, grouping: str) -> dict[str, dict[str, Any]]:
        row = exporting.order(page, kind, purpose, grouping=grouping, sitting=QUICK)
        rows = exporting.read_workbook(exporting.download(page, row, tmp_path), sheet)
        return {str(one["准考证号"]): one for one in rows}

    assert set(fetch("缺考名单", "缺考名单", "核对缺考名单", "按科目")) == set(sat.absent)
    times = fetch("交卷时间", "交卷时间", "核对交卷时间", "按考场")
    assert {ticket: times[ticket]["回执编号"] for ticket in sat.receipts} == sat.receipts
    assert times[sat.silent]["状态"] == "到时自动交卷"
    assert fetch("违纪名单", "违纪名单", "核对违纪名单", "按单位") == {}
    sheets = fetch("答题卡", "答题卡", "核对答题卡", "按场次")
    for ticket, sheet in sat.sheets.items():
        given = {name: value or "" for name, value in sheets[ticket].items() if re.fullmatch(r"第\d+题", name)}
        assert given == {f"第{number}题": sheet.write(f"i{number}") for number in range(1, len(given) + 1)}
    written = [str(value) for row in sheets.values() for value in row.values()]
    assert any(FORMULA in text for text in written), "somebody must have written a formula"
    assert all(not text.startswith("=") for text in written)
    page.get_by_placeholder("用途、经手人").fill("核对缺考名单")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("row").last.get_by_role("button", name="销毁").click()
    page.get_by_role("dialog", name="销毁").get_by_role("button", name="确定").click()
    expect(page.get_by_role("row").last).to_contain_text("已销毁")
    desk.picture(page, "exports-3-destroyed")


ACTS = (
    "作答 · 时间调整 · 提出",
    "作答 · 时间调整 · 生效",
    "作答 · 时间调整 · 驳回",
    "作答 · 座位 · 释放",
    "阅卷 · 评分轮次 · 开始",
    "阅卷 · 发布 · 批准",
    "导出 · 文件 · 申请",
    "导出 · 文件 · 下载",
    "导出 · 文件 · 销毁",
    "账号 · 考生 · 解锁",
    "账号 · 考生 · 签发登录码",
)


def test_everything_is_on_record_and_the_chain_holds(show: Demo, desk: Desk, sat: Sat) -> None:
    assert sat.receipts, "what is on record happens first: run the whole file"
    page = sit_down(desk, "auditor")
    staff.open_menu(page, "审计")
    desk.picture(page, "audit-1-list")
    for act in ACTS:
        staff.choose_option(page, page.get_by_role("combobox", name="操作", exact=True), act)
        expect(page.get_by_role("row").nth(1)).to_contain_text(act)
    staff.choose_option(page, page.get_by_role("combobox", name="操作", exact=True), "作答 · 座位 · 释放")
    expect(page.get_by_role("row").nth(1)).to_contain_text("考生电脑蓝屏，已电话核实身份")
    staff.choose_option(page, page.get_by_role("combobox", name="操作人"), "冯雪（客服）")
    expect(page.get_by_role("row")).to_have_count(2)
    desk.picture(page, "audit-2-filtered")
    page.get_by_role("row").nth(1).click()
    expect(page.get_by_role("dialog")).to_contain_text("考试记录")
    desk.picture(page, "audit-3-record")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="校验全链").click()
    expect(page.get_by_text(re.compile(r"^校验通过：[\d,]+ 条记录完整"))).to_be_visible()
    auditing.expect_intact(show)
