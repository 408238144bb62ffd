"""An administrator prepares an examination from files in the console."""

import io
import re
from datetime import UTC, datetime

import docx
import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.running import Demo
from invigil.app.sample.candidates.files import write_photo_archive, write_workbook
from invigil.app.sample.candidates.people import make_people
from tests.e2e import preparing
from tests.e2e.desk import Desk
from tests.e2e.staff import choose_file, expect_loaded, log_in, open_menu, sit_down

TITLE = "2026 年第二次安管人员考核"
PEOPLE = 12
SUBJECT, PAPERS = "C2", "C2 类 正式试卷（第二次）"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
QUESTIONS = (
    "练习题（内部资料）",
    "第一章 现场管理",
    "一、单项选择题",
    "1、进入施工现场，必须佩戴的个人防护用品是（ B ）。",
    "A．太阳镜  B．安全帽",
    "C．手套    D．口罩",
    "2. 配电箱内的漏电保护器应当（  ）检查一次其动作是否灵敏。",
    "A、每天 B、每月 C、每年 D、不必",
    "答案：B",
    "二、判断题",
    "3、高处作业人员可以把工具抛给下面的同事。（ × ）",
    "4、这一道题的作者忘了写答案。（ ）",
)


@pytest.fixture
def console(show: Demo, desk: Desk) -> Page:
    """The console, with the administrator logged in."""
    assert show
    page = desk.computer("/console/", width=1440, height=900)
    log_in(page, "admin")
    return page


def write_word_file() -> bytes:
    """Return questions as people write them in Word; the last one is incomplete."""
    document = docx.Document()
    for line in QUESTIONS:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_an_administrator_prepares_an_examination_from_files(console: Page, desk: Desk) -> None:
    page = console
    create_examination(page, desk)
    register_agreement(page, desk)
    import_candidates(page, desk)
    import_photos(page, desk)
    import_questions(page, desk)
    open_menu(page, "考试管理")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text(re.compile(f"共 {PEOPLE} 名考生"))).to_be_visible()
    expect(page.get_by_text("还没有正式场次").first).to_be_visible()
    expect(page.get_by_text("照片齐全")).to_be_visible()
    expect_loaded(page)
    desk.picture(page, "console-07-checklist-after")


def create_examination(page: Page, desk: Desk) -> None:
    open_menu(page, "考试管理")
    page.get_by_role("button", name="新建考试").first.click()
    dialog = page.get_by_role("dialog", name="新建考试")
    dialog.get_by_label("考试名称").fill(TITLE)
    dialog.get_by_text(re.compile("北京")).first.click()
    desk.picture(page, "console-01-new-examination")
    dialog.get_by_role("button", name="新建考试").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text("尚未登记，任何场次都不能开放")).to_be_visible()
    expect(page.get_by_text("还没有考生").first).to_be_visible()
    expect_loaded(page)
    desk.picture(page, "console-02-checklist")


def register_agreement(page: Page, desk: Desk) -> None:
    page.get_by_role("tab", name="承办协议").click()
    page.get_by_role("button", name="登记协议").click()
    dialog = page.get_by_role("dialog", name="登记协议")
    dialog.get_by_label("协议编号").fill("京考承〔2026〕17 号")
    dialog.get_by_label("甲方").fill("示例考核机构")
    dialog.get_by_label("乙方").fill("示例承办单位")
    dialog.get_by_label("签订日期").fill(datetime.now(UTC).date().isoformat())
    dialog.get_by_label("签订日期").press("Enter")
    choose_file(page, "考核承办协议.pdf", PDF)
    desk.picture(page, "console-03-agreement")
    dialog.get_by_role("button", name="登记协议").click()
    expect(page.get_by_role("tabpanel", name="承办协议").get_by_text("京考承〔2026〕17 号").first).to_be_visible()
    expect(page.get_by_text("现行", exact=True)).to_be_visible()


