"""Computers and phones of candidates in real browsers: a screen made of software, and cameras and microphones that are drawn.

Needs Playwright, Chromium and Xvfb (`scripts/setup test` installs them); the rest of the demonstration does without.
"""

import io
import math
import os
import random
import struct
import subprocess
import time
import wave
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Playwright

CHROMIUM = "/usr/bin/chromium"
# The pages of which the browser makes its own toolbar: each window cost a process and more than a second of a core.
_OWN_PAGES_OFF = ("InitialWebUI", "WebUIToolbar", "WebUIReloadButton", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# A second list takes the place of the first, so what Playwright switches off is switched off here again.
PLAYWRIGHT_OFF = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning", "msEdgeUpdateLaunchServicesPreferredVersion", "msForceBrowserSignIn",
)  # fmt: skip
ARGUMENTS = (
    f"--disable-features={','.join((*PLAYWRIGHT_OFF, *_OWN_PAGES_OFF))}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",  # the service worker is fetched outside the context that ignores them
)
SCREEN = (1280, 720)
FILM = (640, 480)
FRAMES = 12
SOUND_HZ, SOUND_S = 16_000, 4
STARTS_WITHIN_S, ENDS_WITHIN_S = 60, 20
DrawFrame = Callable[[int], Image.Image]


