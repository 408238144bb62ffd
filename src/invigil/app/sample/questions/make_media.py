"""Draws the pictures, speaks the audio and films the video of the sample questions; run at authoring time only.

    .venv/bin/python src/invigil/app/sample/questions/make_media.py

Needs Pillow, a Noto CJK font, espeak-ng and ffmpeg; the small results are committed beside it in `media/`.
"""

import math
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parent / "media"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED = 2
SCALE = 2  # drawn twice as large and shrunk: smooth edges
RED, YELLOW, BLUE, GREEN = "#c8102e", "#f6c700", "#0b5cab", "#00843d"
INK, STEEL, EARTH, SKY = "#1d2733", "#7b8794", "#b58a5a", "#eef4fa"
SPOKEN = "注意。三号楼发生火情。请全体人员，沿东侧楼梯撤离，不要乘坐电梯，到南门广场集合。"
FRAMES_PER_SECOND = 12

Drawing = ImageDraw.ImageDraw


def draw_all() -> None:
    """Draw every picture."""
    for name, (width, height, draw) in PICTURES.items():
        picture = Image.new("RGB", (width * SCALE, height * SCALE), "white")
        draw(ImageDraw.Draw(picture))
        picture.resize((width, height), Image.Resampling.LANCZOS).save(FOLDER / name, optimize=True)


