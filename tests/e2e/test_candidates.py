"""Candidates come from files with faults, are searched and filtered, and are looked at only for a reason."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from invigil.app.demo.running import Demo
from invigil.app.sample.candidates.files import write_workbook
from invigil.app.sample.candidates.people import SamplePerson, make_people
from invigil.app.sample.candidates.portraits import draw_portrait
from tests.e2e.desk import Desk
from tests.e2e.staff import choose_file, choose_option, expect_loaded, open_menu, sit_down

TITLE, SUBJECT = "2026 年第四次安管人员考核", "C2"
PEOPLE = make_people(26, subjects=(SUBJECT,))
REASON = "核对考生身份"


@pytest.fixture(scope="module")
def exam_id(show: Demo) -> str:
    """An examination without candidates."""
    made: str = show.staff("admin").post("/api/exams", {"title": TITLE, "profile": "beijing"})["id"]
    return made


@pytest.fixture
def console(exam_id: str, desk: Desk) -> Page:
    """The console, with the administrator logged in."""
    assert exam_id
    return sit_down(desk, "admin")


def write_faulty_workbook() -> bytes:
    """Return a list in which one identity number is mistyped, one name is missing and one person stands twice."""
    people = list(PEOPLE)
    wrong = people[2].identity_number
    people[2] = replace(people[2], identity_number=wrong[:-1] + ("0" if wrong[-1] != "0" else "1"))
    people[4] = replace(people[4], name="")
    return write_workbook([*people, people[6]])


def open_candidates(page: Page) -> None:
    """Open the examination's candidates."""
    open_menu(page, "考生")
    choose_option(page, page.get_by_role("combobox", name="考试", exact=True), TITLE)
    expect_loaded(page)


def figure(page: Page, label: str) -> Locator:
    """A figure of the preview; a click on it narrows the list below."""
    return page.get_by_role("button").filter(has_text=label)


def test_rows_with_faults_come_back_in_a_corrected_file(console: Page, desk: Desk) -> None:
    open_candidates(console)
    console.get_by_role("button", name="导入名单").first.click()
    choose_file(console, "报名汇总表.xlsx", write_faulty_workbook())
    console.get_by_role("button", name="上传并检查").click()
    expect(console.get_by_text("逐行问题")).to_be_visible()
    expect(figure(console, "有错误，不写入")).to_have_text(re.compile("^3"))
    figure(console, "有错误，不写入").click()
    expect(console.get_by_text(re.compile("校验")).first).to_be_visible()
    expect_loaded(console)
    desk.picture(console, "candidates-01-faults")
    corrected = fetch_corrected(console, desk)
    said = {row[-1] for row in corrected.iter_rows(values_only=True) if row[-1]}
    assert "错误说明" in said
    assert any("校验" in str(one) for one in said)
    assert any("姓名" in str(one) for one in said)
    console.get_by_role("button", name="写入 24 名考生").click()
    expect(console.get_by_text("已写入 24 名考生")).to_be_visible()


def fetch_corrected(page: Page, desk: Desk) -> Worksheet:
    """Have the list marked, and download it from the background jobs."""
    page.get_by_role("button", name="下载标注错误的名单").click()
    page.get_by_role("button", name="后台任务").click()
    menu = page.get_by_role("tooltip").or_(page.locator(".el-popover:visible"))
    download = menu.get_by_role("button", name="下载").first
    expect(download).to_be_visible()
    desk.picture(page, "candidates-02-jobs")
    with page.expect_download() as waiting:
        download.click()
    sheet = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active
    assert isinstance(sheet, Worksheet)
    page.get_by_role("button", name="后台任务").click()
    return sheet


def write_faulty_archive() -> bytes:
    """Return photos of which one is broken, one too small, one shows somebody else again, one belongs to nobody."""
    small = io.BytesIO()
    Image.effect_noise((60, 80), 60).convert("RGB").save(small, "JPEG")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for seed, one in enumerate(PEOPLE[8:20]):
            archive.writestr(f"照片/{one.identity_number}.jpg", draw_portrait(seed))
        archive.writestr(f"照片/{PEOPLE[20].identity_number}.jpg", b"\xff\xd8\xff broken")
        archive.writestr(f"照片/{PEOPLE[21].identity_number}.jpg", small.getvalue())
        archive.writestr(f"照片/{PEOPLE[22].identity_number}.jpg", draw_portrait(0))
        archive.writestr("照片/合影.jpg", draw_portrait(99))
    return out.getvalue()


