"""The empty workbook that boards may fill in; their own files are understood just as well."""

import io

import xlsxwriter

from invigil.prepare.candidates.model import FIELD_NAMES, Field

_ORDER = (Field.NAME, Field.IDENTITY_NUMBER, Field.EMPLOYER, Field.PHONE, Field.SUBJECT, Field.TICKET, Field.PASSWORD)
_NOTES = (
    "“姓名”“身份证号”“报考类别”必填；报考类别填 A、B、C1、C2 或 C3。",
    "“准考证号”“初始密码”可以留空，由系统生成。",
    "各列已设为文本格式，请勿改成数字，否则身份证号末几位会丢失。",
)


def make_template() -> bytes:
    """Return the workbook (.xlsx): a sheet with the columns, formatted as text, and a sheet of notes."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    text = workbook.add_format({"num_format": "@"})
    title = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "num_format": "@"})
    page = workbook.add_worksheet("考生名单")
    page.set_column(0, len(_ORDER) - 1, 22, text)
    for column, field in enumerate(_ORDER):
        page.write_string(0, column, FIELD_NAMES[field].zh, title)
    page.freeze_panes(1, 0)
    notes = workbook.add_worksheet("填写说明")
    notes.set_column(0, 0, 80)
    for row, note in enumerate(_NOTES):
        notes.write_string(row, 0, note)
    workbook.close()
    return out.getvalue()
