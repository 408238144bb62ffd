"""How much of a proctor's line a full wall takes, counted by the browser (S1.7): 16 tiles, then one candidate enlarged beside them."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect

from invigil.app.bench.wall import draw_still
from invigil.app.demo.running import Demo
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.sitters import TRACKS
from tests.e2e.watching import Watched, open_wall, watched_room

TILES = 16
# So many pictures of every track are waited for.
PICTURES_EACH = 10
MEASURES_WITHIN_S = 120
MOST_KBITS, MOST_KBITS_ENLARGED = 800, 4_000
NEXT_FRAME = "() => new Promise(requestAnimationFrame)"
FIGURES = Path(__file__).parents[2] / "build/wall-line.json"


@dataclass
class Line:
    """What the browser receives over its sockets. frames: bytes, and of a picture when it was taken, by who sent it; else 0."""

    frames: list[tuple[int, int]] = field(default_factory=list)

    def follow(self, socket: WebSocket) -> None:
        """Count a socket's frames."""
        socket.on("framereceived", self._note)

    def _note(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            self.frames.append((len(payload), int.from_bytes(payload[4:12])))
        else:
            self.frames.append((len(payload.encode()), 0))

    def measure(self, page: Page, tracks: int) -> dict[str, float]:
        """Let so many pictures come, and return kbit/s and pictures/s, by the time in which they were taken."""
        page.evaluate(NEXT_FRAME)  # what came before has been told
        self.frames.clear()
        until = time.monotonic() + MEASURES_WITHIN_S
        while sum(taken_ms > 0 for _, taken_ms in self.frames) < PICTURES_EACH * tracks:
            assert time.monotonic() < until, f"{len(self.frames)} messages, and not enough pictures among them"
            page.evaluate(NEXT_FRAME)
        pictures = [place for place, (_, taken_ms) in enumerate(self.frames) if taken_ms]
        instants = [self.frames[place][1] for place in pictures]
        took_s = (max(instants) - min(instants)) / 1000
        # The first picture of each tile opens the time that is measured, the others fill it.
        received = sum(size for size, _ in self.frames[pictures[tracks] :])
        return {
            "kbit_per_s": round(received * 8 / 1000 / took_s, 1),
            "pictures_per_s": round((len(pictures) - tracks) / took_s, 1),
        }


@pytest.fixture(scope="module")
def watched(show: Demo, examination: Examination) -> Iterator[Watched]:
    """A room in which sixteen sit whose pictures are as large as a page may send them."""
    with watched_room(show, examination, TILES, lambda _track, number: draw_still(number)) as room:
        assert len(room.sitters) == TILES
        yield room


def test_a_full_wall_stays_within_the_line(watched: Watched, desk: Desk) -> None:
    page = open_wall(desk, watched.proctor, watched.room_id)
    line = Line()
    page.on("websocket", line.follow)
    page.reload()
    page.get_by_text("16 格", exact=True).click()
    page.get_by_test_id("chip-in_exam").click()  # the others have not come
    seen = page.locator("[data-testid=tile] canvas[data-at]")
    expect(seen).to_have_count(TILES)
    figures = {"wall": line.measure(page, TILES)}
    desk.picture(page, "wall-line-16")
    seen.first.click()
    expect(page.get_by_test_id("panel").locator("canvas[data-at]").first).to_be_visible()
    figures["enlarged"] = line.measure(page, len(TRACKS))
    desk.picture(page, "wall-line-enlarged")
    FIGURES.write_text(json.dumps(figures, indent=1))
    assert figures["wall"]["kbit_per_s"] <= MOST_KBITS
    assert figures["enlarged"]["kbit_per_s"] <= MOST_KBITS_ENLARGED
