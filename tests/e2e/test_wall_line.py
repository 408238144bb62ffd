"""How much of a proctor's line a full wall takes, counted by the browser (S1.7): 16 tiles, then one candidate enlarged beside them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect

from invigil.app.bench.wall import draw_still
from invigil.app.demo.running import Demo
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.sitters import TRACKS, Sitter
from tests.e2e.watching import find_proctor, open_wall

TILES = 16
# So many pictures of every track are waited for.
PICTURES_EACH = 10
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
        while sum(taken_ms > 0 for _, taken_ms in self.frames) < PICTURES_EACH * tracks:
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
def room(show: Demo, examination: Examination) -> Iterator[tuple[str, str]]:
    """A proctor, and the room in which sixteen sit whose pictures are as large as a page may send them."""
    sitting_id = examination.prepared.open_id
    proctor, room_id = find_proctor(show, sitting_id)
    seats = show.staff("admin").get(f"/api/board/rooms/{room_id}")["seats"][:TILES]
    sitters = [
        Sitter(show, seat["ticket_number"], sitting_id, number, draw=lambda _track, number: draw_still(number))
        for number, seat in enumerate(seats)
    ]
    assert len(sitters) == TILES
    yield proctor, room_id
    for one in sitters:
        one.close()


def test_a_full_wall_stays_within_the_line(room: tuple[str, str], desk: Desk) -> None:
    page = open_wall(desk, *room)
    line = Line()
    page.on("websocket", line.follow)
    page.reload()
    page.get_by_text("16 格", exact=True).click()
    expect(page.locator("[data-testid=tile] canvas[data-at]")).to_have_count(TILES)
    figures = {"wall": line.measure(page, TILES)}
    desk.picture(page, "wall-line-16")
    page.get_by_test_id("tile").first.click()
    expect(page.get_by_test_id("panel").locator("canvas[data-at]").first).to_be_visible()
    figures["enlarged"] = line.measure(page, len(TRACKS))
    desk.picture(page, "wall-line-enlarged")
    FIGURES.write_text(json.dumps(figures, indent=1))
    assert figures["wall"]["kbit_per_s"] <= MOST_KBITS
    assert figures["enlarged"]["kbit_per_s"] <= MOST_KBITS_ENLARGED
