"""A candidate's computer with a camera, a microphone and a screen to share: what they show is drawn here."""

import math
import os
import signal
import time
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Playwright

from invigil.app.demo.devices import draw_film, write_sound

FRAMES = 60
TONE_HZ, SOUND_S = 440, 6
# The browser's own picture stands for the screen; the page is told that it is a whole monitor.
FLAGS = (
    "--headless=new",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream=display-media-type=monitor",
    "--autoplay-policy=no-user-gesture-required",
)
ENDS_WITHIN_S = 20


def _draw_camera(number: int) -> Image.Image:
    """Draw a face-like figure that moves, with the number of the frame."""
    picture = Image.new("RGB", (640, 480), (70, 96, 120))
    pen = ImageDraw.Draw(picture)
    x = 320 + int(120 * math.sin(2 * math.pi * number / FRAMES))
    pen.ellipse((x - 90, 120, x + 90, 350), fill=(224, 190, 160))
    pen.rectangle((x - 150, 350, x + 150, 480), fill=(40, 60, 110))
    pen.text((20, 20), f"frame {number}", fill=(255, 255, 255))
    return picture


def _hum(at: float) -> float:
    return 9_000 * math.sin(2 * math.pi * TONE_HZ * at)


class Computer:
    """A browser with a profile of its own on this computer: it can be killed, and opened again on the same profile."""

    def __init__(self, playwright: Playwright, folder: Path, arguments: tuple[str, ...]) -> None:
        self.profile = folder / "profile"
        camera = draw_film(folder / "camera.mjpeg", _draw_camera, FRAMES)
        sound = write_sound(folder / "microphone.wav", _hum, SOUND_S)
        self._arguments = [
            *arguments,
            *FLAGS,
            f"--use-file-for-fake-video-capture={camera}",
            f"--use-file-for-fake-audio-capture={sound}",
        ]
        self._playwright = playwright
        self.context: BrowserContext | None = None

    def open(self, executable: str) -> BrowserContext:
        """Start the browser; what the profile holds is there again."""
        self.context = self._playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=executable,
            headless=True,
            args=self._arguments,
            ignore_default_args=["--headless", "--mute-audio", "--hide-scrollbars"],
            ignore_https_errors=True,
            locale="zh-CN",
            viewport={"width": 1366, "height": 768},
            permissions=["camera", "microphone"],
        )
        return self.context

    def close(self) -> None:
        """Close the browser in an orderly manner."""
        if self.context is not None:
            self.context.close()
            self.context = None

    def kill(self) -> None:
        """End every process of this browser at once, as a crash or a power cut would."""
        mine = self.processes()
        assert mine
        for number in mine:
            os.kill(number, signal.SIGKILL)
        until = time.monotonic() + ENDS_WITHIN_S
        while self.processes() and time.monotonic() < until:
            time.sleep(0.05)
        # A killed browser leaves its lock behind; the next one must not take it for a running one.
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self.context = None

    def processes(self) -> list[int]:
        """Return the numbers of the processes that work on this profile."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.profile).encode() in command and b"chrom" in command:
                found.append(int(folder.name))
        return found

    def cpu_seconds(self) -> float:
        """Return the processor time, user and system, that the browser's living processes have used so far."""
        ticks = 0
        for number in self.processes():
            try:
                fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")
