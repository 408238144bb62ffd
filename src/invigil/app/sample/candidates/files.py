"""The files in which a board sends its candidates."""

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter

from invigil.app.sample.candidates.people import SamplePerson
from invigil.app.sample.candidates.portraits import draw_portrait

TITLES = ("序号", "姓名", "身份证号码", "工作单位", "手机号", "报考类别")
_WIDTHS = (6, 16, 24, 34, 16, 12, 14)
# Entries of an archive carry a fixed date, so that the same people give the same bytes.
_DATE = (2026, 1, 1, 0, 0, 0)


def write_workbook(
    people: Sequence[SamplePerson], *, title: str = "2026年度安管人员考核报名汇总表", password: str = ""
) -> bytes:
    """Return an Excel workbook with a title row, a note, the table, and a summary row, as boards keep them.

    password: the initial password of everybody, in a column of its own; "": the board gives none.
    """
    titles = (*TITLES, "初始密码") if password else TITLES
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    head = workbook.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7", "align": "center"})
    page = workbook.add_worksheet("报名汇总")
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    page.merge_range(
        0, 0, 0, len(titles) - 1, title, workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
    )
    page.write_string(1, 0, "填报单位：示例考务中心（样例数据，人员均为虚构）")
    page.write_row(2, 0, titles, head)
    for row, one in enumerate(people, start=3):
        page.write_number(row, 0, row - 2)
        cells = (one.name, one.identity_number, one.employer, one.phone, f"{one.subject_code}类")
        for column, cell in enumerate((*cells, password) if password else cells, start=1):
            page.write_string(row, column, cell)
    page.write_string(len(people) + 3, 0, f"合计：{len(people)} 人")
    workbook.close()
    return out.getvalue()


def write_photo_archive(people: Sequence[SamplePerson]) -> bytes:
    """Return a ZIP with a drawn portrait for every person, named by identity number, in a folder for each subject."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for seed, one in enumerate(people):
            entry = zipfile.ZipInfo(f"照片/{one.subject_code}/{one.identity_number}.jpg", _DATE)
            archive.writestr(entry, draw_portrait(seed))
    return out.getvalue()
