"""How quickly and how closely together a reviewer's films are shown: measured in the page, with its own clock."""

import statistics
from dataclasses import dataclass

from playwright.sync_api import Page

# Keeps what a click leads to: every film must show a picture of the place where it was put, and of no other.
WATCH = """(() => {
  // A screen is recorded at three pictures a second: each stands for that long.
  const NEAR_S = 0.36
  const films = () => [...document.querySelectorAll('video')].filter((one) => one.src !== '')
  window.replayed = {
    /** Resolve with the milliseconds from the next click until all of so many films show where they were put. */
    afterClick: (count) => new Promise((done) => addEventListener('click', ({ timeStamp }) => {
      performance.mark('replayed.click', { startTime: timeStamp })
      const stood = new Map(films().map((film) => [film, film.currentTime]))
      const shown = new Map()
      const follow = (film) => film.requestVideoFrameCallback((_now, { mediaTime }) => {
        shown.set(film, mediaTime)
        follow(film)
      })
      const isThere = (film) => !film.seeking && film.currentTime !== stood.get(film) && Math.abs((shown.get(film) ?? -1) - film.currentTime) <= NEAR_S
      const look = () => {
        for (const film of films()) if (!shown.has(film)) { shown.set(film, -1); follow(film) }
        if (films().filter(isThere).length < count) return requestAnimationFrame(look)
        done(performance.measure('replayed.shown', 'replayed.click').duration)
      }
      look()
    }, { capture: true, once: true })),
    /** Resolve with the distance between the films, in milliseconds, at every frame of the page. */
    distances: async (lengthMs) => {
      const found = []
      const until = performance.now() + lengthMs
      while (performance.now() < until) {
        await new Promise(requestAnimationFrame)
        const at = films().filter((film) => film.videoWidth > 0).map((film) => film.currentTime)
        found.push((Math.max(...at) - Math.min(...at)) * 1000)
      }
      return found
    },
  }
})()"""


@dataclass(frozen=True)
class Spread:
    """Measured milliseconds."""

    median: float
    highest: float
    count: int

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """What is said of so many values."""
        return cls(round(statistics.median(values), 1), round(max(values), 1), len(values))


def watch_films(page: Page) -> None:
    """Be ready to measure in this page."""
    page.evaluate(WATCH)


def expect_click(page: Page, films: int) -> None:
    """Measure from the next click on."""
    page.evaluate(
        f"() => {{ window.measured = null; void window.replayed.afterClick({films}).then((ms) => (window.measured = ms)) }}"
    )


def read_delay(page: Page) -> float:
    """Return the milliseconds from that click until so many films showed where they were put."""
    page.wait_for_function("() => window.measured !== null")
    delay: float = page.evaluate("() => window.measured")
    return delay


def measure_distances(page: Page, seconds: int) -> Spread:
    """Return how far the films that are shown are apart while they play."""
    return Spread.of(page.evaluate(f"() => window.replayed.distances({seconds * 1000})"))
