"""Drawn portraits: plainly drawings, different for every person, in the size of an identity photo."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 358, 478
_BACKGROUNDS = ("#F4F6F8", "#DCE9F5", "#4A86C5", "#EDEFF2")
_SKINS = ("#F3D3B8", "#E8BE9C", "#DDAE86", "#F7DEC7")
_HAIR = ("#1E1B1A", "#2B2320", "#3A2E28", "#4B4A4A")
_CLOTHES = ("#27364A", "#5B2333", "#2F4F3A", "#4A4A55", "#7A4B1E", "#1F4E79")


def draw_portrait(seed: int) -> bytes:
    """Return a JPEG of 358 × 478 pixels, the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - a drawing needs no secrecy
    picture = Image.new("RGB", (WIDTH * 2, HEIGHT * 2), source.choice(_BACKGROUNDS))
    draw = ImageDraw.Draw(picture)
    middle, face_width, face_height = WIDTH, source.randint(210, 260), source.randint(290, 340)
    top = source.randint(150, 190)
    skin, hair = source.choice(_SKINS), source.choice(_HAIR)
    if source.random() < 0.45:
        _draw_long_hair(draw, source, (middle, top, face_width, face_height), hair)
    _draw_body(draw, source, middle, top + face_height, skin)
    _draw_head(draw, source, (middle, top, face_width, face_height), (skin, hair))
    _draw_features(draw, source, (middle, top, face_width, face_height), hair)
    small = picture.filter(ImageFilter.GaussianBlur(1.2)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=90)
    return out.getvalue()


def _draw_long_hair(
    draw: ImageDraw.ImageDraw, source: random.Random, face: tuple[int, int, int, int], hair: str
) -> None:
    middle, top, width, height = face
    half, length = width // 2, source.randint(40, 170)
    draw.rounded_rectangle(
        [middle - half - 34, top + 40, middle + half + 34, top + height + length], radius=80, fill=hair
    )


def _draw_body(draw: ImageDraw.ImageDraw, source: random.Random, middle: int, chin: int, skin: str) -> None:
    wide, shoulder = source.randint(290, 340), chin + source.randint(14, 36)
    draw.rectangle([middle - 74, chin - 70, middle + 74, shoulder + 40], fill=skin)
    draw.ellipse([middle - wide, shoulder, middle + wide, shoulder + 700], fill=source.choice(_CLOTHES))
    draw.polygon([(middle - 84, shoulder + 8), (middle + 84, shoulder + 8), (middle, shoulder + 130)], fill="#FAFAFA")
    draw.polygon([(middle - 58, shoulder - 2), (middle + 58, shoulder - 2), (middle, shoulder + 90)], fill=skin)


def _draw_head(
    draw: ImageDraw.ImageDraw, source: random.Random, face: tuple[int, int, int, int], colours: tuple[str, str]
) -> None:
    middle, top, width, height = face
    skin, hair = colours
    half = width // 2
    draw.ellipse([middle - half - 30, top - 46, middle + half + 30, top + height - 90], fill=hair)
    draw.ellipse([middle - half - 16, top + 140, middle - half + 26, top + 220], fill=skin)
    draw.ellipse([middle + half - 26, top + 140, middle + half + 16, top + 220], fill=skin)
    draw.ellipse([middle - half, top, middle + half, top + height], fill=skin)
    parting = source.randint(-18, 18)
    draw.pieslice([middle - half - 6, top - 34, middle + half + 6, top + 180], 180, 360, fill=hair)
    draw.ellipse([middle - half + 24 + parting, top + 52, middle + half - 24 + parting, top + 160], fill=skin)


def _draw_features(
    draw: ImageDraw.ImageDraw, source: random.Random, face: tuple[int, int, int, int], hair: str
) -> None:
    middle, top, width, height = face
    apart, level = source.randint(46, 60), top + int(height * 0.46)
    for side in (-1, 1):
        at = middle + side * apart
        draw.ellipse([at - 24, level - 11, at + 24, level + 11], fill="#FFFFFF")
        draw.ellipse([at - 10, level - 10, at + 10, level + 10], fill="#2A2320")
        lift = source.randint(0, 8)
        draw.line(
            [at - 30, level - 32, at, level - 40 - lift, at + 30, level - 32], fill=hair, width=source.randint(6, 11)
        )
    draw.line([middle, level + 14, middle - 12, level + 72, middle + 10, level + 76], fill="#B98B6A", width=5)
    mouth = top + int(height * 0.78)
    draw.arc([middle - 44, mouth - 30, middle + 44, mouth + source.randint(8, 22)], 20, 160, fill="#A8544C", width=8)
    if source.random() < 0.35:
        for side in (-1, 1):
            at = middle + side * apart
            draw.rounded_rectangle([at - 40, level - 28, at + 40, level + 28], radius=16, outline="#333333", width=5)
        draw.line([middle - apart + 40, level, middle + apart - 40, level], fill="#333333", width=5)
    if width > 235 and source.random() < 0.3:
        draw.ellipse([middle + 60, mouth - 60, middle + 70, mouth - 50], fill="#6B4A3A")