def test_bad_photos_are_reported_before_anything_is_written(console: Page, desk: Desk) -> None:
    open_candidates(console)
    console.get_by_role("button", name="导入照片").first.click()
    choose_file(console, "照片.zip", write_faulty_archive())
    console.get_by_role("button", name="上传并检查").click()
    figure(console, "不可用").click()
    for sentence in ("图片无法打开", "图片太小（60×80）", "与另一名考生的照片完全相同", "文件名中没有身份证号"):
        expect(console.get_by_text(re.compile(sentence)).first).to_be_visible()
    expect(figure(console, "导入后仍缺照片")).not_to_have_text(re.compile("^0"))
    expect_loaded(console)
    desk.picture(console, "candidates-03-photos")
    console.get_by_role("button", name=re.compile(r"^写入 \d+ 张照片")).click()
    expect(console.get_by_text(re.compile(r"已写入 \d+ 张照片"))).to_be_visible()


def test_candidates_are_found_by_search_filters_and_pages(console: Page, desk: Desk) -> None:
    open_candidates(console)
    rows = console.get_by_role("row")
    expect(rows).to_have_count(21)
    console.get_by_role("listitem", name="第 2 页").or_(
        console.locator(".el-pager .number").filter(has_text="2")
    ).first.click()
    expect(rows).to_have_count(5)
    expect_loaded(console)
    choose_option(console, console.get_by_role("combobox", name="照片"), "无照片")
    expect(console.get_by_role("cell", name="否", exact=True).first).to_be_visible()
    expect(console.get_by_role("cell", name="是", exact=True)).to_have_count(0)
    console.get_by_role("button", name="清除筛选").first.click()
    search = console.get_by_label("姓名、证件号或后四位、手机号、准考证号、单位")
    search.fill(PEOPLE[9].identity_number)
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text(PEOPLE[9].name)
    search.fill("没有这个人")
    expect(console.get_by_text("没有符合条件的记录")).to_be_visible()
    desk.picture(console, "candidates-04-nothing-found")
    console.get_by_role("button", name="清除筛选").last.click()
    expect(rows).to_have_count(21)


def test_looking_at_an_identity_number_is_recorded(console: Page, desk: Desk) -> None:
    person = PEOPLE[9]
    number = show_identity_number(console, person, desk)
    assert number == person.identity_number
    auditor = sit_down(desk, "auditor")
    open_menu(auditor, "审计")
    choose_option(auditor, auditor.get_by_role("combobox", name="操作", exact=True), "考生 · 身份证号 · 查看明文")
    record = auditor.get_by_role("row").filter(has_text="王敏").first
    expect(record).to_contain_text("查看明文")
    expect_loaded(auditor)
    desk.picture(auditor, "candidates-06-audit")
    record.click()
    drawer = auditor.get_by_role("dialog")
    expect(drawer).to_contain_text(REASON)
    expect(drawer).not_to_contain_text(person.identity_number)


def show_identity_number(page: Page, person: SamplePerson, desk: Desk) -> str:
    """Look at a candidate's whole number, for a reason; before it is masked."""
    open_candidates(page)
    page.get_by_label("姓名、证件号或后四位、手机号、准考证号、单位").fill(person.identity_number)
    page.get_by_role("row").filter(has_text=person.name).get_by_role("cell").first.click()
    drawer = page.get_by_role("dialog", name=person.name)
    expect(drawer.get_by_text(person.identity_number)).to_have_count(0)
    drawer.get_by_role("button", name="查看完整").first.click()
    question = page.get_by_role("dialog", name="查看完整身份证号")
    expect(question.get_by_role("button", name="确定")).to_be_disabled()
    question.get_by_text(REASON).click()
    question.get_by_role("button", name="确定").click()
    shown = drawer.get_by_text(person.identity_number)
    expect(shown).to_be_visible()
    desk.picture(page, "candidates-05-unmasked")
    return shown.inner_text()
