"""Word files as people make them, and Word files that mean harm."""

import io
import zipfile
from contextlib import suppress

import pytest
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from invigil.kernel.refusals import Refusal
from invigil.prepare.questions.importing import media, text
from invigil.prepare.questions.importing.files import read_file
from tests.unit.prepare.questions.describing import describe
from tests.unit.prepare.questions.documents import lines_file, numbered, picture, rezip, use_numbering, word_file


def _plain(document: Document) -> None:
    for line in ("一、单选题", "1、安全帽保护（ A ）。", "A．头部  B．足部", "二、判断题", "1、可以酒后上岗。（×）"):
        document.add_paragraph(line)


def _numbered(document: Document) -> None:
    use_numbering(document)
    numbered(document, "单选题", 2)
    numbered(document, "安全网属于（ ）", 1)
    numbered(document, "三宝", 1, 1)
    numbered(document, "四口", 1, 1)
    document.add_paragraph("答案：A")
    numbered(document, "临边属于（B）", 1)
    numbered(document, "三宝", 1, 1)
    numbered(document, "五临边", 1, 1)
    numbered(document, "判断题", 2)
    numbered(document, "灭火器要定期检查。√", 3)


def _soft_breaks(document: Document) -> None:
    document.add_paragraph("单选题")
    run = document.add_paragraph("1. 开关箱应当（ C ）").add_run()
    for option in ("A. 一箱多机", "B. 不设漏电保护", "C. 一机一闸"):
        run.add_break(WD_BREAK.LINE)
        run.add_text(option)


def _tabs(document: Document) -> None:
    document.add_paragraph("单选题")
    document.add_paragraph("1．当心触电属于（ ）标志")
    document.add_paragraph("A．禁止\tB．警告\tC．指令\tD．提示")
    document.add_paragraph("参考答案：")
    table = document.add_table(rows=2, cols=3)
    for cell, words in zip(table.rows[0].cells, ("题号", "1", "2"), strict=True):
        cell.text = words
    for cell, words in zip(table.rows[1].cells, ("答案", "B", "C"), strict=True):
        cell.text = words


def _options_in_a_table(document: Document) -> None:
    document.add_paragraph("多选题")
    document.add_paragraph("1、下列属于安全色的有（ ）")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ("A. 红", "B. 黄", "C. 紫", "D. 蓝"), strict=True
    ):
        cell.text = words
    document.add_paragraph("【答案】ABD")


def _question_in_a_cell(document: Document) -> None:
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    cell.text = "判断题"
    cell.add_paragraph("1、动火要审批。（对）")


def _pictures(document: Document) -> None:
    document.add_paragraph("单选题")
    paragraph = document.add_paragraph("1、看图")
    paragraph.add_run().add_picture(io.BytesIO(picture("red")), width=Cm(2))
    paragraph.add_run("图中标志是（ B ）")
    first = document.add_paragraph("A、")
    first.add_run().add_picture(io.BytesIO(picture("blue")), width=Cm(2))
    second = document.add_paragraph("B、")
    second.add_run().add_picture(io.BytesIO(picture("red")), width=Cm(2))
    document.add_paragraph().add_run().add_picture(io.BytesIO(picture("green", form="JPEG")), width=Cm(2))


def _underlined(document: Document) -> None:
    document.add_paragraph("填空题")
    paragraph = document.add_paragraph("1、安全")
    paragraph.add_run("      ").underline = True
    paragraph.add_run("、预防")
    paragraph.add_run("        ").underline = True
    document.add_paragraph("答案：第一；为主")
    second = document.add_paragraph("2、安全电压为")
    second.add_run("36").underline = True
    second.add_run("V。")


def _scripts_and_bold(document: Document) -> None:
    document.add_paragraph("判断题")
    paragraph = document.add_paragraph("1、荷载为 2 kN/m")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run("，CO")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run(" 可以灭火。(√)").bold = True


def _symbols(document: Document) -> None:
    document.add_paragraph("判断题")
    for number, code in ((1, "F0FC"), (2, "F0FB")):
        run = document.add_paragraph(f"{number}、说法（").add_run()
        run._r.append(parse_xml(f'<w:sym {nsdecls("w")} w:font="Wingdings" w:char="{code}"/>'))
        run._r.getparent().append(parse_xml(f"<w:r {nsdecls('w')}><w:t>）</w:t></w:r>"))


