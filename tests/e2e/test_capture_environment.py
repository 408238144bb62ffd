"""The ground under the tests of recording: Chromium with a window, on a screen of software, shares that whole screen with a page."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, Route, sync_playwright

from invigil.app.demo.devices import ARGUMENTS, CHROMIUM, PLAYWRIGHT_OFF, SCREEN, software_screen

WIDTH, HEIGHT = SCREEN
ORIGIN = "https://capture.test/"
SHARE = """
async () => {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: { displaySurface: 'monitor' }, monitorTypeSurfaces: 'include' })
  const video = document.createElement('video')
  Object.assign(video, { srcObject: stream, muted: true })
  await video.play()
  const settings = stream.getVideoTracks()[0].getSettings()
  const canvas = document.createElement('canvas')
  const count = () => {
    Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight })
    canvas.getContext('2d').drawImage(video, 0, 0)
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
    let green = 0
    for (let at = 0; at < pixels.length; at += 4) if (pixels[at] < 60 && pixels[at + 1] > 150 && pixels[at + 2] < 60) green += 1
    return green
  }
  // The screen shows the page a little later than the page is there.
  let green = count()
  for (let frames = 0; frames < 200 && green < canvas.width * canvas.height / 4; frames += 1) {
    document.body.style.paddingTop = `${frames % 2}px`
    await new Promise((next) => setTimeout(next, 50))
    green = count()
  }
  const camera = await navigator.mediaDevices.getUserMedia({ video: true, audio: true })
  return { surface: settings.displaySurface, width: canvas.width, height: canvas.height, green,
           tracks: camera.getTracks().map((track) => track.kind).sort() }
}
"""


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Playwright of this test alone."""
    with sync_playwright() as running:
        yield running


def test_a_page_is_given_the_whole_screen_and_a_made_up_camera(playwright: Playwright, tmp_path: Path) -> None:
    with software_screen() as environment:
        browser = playwright.chromium.launch_persistent_context(
            str(tmp_path / f"profile-{secrets.token_hex(4)}"),
            executable_path=CHROMIUM,
            headless=False,
            env={**environment},
            args=[
                *ARGUMENTS,
                "--kiosk",
                "--lang=en-US",  # the name of the screen is a translated word
                "--auto-select-desktop-capture-source=Entire screen",
                "--use-fake-device-for-media-stream",
            ],
            ignore_default_args=["--mute-audio"],
            no_viewport=True,
        )
        try:
            browser.grant_permissions(["camera", "microphone"])
            page = browser.pages[0]
            page.set_default_timeout(60_000)
            page.route(f"{ORIGIN}**", _answer)
            page.goto(ORIGIN)
            seen = page.evaluate(SHARE)
        finally:
            browser.close()
    assert seen["surface"] == "monitor"
    assert seen["tracks"] == ["audio", "video"]
    assert (seen["width"], seen["height"]) == (WIDTH, HEIGHT)
    assert seen["green"] > WIDTH * HEIGHT / 4, "the picture is not the screen on which the page stands"


def _answer(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<body style='margin:0;background:rgb(0,200,0)'></body>")


def test_what_playwright_switches_off_stays_off(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    own = next(one["id"] for one in processes if one["type"] == "browser")
    command = Path(f"/proc/{own}/cmdline").read_text().split("\0")
    browser.close()
    [off] = re.findall(r"--disable-features=(\S+)", " ".join(command))
    assert set(off.split(",")) <= set(PLAYWRIGHT_OFF)