@contextmanager
def software_screen() -> Iterator[dict[str, str]]:
    """A screen of software in a process of its own; yields the environment in which programs find it.

    Raises: RuntimeError - Xvfb did not start.
    """
    reading, writing = os.pipe()
    width, height = SCREEN
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(words, pass_fds=(writing,), stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()  # once it can be used; empty when it could not start
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield {**os.environ, "DISPLAY": f":{number}"}
    finally:
        screen.terminate()
        screen.wait(10)


@contextmanager
def opened_computer(
    playwright: Playwright, folder: Path, person: int = 0, window: tuple[str, ...] = ("--kiosk",)
) -> Iterator[BrowserContext]:
    """A computer: a browser that fills a software screen and shares the whole of it; its camera shows this person.

    window: further words for the browser, by which its window is shown.
    Raises: RuntimeError - the screen or the browser did not start.
    """
    words = (
        *window,
        "--lang=en-US",  # the name of the screen is a translated word
        "--auto-select-desktop-capture-source=Entire screen",
        f"--window-size={SCREEN[0]},{SCREEN[1]}",
    )
    folder.mkdir(parents=True, exist_ok=True)
    film = draw_film(folder / f"person-{person}.mjpeg", lambda frame: draw_person(frame, person))
    with (
        software_screen() as screen,
        bare_browser(playwright, folder / f"computer-{person}", film, words, screen) as it,
    ):
        yield it


@contextmanager
def bare_browser(
    playwright: Playwright,
    profile: Path,
    film: Path,
    words: tuple[str, ...],
    environment: Mapping[str, str] | None = None,
) -> Iterator[BrowserContext]:
    """A browser on this profile whose camera shows this film; camera and microphone are allowed.

    It is started bare: one that Playwright starts says of every page that it is in front, and hides who leaves it.
    Raises: RuntimeError - the browser did not start.
    """
    profile.mkdir(parents=True, exist_ok=True)
    command = [
        CHROMIUM,
        *ARGUMENTS,
        "--accept-lang=zh-CN",
        *words,
        *_senses(film, draw_voice(profile.with_name("voice.wav"))),
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
    try:
        address = f"http://127.0.0.1:{_wait_for_port(profile / 'DevToolsActivePort')}"
        browser = playwright.chromium.connect_over_cdp(address, no_defaults=True)
        context = browser.contexts[0]
        context.grant_permissions(["camera", "microphone"])
        yield context
    finally:
        running.terminate()
        running.wait(ENDS_WITHIN_S)


def _wait_for_port(told: Path) -> int:
    """Return the port that the browser writes down once it can be spoken to."""
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        if told.exists() and (lines := told.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start")


def open_phones(playwright: Playwright, folder: Path) -> Browser:
    """Start a browser for phones: its camera shows a desk from the side."""
    folder.mkdir(parents=True, exist_ok=True)
    film = draw_film(folder / "desk.mjpeg", draw_desk)
    arguments = [*ARGUMENTS, *_senses(film, draw_voice(folder / "voice.wav"))]
    return playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)


def _senses(film: Path, voice: Path) -> tuple[str, ...]:
    return (
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
        f"--use-file-for-fake-audio-capture={voice}",
        "--autoplay-policy=no-user-gesture-required",
    )


def draw_film(path: Path, draw: DrawFrame, frames: int = FRAMES) -> Path:
    """Write a film of so many drawn frames as Chromium's fake camera reads it (motion JPEG); it is shown over and over."""
    with path.open("wb") as file:
        for number in range(frames):
            piece = io.BytesIO()
            draw(number).save(piece, "JPEG", quality=90)
            file.write(piece.getvalue())
    return path


_SKIN = ((226, 190, 160), (214, 172, 132), (240, 211, 181), (201, 155, 114))
_SHIRT = ((44, 62, 104), (96, 108, 70), (128, 66, 66), (70, 70, 96))
_WALL = ((176, 184, 190), (190, 184, 168), (168, 186, 176))


def draw_person(frame: int, person: int = 0) -> Image.Image:
    """Draw a person who moves a little before a shelf of books."""
    picture = Image.new("RGB", FILM, _WALL[person % len(_WALL)])
    pen = ImageDraw.Draw(picture)
    books = random.Random(7 + person)  # noqa: S311 - a drawing
    for row in range(4):
        left = 0
        while left < FILM[0]:
            width = books.randint(14, 30)
            colour = tuple(books.randint(30, 210) for _ in range(3))
            pen.rectangle((left, 20 + row * 96, left + width, 100 + row * 96), fill=colour, outline=(40, 40, 40))
            left += width + 2
    x = 320 + int(30 * math.sin(2 * math.pi * (frame + person) / FRAMES))
    skin = _SKIN[person % len(_SKIN)]
    pen.rectangle((x - 150, 340, x + 150, 480), fill=_SHIRT[person % len(_SHIRT)])
    pen.ellipse((x - 80, 130, x + 80, 345), fill=skin, outline=(120, 90, 70))
    pen.ellipse((x - 86, 110, x + 86, 220), fill=(46, 38, 34))
    for eye in (-32, 32):
        pen.ellipse((x + eye - 8, 232, x + eye + 8, 248), fill=(30, 30, 30))
    pen.arc((x - 30, 270, x + 30, 310), 20, 160, fill=(120, 50, 50), width=4)
    return picture


def draw_desk(frame: int) -> Image.Image:
    """Draw somebody at a desk with a screen, seen from the side: what the phone's camera shows."""
    picture = Image.new("RGB", FILM, (228, 224, 216))
    pen = ImageDraw.Draw(picture)
    for stripe in range(0, FILM[0], 32):
        pen.rectangle((stripe, 0, stripe + 15, 330), fill=(216, 210, 198))
    sway = int(12 * math.sin(2 * math.pi * frame / FRAMES))
    pen.rectangle((0, 350, 640, 480), fill=(160, 124, 86), outline=(90, 66, 40), width=4)
    pen.rectangle((420, 170, 440, 350), fill=(40, 44, 50))
    pen.rectangle((400, 340, 470, 352), fill=(60, 64, 70))
    pen.ellipse((130 + sway, 100, 230 + sway, 220), fill=_SKIN[0], outline=(120, 90, 70))
    pen.pieslice((124 + sway, 86, 236 + sway, 200), 180, 360, fill=(46, 38, 34))
    pen.rounded_rectangle((100 + sway, 220, 270 + sway, 430), 36, fill=_SHIRT[0])
    pen.line((250 + sway, 270, 390, 340), fill=_SKIN[0], width=30)
    pen.rectangle((300, 330, 400, 350), fill=(50, 54, 60))
    return picture


def draw_voice(path: Path) -> Path:
    """Write a tone that comes and goes, as speech does."""
    return write_sound(path, lambda at: 9_000 * math.sin(2 * math.pi * 220 * at) * abs(math.sin(3 * at)), SOUND_S)


def write_sound(path: Path, level: Callable[[float], float], length_s: int) -> Path:
    """Write a sound as Chromium's fake microphone reads it. level: -32,768 to 32,767 at so many seconds from the start."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_HZ)
        moments = (n / SOUND_HZ for n in range(SOUND_HZ * length_s))
        file.writeframes(b"".join(struct.pack("<h", int(level(at))) for at in moments))
    return path
