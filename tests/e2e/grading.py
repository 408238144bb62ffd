"""What staff do on the page of results, by what a person sees."""

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from tests.e2e import staff
from tests.e2e.examination import read_right_answers, squeeze
from tests.e2e.intended import IntendedSheet, say

# The sitting ends by the clock.
CLOSES_WITHIN_MS = 240_000


def open_results(page: Page, sitting: str) -> None:
    """Open the results of a sitting, as soon as it is over."""
    staff.open_menu(page, "成绩")
    staff.choose_option(page, page.get_by_role("combobox", name="场次"), sitting)
    staff.expect_loaded(page)


def wait_until_over(page: Page) -> None:
    """Wait on the page of results until a sitting is over and can be graded."""
    staff.open_menu(page, "成绩")
    expect(page.get_by_role("button", name="开始评分")).to_be_visible(timeout=CLOSES_WITHIN_MS)


def grade(page: Page) -> None:
    """Grade for the first time and wait for the result."""
    page.get_by_role("button", name="开始评分").click()
    expect(page.get_by_role("radio", name=re.compile("^第 1 轮"))).to_be_visible()
    expect(page.get_by_text("待发布")).to_be_visible()


def open_tab(page: Page, name: str) -> None:
    """Open a tab of the run."""
    page.get_by_role("tab", name=name).click()
    staff.expect_loaded(page)


def result_row(page: Page, ticket_number: str) -> Locator:
    """A candidate's line of the results."""
    return page.get_by_role("row").filter(has_text=ticket_number)


def read_scores(page: Page, people: int) -> dict[str, str]:
    """Turn the pages of the results, once they hold so many, and return every score as it stands, by ticket number."""
    scores: dict[str, str] = {}
    rows, following = page.get_by_role("row"), page.get_by_role("button", name="下一页")
    expect(page.get_by_text(f"共 {people} 条", exact=True)).to_be_visible()
    while True:
        for row in rows.all()[1:]:
            scores[row.get_by_role("cell").nth(1).inner_text().strip()] = row.locator("strong.number").inner_text()
        if following.is_disabled():
            return scores
        first = rows.nth(1).inner_text()
        following.click()
        expect(rows.nth(1)).not_to_have_text(first, use_inner_text=True)


def correct_hardest(page: Page, change: str) -> str:
    """Choose the question that fewest answered right, have its key changed so, and return its first words."""
    table = page.get_by_role("region", name="试题")
    table.get_by_role("columnheader", name=re.compile("^难度")).click()
    row, excerpt = _find_unmistakable(table.get_by_role("row").filter(has_text="单选题").all())
    number = row.get_by_role("cell").first.inner_text().strip()
    row.click()
    dialog = page.get_by_role("dialog", name=f"更正答案 · {number}")
    dialog.get_by_text(change, exact=True).click()
    dialog.get_by_role("button", name="加入更正").click()
    expect(page.get_by_text("已选 1 处更正，尚未评分")).to_be_visible()
    return excerpt


def _find_unmistakable(rows: list[Locator]) -> tuple[Locator, str]:
    """The first question that its first words tell from every other of the bank, and these words: some stems repeat."""
    stems = [stem for stem, _ in read_right_answers()]
    for row in rows:
        excerpt = row.get_by_role("cell").nth(1).inner_text().replace("可疑", "").replace("单选题", "").strip()
        assert excerpt, "administrators read what a question asks"
        if sum(stem.startswith(squeeze(excerpt).rstrip("…")) for stem in stems) == 1:
            return row, excerpt
    raise AssertionError("every question begins like another")


def expect_marks(page: Page, meant: IntendedSheet) -> None:
    """The marks of one candidate are those that were meant."""
    drawer = page.get_by_role("dialog", name="逐题得分")
    expect(drawer.get_by_role("listitem").first).to_be_visible()
    shown = {}
    for mark in drawer.get_by_role("listitem").all():
        number, earned = re.findall(r"第 (\d+) 题，([\d.]+) 分", mark.get_attribute("aria-label") or "")[0]
        shown[f"i{number}"] = Decimal(earned)
    assert shown == meant.earned


def expect_kept(page: Page, ticket: str, before: Decimal, now: Decimal) -> None:
    """Both runs can still be looked at."""
    for number, score in ((1, before), (2, now)):
        page.locator("label").filter(has_text=re.compile(f"^第 {number} 轮")).click()
        page.get_by_role("tab", name="成绩", exact=True).click()
        page.get_by_placeholder("姓名 / 准考证号").fill(ticket)
        expect(result_row(page, ticket).locator("strong.number")).to_have_text(say(score))
