"""Fake cameras and microphones for check-in: every picture and sound is drawn here."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Playwright

from invigil.app.demo.devices import FILM, DrawFrame, draw_film, draw_person, draw_voice


def _draw_dark(number: int) -> Image.Image:
    return draw_person(number).point(lambda value: value // 4)


def _draw_covered(_number: int) -> Image.Image:
    return Image.new("RGB", FILM, (96, 60, 52))


# What is before the camera: somebody in a room, the same hardly lit, a finger on the lens.
FILMS: dict[str, DrawFrame] = {"room": draw_person, "dark": _draw_dark, "covered": _draw_covered}


def open_filmed(
    playwright: Playwright, executable: str, arguments: tuple[str, ...], folder: Path, *, film: str
) -> Browser:
    """Start a browser whose camera shows this film of FILMS and whose screen question gives a whole monitor."""
    camera, voice = draw_film(folder / f"{film}.mjpeg", FILMS[film]), draw_voice(folder / "voice.wav")
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