def _points(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _line(draw: Drawing, *points: tuple[float, float], fill: str = INK, width: float = 3) -> None:
    draw.line(_points(*points), fill=fill, width=round(width * SCALE), joint="curve")


def _box(draw: Drawing, left: float, top: float, right: float, bottom: float, **style: object) -> None:
    style = {"outline": INK, "width": 2 * SCALE} | style
    draw.rectangle(_points((left, top), (right, bottom)), **style)  # type: ignore[arg-type]


def _disc(draw: Drawing, x: float, y: float, radius: float, **style: object) -> None:
    draw.ellipse(_points((x - radius, y - radius), (x + radius, y + radius)), **style)  # type: ignore[arg-type]


def _text(draw: Drawing, place: tuple[float, float], text: str, size: int = 18, fill: str = INK) -> None:
    font = ImageFont.truetype(FONT, size * SCALE, index=SIMPLIFIED)
    draw.text((place[0] * SCALE, place[1] * SCALE), text, font=font, fill=fill, anchor="mm")


def _arrow(draw: Drawing, begin: tuple[float, float], end: tuple[float, float], fill: str = INK) -> None:
    _line(draw, begin, end, fill=fill, width=2)
    angle = math.atan2(end[1] - begin[1], end[0] - begin[0])
    wings = [(end[0] - 10 * math.cos(angle + turn), end[1] - 10 * math.sin(angle + turn)) for turn in (0.45, -0.45)]
    draw.polygon(_points(end, *wings), fill=fill)


def _measure(draw: Drawing, begin: tuple[float, float], end: tuple[float, float]) -> None:
    middle = ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
    _arrow(draw, middle, begin)
    _arrow(draw, middle, end)


def guardrail(draw: Drawing) -> None:
    """A guardrail with its parts numbered."""
    _box(draw, 20, 230, 460, 290, fill="#d7dce2")
    for x in (70, 240, 410):
        _line(draw, (x, 60), (x, 230), fill=RED, width=7)
    for y in (70, 145):
        _line(draw, (40, y), (440, y), fill=RED, width=6)
    _box(draw, 40, 200, 440, 230, fill=YELLOW)
    for x, y, label in ((150, 50, "①"), (150, 125, "②"), (150, 188, "③"), (258, 110, "④")):
        _text(draw, (x, y), label, 24)
    _text(draw, (240, 262), "楼面", 20)


def scaffold(draw: Drawing) -> None:
    """A scaffold's elevation with two crossing red members."""
    for x in range(60, 421, 60):
        _line(draw, (x, 30), (x, 290), fill=STEEL, width=5)
    for y in range(60, 271, 52):
        _line(draw, (40, y), (440, y), fill=STEEL, width=4)
    _line(draw, (60, 285), (420, 40), fill=RED, width=6)
    _line(draw, (60, 40), (420, 285), fill=RED, width=6)
    _line(draw, (20, 292), (460, 292), width=4)


def pit(draw: Drawing) -> None:
    """A section of a pit, six metres deep."""
    draw.polygon(
        _points((0, 90), (130, 90), (130, 290), (350, 290), (350, 90), (480, 90), (480, 330), (0, 330)), fill=EARTH
    )
    _line(draw, (0, 90), (130, 90), (130, 290), (350, 290), (350, 90), (480, 90), width=4)
    for y in (130, 210):
        _line(draw, (132, y), (348, y), fill=STEEL, width=9)
    for x in (60, 105, 375, 420):
        _line(draw, (x, 40), (x, 90), fill=RED, width=4)
    for left, right in ((50, 112), (368, 430)):
        _line(draw, (left, 46), (right, 46), fill=RED, width=4)
        _line(draw, (left, 68), (right, 68), fill=RED, width=4)
    _measure(draw, (300, 92), (300, 288))
    _text(draw, (240, 250), "H = 6 m", 24)


def _crane(draw: Drawing, foot: tuple[float, float], jib: tuple[float, float], colour: str) -> None:
    (x, top), (back, tip) = foot, jib
    _box(draw, x - 9, top, x + 9, 300, outline=colour, width=3 * SCALE)
    for y in range(round(top), 290, 18):
        _line(draw, (x - 9, y), (x + 9, y + 18), fill=colour, width=2)
    _line(draw, (back, top), (tip, top), fill=colour, width=7)
    _line(draw, (back, top), (x, top - 32), (tip, top), fill=colour, width=2)
    _box(draw, back, top, back + 26, top + 22, fill=colour)
    hook = x + (tip - x) * 0.7
    _line(draw, (hook, top), (hook, top + 50), width=2)


def cranes(draw: Drawing) -> None:
    """Two tower cranes of different height, the least distance marked."""
    _crane(draw, (390, 70), (455, 200), BLUE)
    _crane(draw, (120, 160), (50, 330), "#d97706")
    _line(draw, (330, 160), (330, 205), width=1)
    _line(draw, (381, 160), (381, 205), width=1)
    _measure(draw, (331, 195), (380, 195))
    _text(draw, (355, 218), "d", 24)
    _line(draw, (10, 302), (470, 302), width=4)


def switch_box(draw: Drawing) -> None:
    """A switch box and a cutting machine, the distance between them marked."""
    _box(draw, 60, 70, 140, 180, fill="#f4d35e")
    _text(draw, (100, 125), "开关箱", 20)
    _line(draw, (75, 180), (75, 260), width=5)
    _line(draw, (125, 180), (125, 260), width=5)
    _box(draw, 330, 160, 440, 230, fill="#c9d6df")
    _disc(draw, 385, 160, 34, fill="#eef1f4", outline=INK, width=2 * SCALE)
    _text(draw, (385, 205), "切割机", 20)
    _line(draw, (345, 230), (345, 260), width=5)
    _line(draw, (425, 230), (425, 260), width=5)
    _line(draw, (140, 150), (230, 190), (330, 195), fill=GREEN, width=3)
    _line(draw, (140, 240), (140, 300), width=1)
    _line(draw, (330, 240), (330, 300), width=1)
    _measure(draw, (141, 285), (329, 285))
    _text(draw, (235, 268), "L", 24)


def _flame(draw: Drawing, x: float, y: float, size: float, fill: str) -> None:
    outline = [
        (0, -1),
        (0.28, -0.5),
        (0.55, -0.25),
        (0.6, 0.3),
        (0.3, 0.75),
        (-0.3, 0.75),
        (-0.6, 0.3),
        (-0.45, -0.15),
        (-0.2, -0.35),
    ]
    draw.polygon(_points(*((x + dx * size, y + dy * size) for dx, dy in outline)), fill=fill)


def no_fire(draw: Drawing) -> None:
    """A prohibition sign: a flame, crossed out."""
    _flame(draw, 150, 155, 75, INK)
    _disc(draw, 150, 150, 125, outline=RED, width=24 * SCALE)
    _line(draw, (68, 68), (232, 232), fill=RED, width=22)


def extinguisher(draw: Drawing) -> None:
    """A fire extinguisher with its parts numbered."""
    draw.rounded_rectangle(_points((120, 90), (210, 310)), radius=26 * SCALE, fill=RED)
    _box(draw, 148, 66, 182, 92, fill=STEEL)
    _line(draw, (140, 58), (235, 40), width=9)
    _line(draw, (140, 70), (235, 66), width=7)
    _disc(draw, 165, 54, 9, outline=YELLOW, width=4 * SCALE)
    _line(draw, (148, 80), (95, 110), (85, 220), (70, 255), width=8)
    _text(draw, (165, 200), "干粉", 24, "white")
    for x, y, label in ((165, 28, "①"), (262, 45, "②"), (55, 180, "③"), (235, 250, "④")):
        _text(draw, (x, y), label, 26)


def helmet(draw: Drawing) -> None:
    """A mandatory sign: a head with a helmet."""
    _disc(draw, 150, 150, 135, fill=BLUE)
    _disc(draw, 150, 165, 52, fill="white")
    draw.pieslice(_points((82, 72), (218, 208)), 180, 360, fill="white")
    _box(draw, 72, 134, 228, 148, fill="white", outline="white")
    _line(draw, (84, 153), (216, 153), fill=BLUE, width=5)
    draw.polygon(_points((95, 245), (120, 212), (180, 212), (205, 245)), fill="white")


def danger_electric(draw: Drawing) -> None:
    """A warning sign: a flash in a triangle."""
    draw.polygon(_points((150, 20), (285, 260), (15, 260)), fill=INK)
    draw.polygon(_points((150, 56), (256, 244), (44, 244)), fill=YELLOW)
    draw.polygon(_points((160, 95), (120, 175), (148, 172), (132, 228), (182, 150), (152, 153)), fill=INK)


def exit_sign(draw: Drawing) -> None:
    """An information sign: a person running to a door."""
    _box(draw, 10, 10, 310, 210, fill=GREEN, outline=GREEN)
    _box(draw, 200, 40, 275, 190, fill="white", outline="white")
    _disc(draw, 128, 58, 15, fill="white")
    for points in (
        ((126, 76), (112, 122)), ((112, 122), (150, 142), (148, 182)), ((112, 122), (90, 155), (58, 160)),
        ((124, 84), (158, 104), (178, 92)), ((124, 84), (92, 92), (78, 118)),
    ):  # fmt: skip
        _line(draw, *points, fill="white", width=13)


PICTURES: dict[str, tuple[int, int, Callable[[Drawing], None]]] = {
    "guardrail.png": (480, 300, guardrail),
    "scaffold.png": (480, 310, scaffold),
    "pit.png": (480, 330, pit),
    "cranes.png": (480, 320, cranes),
    "switch_box.png": (480, 310, switch_box),
    "no_fire.png": (300, 300, no_fire),
    "extinguisher.png": (300, 330, extinguisher),
    "helmet.png": (300, 300, helmet),
    "danger_electric.png": (300, 280, danger_electric),
    "exit.png": (320, 220, exit_sign),
}


def speak() -> None:
    """Speak the evacuation broadcast, behind two tones."""
    with tempfile.TemporaryDirectory() as folder:
        speech = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-v", "cmn", "-s", "135", "-w", str(speech), SPOKEN], check=True)  # noqa: S603, S607 - fixed words
        tones = (
            "sine=f=880:d=0.35,apad=pad_dur=0.15[a];sine=f=660:d=0.45,apad=pad_dur=0.4[b];[a][b][0:a]concat=n=3:v=0:a=1"
        )
        _ffmpeg(
            "-i", str(speech), "-filter_complex", tones, "-ac", "1", "-ar", "24000", "-b:a", "40k", "evacuation.mp3"
        )


def film() -> None:
    """Film a load that passes over a worker's head."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(FRAMES_PER_SECOND * 8):
            picture = Image.new("RGB", (480 * SCALE, 320 * SCALE), SKY)
            _film_frame(ImageDraw.Draw(picture), number / FRAMES_PER_SECOND)
            picture.resize((480, 320), Image.Resampling.LANCZOS).save(Path(folder) / f"{number:04d}.png")
        source = ["-framerate", str(FRAMES_PER_SECOND), "-i", f"{folder}/%04d.png"]
        _ffmpeg(*source, "-c:v", "libvpx", "-b:v", "180k", "-pix_fmt", "yuv420p", "crane.webm")


def _film_frame(draw: Drawing, second: float) -> None:
    _box(draw, 0, 280, 480, 320, fill="#c9b79c", outline="#c9b79c")
    _box(draw, 40, 60, 58, 280, fill="#d97706")
    _line(draw, (10, 60), (450, 60), fill="#d97706", width=8)
    _line(draw, (10, 60), (49, 28), (450, 60), fill="#d97706", width=2)
    load = 110 + 270 * (0.5 - 0.5 * math.cos(math.pi * min(1, max(0, second - 0.7) / 6)))
    sway = 5 * math.sin(second * 2.2)
    _line(draw, (load, 60), (load + sway, 150), width=2)
    _box(draw, load + sway - 45, 150, load + sway + 45, 176, fill="#8d6e63")
    for x in range(-40, 41, 16):
        _line(draw, (load + sway + x, 152), (load + sway + x, 174), fill="#5d4037", width=2)
    _worker(draw, 265, second)


def _worker(draw: Drawing, x: float, second: float) -> None:
    draw.pieslice(_points((x - 14, 200), (x + 14, 228)), 180, 360, fill=YELLOW)
    _disc(draw, x, 219, 9, fill="#e0ac69")
    _line(draw, (x, 229), (x, 258), fill=BLUE, width=11)
    _line(draw, (x - 2, 258), (x - 6, 282), fill=INK, width=6)
    _line(draw, (x + 2, 258), (x + 6, 282), fill=INK, width=6)
    lift = 6 * math.sin(second * 5)
    _line(draw, (x, 236), (x + 20, 246 - lift), fill=BLUE, width=5)


def _ffmpeg(*arguments: str) -> None:
    *options, name = arguments
    command = [
        "ffmpeg",
        "-hide_banner",
        "-loglevel",
        "error",
        "-y",
        *options,
        "-map_metadata",
        "-1",
        str(FOLDER / name),
    ]
    subprocess.run(command, check=True)  # noqa: S603 - fixed words


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    draw_all()
    speak()
    film()
