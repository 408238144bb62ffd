"""Documents: Chinese text is really in the PDF, hostile values stay text, missing fonts are refused."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from invigil.platform.documents import DocumentFontsMissing, DocumentTooLong, picture_value, render_pdf, rendering

TEMPLATE = """#import "invigil.typ": *
#show: printed.with(title: given.title, footer: "明鉴")
= #given.title
#given.name
#picture(given.at("photo", default: none))
#signature("甲方代表：")
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "t.typ"
    path.write_text(TEMPLATE)
    return path


@pytest.fixture
def fresh_fonts() -> Iterator[None]:
    rendering._fonts.cache_clear()
    yield
    rendering._fonts.cache_clear()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_chinese_text_and_picture(template: Path) -> None:
    held = io.BytesIO()
    Image.new("RGB", (30, 40), "navy").save(held, "JPEG")
    photo = picture_value(held.getvalue(), "image/jpeg", 30, 40)
    pdf = await render_pdf(template, {"title": "准考证", "name": "欧阳·买买提", "photo": photo})
    assert pdf.startswith(b"%PDF-")
    assert "准考证" in text_of(pdf)
    assert "欧阳·买买提" in text_of(pdf)
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1


@pytest.mark.parametrize("name", ["#panic()", "$x$ *b* _i_ @ref <l>", '"]; #read("/etc/passwd")', "\\", "`raw`"])
async def test_values_stay_text(template: Path, name: str) -> None:
    assert name.replace(" ", "") in text_of(await render_pdf(template, {"title": "t", "name": name})).replace(" ", "")


async def test_no_chinese_font(template: Path, fresh_fonts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_CHINESE_FONTS", ("No Such Font",))
    with pytest.raises(DocumentFontsMissing):
        await render_pdf(template, {"title": "t", "name": "n"})


async def test_too_long(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LONGEST_VALUES_BYTES", 5)
    with pytest.raises(DocumentTooLong):
        await render_pdf(template, {"title": "t", "name": "n"})