def import_candidates(page: Page, desk: Desk) -> None:
    open_menu(page, "考生")
    expect(page.get_by_text("还没有考生").first).to_be_visible()
    page.get_by_role("button", name="导入名单").or_(page.get_by_role("link", name="导入名单")).first.click()
    choose_file(page, "报名汇总表.xlsx", write_workbook(make_people(PEOPLE)))
    page.get_by_role("button", name="上传并检查").click()
    write = page.get_by_role("button", name=f"写入 {PEOPLE} 名考生")
    expect(write).to_be_visible()
    expect(page.get_by_text("系统这样理解您的表格")).to_be_visible()
    expect_loaded(page)
    desk.picture(page, "console-04-candidates-preview")
    write.click()
    expect(page.get_by_role("main").get_by_text(f"已写入 {PEOPLE} 名考生")).to_be_visible()


def import_photos(page: Page, desk: Desk) -> None:
    page.get_by_role("button", name="继续导入照片").click()
    choose_file(page, "照片.zip", write_photo_archive(make_people(PEOPLE)))
    page.get_by_role("button", name="上传并检查").click()
    write = page.get_by_role("button", name=f"写入 {PEOPLE} 张照片")
    expect(write).to_be_visible()
    expect_loaded(page)
    desk.picture(page, "console-05-photos-report")
    write.click()
    expect(page.get_by_role("main").get_by_text(f"已写入 {PEOPLE} 张照片")).to_be_visible()


def import_questions(page: Page, desk: Desk) -> None:
    open_menu(page, "题库")
    page.get_by_role("button", name="导入试题").or_(page.get_by_role("link", name="导入试题")).first.click()
    choose_file(page, "现场管理题.docx", write_word_file())
    page.get_by_role("main").get_by_text("C3", exact=True).click()
    page.get_by_role("button", name="上传并识别").click()
    write = page.get_by_role("button", name="写入 3 道题")
    expect(write).to_be_visible()
    expect(page.get_by_text("这一道题的作者忘了写答案").first).to_be_visible()
    # What belongs to no question is counted and shown, never dropped.
    page.get_by_role("button", name=re.compile("1 ?未归类的原文行")).click()
    expect(page.get_by_role("row").filter(has_text=QUESTIONS[0])).to_contain_text("题目开始之前的文字")
    page.keyboard.press("Escape")
    expect_loaded(page)
    desk.picture(page, "console-06-questions-preview")
    write.click()
    expect(page.get_by_text("还有 1 道要导入的题目有错误，请修改或跳过后再确认。")).to_be_visible()
    incomplete = page.get_by_role("article").filter(has_text="这一道题的作者忘了写答案")
    incomplete.get_by_text("导入此题").click()
    write.click()
    expect(page.get_by_role("main").get_by_text("已写入 3 道题")).to_be_visible()


def test_two_persons_make_papers(console: Page, desk: Desk) -> None:
    preparing.create_blueprint(console, PAPERS, SUBJECT)
    desk.picture(console, "console-10-blueprint")
    address = preparing.generate_papers(console, PAPERS)
    desk.picture(console, "console-11-proof")
    preparing.confirm_proof(console)
    second = sit_down(desk, "admin2")
    preparing.lock_papers(second, address)
    desk.picture(second, "console-12-locked-papers")


@pytest.mark.parametrize(("login_name", "width"), [("admin", 1440), ("board", 1440), ("auditor", 1280)])
def test_every_page_of_the_menu_opens(show: Demo, desk: Desk, login_name: str, width: int) -> None:
    assert show
    page = desk.computer("/console/", width=width, height=900)
    log_in(page, login_name)
    links = page.get_by_role("navigation", name="主菜单").get_by_role("link")
    names = [name.strip() for name in links.all_inner_texts()]
    assert len(names) > 4
    for name in names:
        open_menu(page, name)
        expect(page.get_by_role("link", name=name).and_(page.locator("[aria-current=page]")).first).to_be_visible()
        desk.picture(page, f"console-{login_name}-{name}")