def _tracked_changes(document: Document) -> None:
    document.add_paragraph("判断题")
    paragraph = document.add_paragraph("1、安全带应当")
    for xml in (
        "<w:del {n}><w:r><w:delText>低挂高用</w:delText></w:r></w:del>",
        "<w:ins {n}><w:r><w:t>高挂低用</w:t></w:r></w:ins>",
        "<w:r {n}><w:t>。（√）</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(xml.format(n=nsdecls("w"))))


def _hyperlink_and_field(document: Document) -> None:
    document.add_paragraph("判断题")
    paragraph = document.add_paragraph("1、")
    for xml in (
        "<w:hyperlink {n}><w:r><w:t>安全生产法</w:t></w:r></w:hyperlink>",
        '<w:r {n}><w:instrText>HYPERLINK "http://evil"</w:instrText></w:r>',
        "<w:r {n}><w:t>自 2021 年修正施行。（对）</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(xml.format(n=nsdecls("w"))))


EXPECTED = {
    _plain: """#1 [2,3] single | 安全帽保护（_）。 | A=头部 | B=足部 | -> A
#1 [5] true_false | 可以酒后上岗。 | -> wrong
1 heading: 一、单选题
4 heading: 二、判断题
""",
    _numbered: """#1 [2,3,4,5] single | 安全网属于（ ） | A=三宝 | B=四口 | -> A
#2 [6,7,8] single | 临边属于（_） | A=三宝 | B=五临边 | -> B
#1 [10] true_false | 灭火器要定期检查。 | -> right
1 heading: 一、单选题
9 heading: 二、判断题
""",
    _soft_breaks: """#1 [2,3,4,5] single | 开关箱应当（_） | A=一箱多机 | B=不设漏电保护 | C=一机一闸 | -> C
1 heading: 单选题
""",
    _tabs: """#1 [2,3] single | 当心触电属于（ ）标志 | A=禁止 | B=警告 | C=指令 | D=提示 | -> B
1 heading: 单选题
4 heading: 参考答案：
5 answer_list: 题号\t1\t2
6 answer_list: 答案\tB\tC 答案表中的第 2 题找不到对应的题目。
""",
    _options_in_a_table: """#1 [2,3,4,5] multiple | 下列属于安全色的有（ ） | A=红 | B=黄 | C=紫 | D=蓝 | -> ABD
1 heading: 多选题
""",
    _question_in_a_cell: """#1 [2] true_false | 动火要审批。 | -> right
1 heading: 判断题
""",
    _pictures: (
        "#1 [2,3,4,5] single | 看图 <picture picture-1 image/png> 图中标志是（_） | A=<picture picture-2 image/png>"
        " | B=<picture picture-1 image/png> <picture picture-3 image/jpeg> | -> B\n1 heading: 单选题\n"
    ),
    _underlined: """#1 [2,3] fill_in | 安全____、预防____ | -> 第一; 为主
#2 [4] fill_in | 安全电压为____V。 | -> 36
1 heading: 填空题
""",
    _scripts_and_bold: """#1 [2] true_false | 荷载为 2 kN/m<sup>2</sup>，CO<sub>2</sub> 可以灭火。 | -> right
1 heading: 判断题
""",
    _symbols: """#1 [2] true_false | 说法 | -> right
#2 [3] true_false | 说法 | -> wrong
1 heading: 判断题
""",
    _tracked_changes: """#1 [2] true_false | 安全带应当高挂低用。 | -> right
    ? tracked_changes [2] 这里有修订痕迹，按接受全部修订之后的文字理解；被删除的是“低挂高用”。
1 heading: 判断题
""",
    _hyperlink_and_field: """#1 [2] true_false | 安全生产法自 2021 年修正施行。 | -> right
1 heading: 判断题
""",
}  # fmt: skip


@pytest.mark.parametrize("write", EXPECTED, ids=lambda write: write.__name__)
def test_word_is_understood_as_written_down(write: object) -> None:
    assert describe(read_file(word_file(write))) == EXPECTED[write]  # type: ignore[index, arg-type]


def test_text_and_word_are_understood_alike() -> None:
    lines = ("一、单选题", "1、甲（ A ）", "A、一 B、二", "", "参考答案", "1.B")
    assert describe(read_file("\n".join(lines).encode())) == describe(read_file(lines_file(*lines)))


def test_pictures_are_written_anew_without_metadata() -> None:
    source = io.BytesIO()
    image = Image.new("RGB", (50, 20), "red")
    exif = image.getexif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6
    image.save(source, "JPEG", exif=exif)
    parsed = read_file(word_file(lambda document: document.add_paragraph("1、图").add_run().add_picture(source)))
    (found,) = parsed.pictures
    assert b"secret" not in found.data
    with Image.open(io.BytesIO(found.data)) as shown:
        assert shown.size == (20, 50)


def test_a_picture_that_cannot_be_shown_is_a_doubt() -> None:
    content = word_file(_pictures)
    broken = rezip(content, lambda name, data: b"\x01\x00\x00\x00 EMF" if name.endswith("image1.png") else data)
    (question,) = read_file(broken).questions
    assert [doubt.code for doubt in question.doubts] == ["picture_unreadable"]


def _with_document(change: bytes) -> bytes:
    """Return a Word file whose document part is replaced."""
    return rezip(lines_file("x"), lambda name, data: change if name == "word/document.xml" else data)


_BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"""
_EXTERNAL = (
    b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document>&a;</w:document>"""
)


def _bomb() -> bytes:
    return rezip(lines_file("x"), lambda name, data: bytes(300_000_000) if name == "word/document.xml" else data)


def _overlapping() -> bytes:
    """Two directory records that point at one local entry (CVE-2024-0450)."""
    content = lines_file("x")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first, second = archive.infolist()[:2]
    raw = bytearray(content)
    at = raw.rfind(second.filename.encode()) - 46
    raw[at + 42 : at + 46] = first.header_offset.to_bytes(4, "little")
    return bytes(raw)


HOSTILE = {
    "entities": (_with_document(_BILLION_LAUGHS), "questions.import.office_file_broken"),
    "external entity": (_with_document(_EXTERNAL), "questions.import.office_file_broken"),
    "broken xml": (_with_document(b"<w:document><w:body>"), "questions.import.office_file_broken"),
    "no body": (_with_document(b"<document/>"), "questions.import.not_a_word_document"),
    "macro": (
        rezip(lines_file("x"), lambda _, data: data, [("word/vbaProject.bin", b"x")]),
        "questions.import.macro",
    ),
    "overlapping entries": (_overlapping(), "sandbox.archive_unsafe"),
    "cut off": (lines_file("x")[:-400], "sandbox.archive_not_readable"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "questions.import.old_format"),
    "pdf": (b"%PDF-1.7", "questions.import.format_not_accepted"),
    "rtf": (b"{\\rtf1", "questions.import.format_not_accepted"),
    "bytes": (b"\x00\x01\x02\xff\xfe" * 9, "questions.import.text_unreadable"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(Refusal) as refused:
        read_file(content)
    assert refused.value.code == code
    assert refused.value.message_zh


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    with pytest.raises(Refusal) as refused:
        read_file(_bomb())
    assert refused.value.code in {"sandbox.archive_unsafe", "sandbox.archive_too_large"}


def test_a_zip_must_hold_one_file_of_questions() -> None:
    both = io.BytesIO()
    with zipfile.ZipFile(both, "w") as archive:
        archive.writestr("a.txt", "1、甲")
        archive.writestr("b.txt", "1、乙")
    with pytest.raises(Refusal) as refused:
        read_file(both.getvalue())
    assert (refused.value.code, refused.value.details) == ("questions.import.bundle_unclear", {"count": 2})


def test_too_many_pictures_and_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_PICTURES", 2)
    with pytest.raises(Refusal) as refused:
        read_file(word_file(_pictures))
    assert refused.value.code == "questions.import.too_many_pictures"
    monkeypatch.setattr(text, "MAX_LINES", 2)
    with pytest.raises(Refusal) as refused:
        read_file("一\n二\n三".encode())
    assert refused.value.code == "questions.import.too_many_lines"


def test_a_zip_inside_a_zip_goes_no_deeper() -> None:
    content = lines_file("判断题", "1、对的。（√）")
    for _ in range(3):
        shell = io.BytesIO()
        with zipfile.ZipFile(shell, "w") as archive:
            archive.writestr("a.zip", content)
        content = shell.getvalue()
    with pytest.raises(Refusal) as refused:
        read_file(content)
    assert refused.value.code == "questions.import.bundle_unclear"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutilated_files_are_read_or_refused(data: st.DataObject) -> None:
    """Whatever happens to a part of the file, the answer is a parsed file or a refusal, never a fault."""
    parts = [name for name in _PARTS if name.startswith(("word/document", "word/numbering", "word/_rels", "_rels"))]
    wanted = data.draw(st.sampled_from(parts))
    at, length, put = data.draw(st.tuples(st.integers(0, 4_000), st.integers(0, 200), st.binary(max_size=20)))

    def change(name: str, content: bytes) -> bytes:
        if name != wanted:
            return content
        start = at % (len(content) + 1)
        return content[:start] + put + content[start + length :]

    with suppress(Refusal):
        read_file(rezip(_WHOLE, change))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 100_000), st.binary(min_size=1, max_size=30))
def test_mutilated_archives_are_read_or_refused(at: int, put: bytes) -> None:
    start = at % len(_WHOLE)
    with suppress(Refusal):
        read_file(_WHOLE[:start] + put + _WHOLE[start + len(put) :])


_WHOLE = word_file(_numbered)
_PARTS = zipfile.ZipFile(io.BytesIO(_WHOLE)).namelist()
