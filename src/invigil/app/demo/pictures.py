"""What the simulated candidates' devices show: small drawn pictures that move slowly. No photograph of anybody."""

import io
import math

from PIL import Image, ImageDraw

SIZE = (192, 108)
# Positions of one slow turn; a device goes through them over and over.
FRAMES = 8
_SKIN = ("#e8c4a0", "#d9ae86", "#f0d3b5", "#c99b72")
_SHIRT = ("#3b6ea5", "#7a8c5a", "#9a5a5a", "#5a5a7a", "#4f7f7a")


def draw_camera(number: int, step: int) -> bytes:
    """Return a JPEG ≤ 6 kB of a drawn person before a wall. number: which person; step: any integer, FRAMES make a turn."""
    picture = Image.new("RGB", SIZE, ("#d7dde2", "#cfd6c9", "#ddd3c8")[number % 3])
    pen = ImageDraw.Draw(picture)
    sway = math.sin(2 * math.pi * (step + number) / FRAMES)
    x, y = SIZE[0] / 2 + 7 * sway, 46 + 2 * sway
    pen.ellipse((x - 46, 78, x + 46, 168), fill=_SHIRT[number % len(_SHIRT)])
    pen.ellipse((x - 20, y - 25, x + 20, y + 25), fill=_SKIN[number % len(_SKIN)])
    pen.pieslice((x - 22, y - 30, x + 22, y + 14), 180, 360, fill="#2b2622")
    for eye in (-8, 8):
        pen.ellipse((x + eye - 2 + sway, y, x + eye + 2 + sway, y + 4), fill="#2b2622")
    return _jpeg(picture)


def draw_screen(number: int, step: int) -> bytes:
    """Return a JPEG ≤ 6 kB of a drawn question page. number: which candidate; step: how far the work has come."""
    picture = Image.new("RGB", SIZE, "#ffffff")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 12), fill="#1f4e79")
    pen.rectangle((150, 20, 186, 100), fill="#eef2f6")
    for cell in range(20):
        left, top = 154 + cell % 4 * 8, 24 + cell // 4 * 10
        pen.rectangle((left, top, left + 6, top + 7), fill="#2e7d32" if cell < (step + number) % 20 else "#c4ccd4")
    pen.rectangle((8, 22, 130 - 11 * ((step + number) % 4), 27), fill="#333333")
    for line in range(4):
        top = 40 + line * 15
        pen.ellipse((10, top, 18, top + 8), outline="#1f4e79", fill="#1f4e79" if line == (step + number) % 4 else None)
        pen.rectangle((24, top + 2, 80 + 12 * ((line + number + step) % 4), top + 6), fill="#777777")
    return _jpeg(picture)


def draw_phone(number: int, step: int) -> bytes:
    """Return a JPEG ≤ 6 kB of a drawn desk, seen from the side. number: which candidate; step: as for the camera."""
    picture = Image.new("RGB", SIZE, "#e4e0d8")
    pen = ImageDraw.Draw(picture)
    sway = 4 * math.sin(2 * math.pi * (step + number) / FRAMES)
    pen.rectangle((0, 78, SIZE[0], 108), fill="#a07c56")
    pen.rectangle((112, 36, 118, 80), fill="#333333")
    pen.ellipse((40 + sway, 22, 66 + sway, 52), fill=_SKIN[number % len(_SKIN)])
    pen.pieslice((38 + sway, 18, 68 + sway, 46), 180, 360, fill="#2b2622")
    pen.rounded_rectangle((30 + sway, 52, 78 + sway, 100), 12, fill=_SHIRT[number % len(_SHIRT)])
    pen.line((72 + sway, 64, 104, 76), fill=_SKIN[number % len(_SKIN)], width=7)
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60)
    return out.getvalue()
