"""Fill a Typst template with values and compile it to PDF, in memory: nothing personal touches the disk (P9)."""

import asyncio
import base64
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import ClassVar

import typst

from invigil.kernel.refusals import Refusal

_PACKAGE = Path(__file__).parents[2]
_SHARED = Path(__file__).with_name("invigil.typ")
# Compiled in memory; beyond this a document is split by the caller (2,000 admission tickets with photos are about 80 MB).
LONGEST_VALUES_BYTES = 200 * 1024 * 1024
_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)


class DocumentFontsMissing(Refusal):
    """This machine has no Chinese font, and a document full of empty boxes helps nobody."""

    code = "documents.fonts_missing"
    status: ClassVar[int] = 503
    zh = "服务器没有安装中文字体，无法生成 PDF。请运维人员安装字体后重试（Debian：apt install fonts-noto-cjk）。"
    en = "The server has no Chinese font; install one (Debian: apt install fonts-noto-cjk) and try again."


class DocumentTooLong(Refusal):
    """The document would be too large to be made in one piece."""

    code = "documents.too_long"
    zh = "文档过大，无法一次生成，请缩小范围分批生成。"
    en = "The document is too large to be made at once; ask for a smaller part."


async def render_pdf(template: str | Path, values: Mapping[str, object]) -> bytes:
    """Return the PDF of one template.

    template: path below the package, e.g. "prepare/rooms/confirmation.typ", or an absolute path. It begins with
    `#import "invigil.typ": *` and finds the values in `given`.
    values: what JSON can say; pictures by `picture_value`, shown with `#picture(given.photo)`.
    Runs in a thread; Typst releases the interpreter lock (1,170 ticks of 1 ms passed beside a compile of 1.3 s).
    Raises: DocumentFontsMissing; DocumentTooLong; typst.TypstError - the template is wrong.
    """
    return await asyncio.to_thread(_compile, _PACKAGE / template, values)


def picture_value(content: bytes, media_type: str, width: int, height: int) -> str:
    """Return a picture in the form templates show: an SVG wrapper around the encoded picture.

    media_type: image/jpeg or image/png. width, height: pixels, for the proportions.
    """
    encoded = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:{media_type};base64,{encoded}"/></svg>'
    )


def _compile(template: Path, values: Mapping[str, object]) -> bytes:
    fonts, family = _fonts()
    written = json.dumps(values, ensure_ascii=False)
    if len(written) > LONGEST_VALUES_BYTES:
        raise DocumentTooLong
    sources = {"main.typ": template.read_bytes(), "invigil.typ": _SHARED.read_bytes()}
    # The stubs do not know sources given by name yet; the library documents them.
    pdf: bytes = typst.compile(sources, format="pdf", font_paths=fonts, sys_inputs={"values": written, "font": family})  # type: ignore[call-overload]
    return pdf


@cache
def _fonts() -> tuple[typst.Fonts, str]:
    """Return the system's fonts and the Chinese family to set in; read once per process (0.15 s)."""
    fonts = typst.Fonts()
    present = {font.family for font in fonts.fonts()}
    for family in _CHINESE_FONTS:
        if family in present:
            return fonts, family
    raise DocumentFontsMissing
