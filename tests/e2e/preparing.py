"""What administrators do in the console before a sitting, by what a person sees."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.staff import choose_option, expect_loaded, open_menu

SECTIONS = (("单选题", 10), ("判断题", 5))


def create_blueprint(page: Page, title: str, subject: str) -> None:
    """Write a blueprint of two parts, told all the while whether the bank fills it."""
    open_menu(page, "蓝图与试卷")
    page.get_by_role("button", name="新建蓝图").first.click()
    page.get_by_label("名称").fill(title)
    choose_option(page, page.get_by_label("科目"), subject)
    page.get_by_label("及格分").fill("9")
    page.get_by_role("button", name="+ 加一部分").click()
    second = page.get_by_role("main").locator("section").filter(has=page.get_by_label("标题")).nth(1)
    second.get_by_label("标题").fill(SECTIONS[1][0])
    choose_option(page, second.get_by_label("题型"), SECTIONS[1][0])
    count = second.get_by_label(re.compile("^题数"))
    count.fill(str(SECTIONS[1][1]))
    count.press("Enter")
    expect(page.get_by_text("题库能满足这份蓝图")).to_be_visible()
    expect(page.get_by_text("共 15 题 15 小题，满分 15 分")).to_be_visible()


def generate_papers(page: Page, title: str) -> str:
    """Save the blueprint, have papers made of it, look at a proof and confirm it; return the address of the set."""
    page.get_by_role("button", name="保存").click()
    row = page.get_by_role("row").filter(has_text=title)
    row.get_by_role("button", name="生成试卷集").click()
    page.get_by_role("dialog").get_by_role("button", name="生成试卷集").click()
    expect(page.get_by_role("button", name="确认校对")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^样卷 1 / \d+$")).first).to_be_visible()
    expect_loaded(page)
    return page.url


def confirm_proof(page: Page) -> None:
    """The first of two persons: the proof is right."""
    page.get_by_role("button", name="确认校对").click()
    expect(page.get_by_text("您是提出人，须由另一人确认")).to_be_visible()
    expect(page.get_by_role("button", name="锁定试卷集")).to_be_disabled()


def lock_papers(page: Page, address: str) -> None:
    """The second person locks."""
    page.goto(address)
    expect_loaded(page)
    page.get_by_role("button", name="锁定试卷集").click()
    expect(page.get_by_text("两人已确认")).to_be_visible()
