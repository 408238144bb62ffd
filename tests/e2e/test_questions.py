"""A question is written in the editor with emphasis, a table and a picture, and near copies are found."""

import io
import re
from collections.abc import Sequence

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from invigil.app.demo.running import Demo
from invigil.app.sample.questions import read_sample_files
from invigil.prepare.questions.rules import media_of_parts, text_of
from tests.e2e.desk import Desk
from tests.e2e.staff import choose_file, choose_option, expect_loaded, open_menu, sit_down

STEM = "使用移动式梯子时，梯脚与地面的夹角应当约为多少度？"
OPTIONS = ("约四十五度", "约六十度", "约七十五度", "约九十度")


def draw_ladder() -> bytes:
    """Return a small drawing of a ladder at a wall."""
    picture = Image.new("RGB", (240, 180), "white")
    pen = ImageDraw.Draw(picture)
    pen.line((200, 10, 200, 170), fill="black", width=6)
    pen.line((150, 170, 195, 20), fill="brown", width=5)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def part(page: Page, label: str) -> Locator:
    """A rich text field."""
    return page.get_by_role("textbox", name=label, exact=True)


def start_question(page: Page) -> None:
    open_menu(page, "题库")
    page.get_by_role("button", name="新建试题").click()
    expect(page.get_by_role("heading", name="新建试题")).to_be_visible()
    expect(part(page, "题干")).to_be_visible()


def write_choices(page: Page, options: Sequence[str]) -> None:
    """Fill in four options and mark the third as the answer."""
    for key, text in zip("ABCD", options, strict=True):
        field = part(page, f"选项 {key}")
        field.click()
        field.press_sequentially(text)
    page.locator("label").filter(has_text=re.compile("^C$")).first.click()


def classify(page: Page) -> None:
    """Subject and knowledge area, without which a question cannot be used."""
    page.get_by_role("main").locator("label").filter(has_text=re.compile("^C3$")).click()
    choose_option(page, page.get_by_role("combobox", name="知识点"), re.compile("高处"))


def save(page: Page) -> None:
    expect(page.get_by_text("检查通过，可以保存")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存为新版本")).to_be_visible()


def test_a_question_is_written_with_emphasis_table_and_picture(show: Demo, desk: Desk) -> None:
    assert show
    page = sit_down(desk, "admin")
    start_question(page)
    stem = part(page, "题干")
    stem.click()
    stem.press_sequentially(STEM)
    page.keyboard.press("Shift+Home")
    page.get_by_role("button", name="加粗").first.click()
    page.keyboard.press("End")
    page.get_by_role("button", name="插入表格").first.click()
    page.keyboard.type("部位")
    page.get_by_role("button", name="加图片").first.click()
    dialog = page.get_by_role("dialog", name="插入图片")
    choose_file(page, "梯子.png", draw_ladder())
    dialog.get_by_role("button", name="上传并插入").click()
    page.get_by_label("图片说明（供读屏与图片不显示时）").fill("靠墙的梯子")
    write_choices(page, OPTIONS)
    classify(page)
    preview = page.get_by_role("complementary", name=re.compile("考生看到的样子"))
    expect(preview.locator("strong").filter(has_text="梯脚")).to_be_visible()
    expect(preview.get_by_role("img", name="靠墙的梯子")).to_be_visible()
    expect(preview.get_by_role("table")).to_contain_text("部位")
    desk.picture(page, "questions-01-editor")
    save(page)
    page.get_by_label("题干、出处").fill("移动式梯子时")
    expect(page.get_by_role("row").filter(has_text="梯脚")).to_have_count(1)
    desk.picture(page, "questions-02-list")


def choose_original() -> tuple[str, list[str]]:
    """Return stem and options of a question of the bank that is text alone: media tell questions apart."""
    drafts = (one.draft for file in read_sample_files() for one in file.questions)
    for draft in drafts:
        stem, options = text_of(draft.blocks), [text_of(option.blocks) for option in draft.options]
        if draft.type == "single" and len(options) == 4 and len(stem) > len(STEM) and not media_of_parts([draft]):
            return stem, options
    raise AssertionError("the bank holds no such question")


def test_a_near_copy_is_found_and_put_away(show: Demo, desk: Desk) -> None:
    assert show
    stem, options = choose_original()
    copy = f"通常，{stem}"
    page = sit_down(desk, "admin")
    start_question(page)
    part(page, "题干").click()
    part(page, "题干").press_sequentially(copy)
    write_choices(page, options)
    classify(page)
    save(page)
    page.get_by_role("button", name="相似试题").click()
    expect(page.get_by_text("还没有查过重")).to_be_visible()
    page.get_by_role("button", name="开始查重").first.click()
    pair = page.get_by_role("article").filter(has_text="通常，")
    expect(pair).to_contain_text(re.compile(r"\d+%"))
    expect_loaded(page)
    desk.picture(page, "questions-03-duplicates")
    # The copy is the younger of the two.
    pair.get_by_role("button", name="停用右题").click()
    expect(pair.get_by_text("停用", exact=True)).to_be_visible()
