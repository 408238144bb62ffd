"""Hostile workbooks go through the real sandbox: a refusal or findings, never a crash, never more than the limits (P15)."""

import io
import zipfile
from datetime import timedelta

import pytest
import xlsxwriter

from invigil.kernel.refusals import Refusal
from invigil.platform.sandbox import run_limited
from invigil.prepare.candidates.model import WorkbookTooLong
from invigil.prepare.candidates.reading import tables
from invigil.prepare.candidates.reading.workbook import Findings, ReadOptions, pack_order, unpack_findings

OPTIONS = ReadOptions("2026-11-01", ("A", "B"), "")
SHEET = "xl/worksheets/sheet1.xml"
BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
SPREADSHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


async def read(file: bytes) -> Findings:
    answer = await run_limited(
        "invigil.prepare.candidates.reading.workbook:read_candidates",
        pack_order(OPTIONS, file),
        memory_bytes=768 * 1024 * 1024,
        timeout=timedelta(seconds=20),
    )
    return unpack_findings(answer)


def book(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    page = workbook.add_worksheet("s")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.write_string(at, column, cell)
    workbook.close()
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """Return a workbook in which one part was replaced."""
    source = zipfile.ZipFile(io.BytesIO(book([["姓名", "身份证号"], ["张三", "1"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, content if entry == name else source.read(entry))
    return out.getvalue()


def cell(reference: str, text: str) -> str:
    return f'<row><c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c></row>'


HOSTILE = {
    "billion laughs in the sheet": with_part(SHEET, (BILLION_LAUGHS + SPREADSHEET.format(cell("A1", "&j;"))).encode()),
    "billion laughs in the strings": with_part(
        "xl/sharedStrings.xml", (BILLION_LAUGHS + "<sst><si><t>&j;</t></si></sst>").encode()
    ),
    "external entity": with_part(SHEET, (EXTERNAL + SPREADSHEET.format(cell("A1", "&f;"))).encode()),
    "cell at the far corner": with_part(
        SHEET, SPREADSHEET.format(cell("A1", "姓名") + cell("XFD1048576", "x")).encode()
    ),
    "cell beyond every corner": with_part(SHEET, SPREADSHEET.format(cell("ZZZZZZ99999999999", "x")).encode()),
    "deep nesting": with_part(SHEET, (SPREADSHEET.format("<row>" * 200_000)).encode()),
    "broken markup": with_part(SHEET, b"<worksheet><sheetData><row><c r='A1'"),
    "not UTF-8": with_part(SHEET, b"\xff\xfe\x00<worksheet/>" * 10),
    "string index out of range": with_part(
        SHEET, SPREADSHEET.format('<row><c r="A1" t="s"><v>999999999</v></c></row>').encode()
    ),
    "bomb": with_part(SHEET, b" " * 300_000_000),
    "no parts at all": b"PK\x05\x06" + bytes(18),
    "old format, only its first bytes": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096,
    "text of one endless line": b"a," * 3_000_000,
    "quotes that never close": b'"' + b"x" * 1_000_000,
    "zeros": bytes(1_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_file_is_refused_or_read(name: str) -> None:
    try:
        found = await read(HOSTILE[name])
    except Refusal as refusal:
        said = refusal.message_zh
    else:
        said = str(found.sheets)
        assert found.registrations == []
    assert said
    assert "root:" not in said


async def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 10)
    for file in (book([["姓名"]] * 11), "\n".join(["姓名"] * 11).encode()):
        with pytest.raises(WorkbookTooLong):
            tables.read_sheets(file)


async def test_very_long_cells_are_one_error() -> None:
    found = await read(book([["姓名", "身份证号", "报考类别"], ["张" * 32_000, "1" * 32_000, "A" * 32_000]]))
    assert {issue.code for issue in found.issues} == {"name_too_long", "identity_length", "subject_unknown"}
