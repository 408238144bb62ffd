"""Two candidates sit an examination: one loses the network, one reloads and moves to another computer. Then it is graded and given out."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.preparing import QUICK_SUBJECT
from invigil.app.demo.results import grade_and_release
from invigil.app.demo.running import Demo
from invigil.serve.exports.model import ExportKind
from tests.e2e import candidate, staff
from tests.e2e.desk import Desk
from tests.e2e.examination import EXTRA_MINUTES, Examination
from tests.e2e.reading import read_export, read_results

TITLE = "第一场"
TOLD_WITHIN_S = 2


class Story:
    """What the candidates did, kept for what is checked after the sitting. answers: letters by question number, by ticket number."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[int, str]] = {}
        self.receipts: dict[str, str] = {}


@pytest.fixture(scope="module")
def story() -> Story:
    """What has happened so far in this module; its tests follow one another."""
    return Story()


def attempt_of(show: Demo, examination: Examination, ticket_number: str) -> dict[str, Any]:
    """Find a candidate's attempt as staff do."""
    admin = show.staff("admin")
    found = admin.get("/api/candidates", exam_id=examination.prepared.exam_id, q=ticket_number)["items"]
    person = next(one for one in found if one["ticket_number"] == ticket_number)
    attempts = admin.get(f"/api/attempts/of-sitting/{examination.prepared.quick_id}")
    attempt: dict[str, Any] = next(one for one in attempts if one["candidate_id"] == person["id"])
    return attempt


def test_a_candidate_loses_the_network_and_nothing_else(
    show: Demo, examination: Examination, desk: Desk, story: Story, tmp_path: Path
) -> None:
    ticket = examination.tickets[QUICK_SUBJECT][0]
    page = desk.computer()
    desk.picture(page, "candidate-01-login")
    candidate.log_in(page, ticket)
    expect(candidate.sitting_card(page, TITLE)).to_be_visible()
    desk.picture(page, "candidate-02-sittings")
    candidate.sitting_card(page, TITLE).get_by_role("link", name="进入考试").click()
    expect(page.get_by_role("heading", name="考试须知与授权")).to_be_visible()
    desk.picture(page, "candidate-03-consent")
    candidate.agree(page)
    expect(page.get_by_role("heading", name="候考室")).to_be_visible()
    expect(page.get_by_text("密封试卷已送达，开考时自动解封")).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(00:)?\d\d:\d\d$"))
    desk.picture(page, "candidate-04-waiting-room")
    candidate.expect_paper(page)
    desk.picture(page, "candidate-05-paper")

    answers = story.answers.setdefault(ticket, {})
    for number, is_right in ((1, True), (2, True), (3, False)):
        candidate.go_to(page, number)
        answers[number] = candidate.choose(page, examination, is_right=is_right)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile("^第 4 题"))).to_be_visible()
    page.keyboard.press("b")
    answers[4] = "B"
    page.keyboard.press("m")
    expect(candidate.cell(page, 4, "已答，已标记")).to_be_visible()
    candidate.go_to(page, 21)
    for letter in "ac":
        page.keyboard.press(letter)
    answers[21] = "AC"
    candidate.go_to(page, 31)
    page.get_by_label("错误").check()
    answers[31] = "错"
    candidate.expect_answered(page, 6)
    desk.picture(page, "candidate-06-answering")

    page.context.set_offline(True)
    candidate.go_to(page, 5)
    page.keyboard.press("a")
    answers[5] = "A"
    expect(page.get_by_text(candidate.OFFLINE)).to_be_visible()
    expect(page.get_by_text("离线，答案已保存在本机")).to_be_visible()
    candidate.go_to(page, 41)
    answers[41] = candidate.fill_in(page, "断网时写下的答案")
    desk.picture(page, "candidate-07-offline")
    page.context.set_offline(False)
    expect(page.get_by_text("网络已恢复，答案已全部补交")).to_be_visible()
    candidate.expect_answered(page, 8)
    desk.picture(page, "candidate-08-restored")
    attempt = attempt_of(show, examination, ticket)
    trail = show.staff("admin").get(f"/api/attempts/{attempt['id']}/trail")
    assert trail[-1]["answered"] == 8

    page.get_by_role("banner").get_by_role("button", name="交卷").click()
    expect(page.get_by_role("dialog", name="交卷前请确认")).to_be_visible()
    desk.picture(page, "candidate-09-hand-in")
    page.get_by_role("button", name="继续作答").click()
    candidate.hand_in(page, 40)
    story.receipts[ticket] = candidate.read_receipt_number(page)
    desk.picture(page, "candidate-10-receipt")
    verify_downloaded_receipt(page, story.receipts[ticket], tmp_path)


def verify_downloaded_receipt(page: Page, number: str, folder: Path) -> None:
    """Download the receipt and verify it offline, with our command and with a byte changed."""
    with page.expect_download() as found:
        page.get_by_role("button", name="下载回执文件").click()
    path = folder / found.value.suggested_filename
    assert number in path.name
    found.value.save_as(path)
    assert number in verify(path).stdout
    path.write_text(path.read_text().replace(number, number[:-1] + ("0" if number[-1] != "0" else "1")))
    assert verify(path, is_genuine=False).stderr.startswith("回执无效")


