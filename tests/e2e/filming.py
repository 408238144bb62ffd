"""Fake cameras and microphones for check-in: every picture and sound is drawn here."""

import io
import math
import random
import struct
import wave
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Playwright

SIZE = (640, 480)
FRAMES = 12
SOUND_HZ, SOUND_S = 16_000, 4
# The counting of tones is by chance: three, here.
THREE_TONES = "Math.random = () => 0.5"


def draw_film(path: Path, kind: str = "room") -> Path:
    """Write a film of a drawn person before a shelf; kind: "room", "dark" (hardly lit) or "covered" (a finger on the lens)."""
    with path.open("wb") as file:
        for number in range(FRAMES):
            picture = {"room": _draw_room, "dark": _draw_dark, "covered": _draw_covered}[kind](number)
            piece = io.BytesIO()
            picture.save(piece, "JPEG", quality=90)
            file.write(piece.getvalue())
    return path


def _draw_room(number: int) -> Image.Image:
    picture = Image.new("RGB", SIZE, (176, 184, 190))
    pen = ImageDraw.Draw(picture)
    books = random.Random(7)  # noqa: S311 - a drawing
    for row in range(4):
        left = 0
        while left < SIZE[0]:
            width = books.randint(14, 30)
            colour = tuple(books.randint(30, 210) for _ in range(3))
            pen.rectangle((left, 20 + row * 96, left + width, 100 + row * 96), fill=colour, outline=(40, 40, 40))
            left += width + 2
    x = 320 + int(30 * math.sin(2 * math.pi * number / FRAMES))
    pen.rectangle((x - 150, 340, x + 150, 480), fill=(44, 62, 104))
    pen.ellipse((x - 80, 130, x + 80, 345), fill=(226, 190, 160), outline=(120, 90, 70))
    pen.ellipse((x - 86, 110, x + 86, 220), fill=(46, 38, 34))
    for eye in (-32, 32):
        pen.ellipse((x + eye - 8, 232, x + eye + 8, 248), fill=(30, 30, 30))
    pen.arc((x - 30, 270, x + 30, 310), 20, 160, fill=(120, 50, 50), width=4)
    return picture


def _draw_dark(number: int) -> Image.Image:
    return _draw_room(number).point(lambda value: value // 4)


def _draw_covered(_number: int) -> Image.Image:
    return Image.new("RGB", SIZE, (96, 60, 52))


def draw_voice(path: Path) -> Path:
    """Write a tone that comes and goes, as speech does."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_HZ)
        moments = (n / SOUND_HZ for n in range(SOUND_HZ * SOUND_S))
        loud = (9_000 * math.sin(2 * math.pi * 220 * at) * abs(math.sin(3 * at)) for at in moments)
        file.writeframes(b"".join(struct.pack("<h", int(one)) for one in loud))
    return path


def open_filmed(
    playwright: Playwright, executable: str, arguments: tuple[str, ...], folder: Path, *, film: str
) -> Browser:
    """Start a browser whose camera shows this film and whose screen question gives a whole monitor."""
    camera, voice = draw_film(folder / f"{film}.mjpeg", film), draw_voice(folder / "voice.wav")
    return playwright.chromium.launch(
        executable_path=executable,
        args=[
            *arguments,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream=display-media-type=monitor",
            f"--use-file-for-fake-video-capture={camera}",
            f"--use-file-for-fake-audio-capture={voice}",
            "--autoplay-policy=no-user-gesture-required",
        ],
    )
