"""Ordering, downloading and opening an export, by what a person sees and what stands in the file."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.e2e import staff

FORMATS = {"xlsx": "Excel", "csv": "CSV", "pdf": "PDF"}


def order(
    page: Page, kind: str, purpose: str, *, format_: str = "xlsx", grouping: str = "按场次", sitting: str = ""
) -> Locator:
    """Order a file and return its line once it is ready."""
    page.get_by_role("button", name="新建导出").first.click()
    dialog = page.get_by_role("dialog", name="新建导出")
    dialog.get_by_role("radio", name=kind).click()
    dialog.get_by_role("button", name="下一步").click()
    staff.choose_option(page, dialog.get_by_role("combobox", name="分组"), grouping)
    dialog.get_by_text(FORMATS[format_], exact=True).click()
    if sitting:
        staff.choose_option(page, dialog.get_by_role("combobox", name="场次"), sitting)
        page.keyboard.press("Escape")
    dialog.get_by_role("textbox", name="用途").fill(purpose)
    dialog.get_by_role("button", name="新建导出").click()
    expect(dialog).to_be_hidden()
    row = page.get_by_role("row").filter(has_text=purpose)
    expect(row).to_contain_text("可下载")
    return row


def download(page: Page, row: Locator, folder: Path) -> Path:
    """Download by clicking."""
    with page.expect_download() as found:
        row.get_by_role("button", name="下载").click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def read_workbook(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by column title; no cell may be a formula."""
    book = openpyxl.load_workbook(path)
    cells = list(book[sheet].iter_rows())
    assert all(cell.data_type != "f" for row in cells for cell in row), "an export holds no formula"
    rows = [[cell.value for cell in row] for row in cells]
    head = next(place for place, row in enumerate(rows) if "准考证号" in row)
    return [dict(zip(map(str, rows[head]), row, strict=True)) for row in rows[head + 1 :]]


def read_mark(path: Path, sheet: str) -> str:
    """Return the line above a sheet that says who took it and when."""
    return str(openpyxl.load_workbook(path)[sheet]["A1"].value)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column title."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def read_pdf(path: Path) -> list[str]:
    """Return the text of every page, without spaces."""
    return ["".join(page.extract_text().split()) for page in PdfReader(path).pages]