def verify(path: Path, *, is_genuine: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the verifier."""
    command = (sys.executable, "-m", "invigil.app.cli", "verify-receipt", str(path))
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == (0 if is_genuine else 1), done.stderr
    return done


def test_a_candidate_reloads_moves_and_is_given_time(
    show: Demo, examination: Examination, desk: Desk, story: Story
) -> None:
    ticket = examination.tickets[QUICK_SUBJECT][1]
    page = desk.computer()
    candidate.enter(page, ticket, TITLE)
    candidate.expect_paper(page)
    answers = story.answers.setdefault(ticket, {})
    answers[1] = candidate.choose(page, examination, is_right=True)
    candidate.go_to(page, 32)
    page.get_by_label("正确").check()
    answers[32] = "对"
    candidate.expect_answered(page, 2)
    page.reload()
    candidate.expect_paper(page)
    candidate.expect_answered(page, 2)
    expect(page.get_by_label("正确")).to_be_checked()

    attempt = attempt_of(show, examination, ticket)
    give_time(show, attempt["id"])
    told = time.monotonic()
    notice = page.get_by_role("dialog", name="考试时间已调整")
    expect(notice).to_be_visible()
    assert time.monotonic() - told < TOLD_WITHIN_S
    expect(notice.get_by_text("原因：设备故障")).to_be_visible()
    desk.picture(page, "candidate-11-extra-time")
    page.keyboard.press("Escape")
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="我知道了").click()
    expect(notice).to_be_hidden()

    other = desk.computer()
    candidate.find_seat_taken(other, ticket, TITLE)
    desk.picture(other, "candidate-12-seat-occupied")
    other.get_by_role("button", name="监考人员已释放，在此继续").click()
    expect(other.get_by_text("座位尚未释放，请等待监考人员操作后再试。")).to_be_visible()
    # by API: the console's release is shown in the administrator's scenario
    show.staff("admin").post(f"/api/attempts/{attempt['id']}/release", {"reason": "考生电脑故障"})
    other.get_by_role("button", name="监考人员已释放，在此继续").click()
    candidate.expect_paper(other)
    candidate.expect_answered(other, 2)
    expect(page.get_by_role("heading", name="您的座位已转到另一台电脑")).to_be_visible()
    desk.picture(page, "candidate-13-moved-away")
    candidate.go_to(other, 2)
    answers[2] = candidate.choose(other, examination, is_right=True)
    candidate.expect_answered(other, 3)
    candidate.hand_in(other, 45)
    story.receipts[ticket] = candidate.read_receipt_number(other)


def give_time(show: Demo, attempt_id: str) -> None:
    """By API: one person proposes extra time, another approves it."""
    change = show.staff("admin").post(
        f"/api/attempts/{attempt_id}/changes", {"kind": "extra_time", "minutes": EXTRA_MINUTES, "reason": "设备故障"}
    )
    show.staff("patrol").post(f"/api/attempts/changes/{change['id']}/decision", {"is_approved": True})


def test_results_are_released_by_two_and_given_out(
    show: Demo, examination: Examination, desk: Desk, story: Story
) -> None:
    assert story.receipts, "the candidates sit first: run the whole file"
    grade_and_release(show, examination.prepared.quick_id)
    shown = {ticket: read_own_result(desk, ticket) for ticket in story.receipts}
    results = read_results(show, examination)
    assert shown == {ticket: results[ticket]["earned"] for ticket in shown}
    for ticket, answers in story.answers.items():
        marks = {mark["id"]: mark["earned"] for mark in results[ticket]["items"]}
        assert [marks["i1"], marks["i2"]] == ["1", "1"]
        assert {item for item, earned in marks.items() if earned != "0"} <= {f"i{number}" for number in answers}
    scores = read_export(show.staff("board"), examination, ExportKind.SCORES)
    assert {ticket: str(scores[ticket]["得分"]) for ticket in shown} == shown
    sheets = read_export(show.staff("admin"), examination, ExportKind.ANSWER_SHEETS)
    for ticket, answers in story.answers.items():
        given = {name: value for name, value in sheets[ticket].items() if re.fullmatch(r"第\d+题", name) and value}
        assert given == {f"第{number}题": answer for number, answer in answers.items()}
    look_at_console(desk)


def look_at_console(desk: Desk) -> None:
    """The console's pages once there is something in them."""
    page = desk.computer("/console/", width=1440, height=900)
    staff.log_in(page, "admin")
    for name in ("工作台", "考试管理", "考场编排", "考情统计", "时间调整", "成绩", "数据导出"):
        staff.open_menu(page, name)
        desk.picture(page, f"console-filled-{name}")


def read_own_result(desk: Desk, ticket_number: str) -> str:
    """Return the points that the candidate sees."""
    page = desk.computer()
    candidate.log_in(page, ticket_number)
    card = candidate.sitting_card(page, TITLE)
    points = card.get_by_text(re.compile(r"^[\d.]+ 分（满分 [\d.]+）$"))
    expect(points).to_be_visible()
    expect(card.get_by_text("不合格", exact=True)).to_be_visible()
    desk.picture(page, "candidate-14-result")
    return points.inner_text().split(" ")[0]
