"""A room that is watched: candidates who sit and are seen, and who watches them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from invigil.app.demo.people import STAFF
from invigil.app.demo.preparing import OPEN_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import staff
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.sitters import Sitter, draw_still

TITLE = "第二场"


@dataclass(frozen=True)
class Watched:
    """The room of the second sitting. proctor: login name of one who watches it. page_ticket, other_ticket: of two who have not entered."""

    room_id: str
    proctor: str
    sitters: list[Sitter]
    page_ticket: str
    other_ticket: str


@contextmanager
def watched_room(
    show: Demo, examination: Examination, sitters: int, draw: Callable[[str, int], bytes] = draw_still
) -> Iterator[Watched]:
    """Seat so many candidates of one room; what their tracks show is drawn from the track's name and the candidate's number."""
    proctor, room_id = find_proctor(show, examination.prepared.open_id)
    tickets = [one["ticket_number"] for one in show.staff("admin").get(f"/api/board/rooms/{room_id}")["seats"]]
    assert set(tickets) <= set(examination.tickets[OPEN_SUBJECT])
    seated = [
        Sitter(show, ticket, examination.prepared.open_id, n, draw) for n, ticket in enumerate(tickets[1 : sitters + 1])
    ]
    try:
        yield Watched(room_id, proctor, seated, tickets[0], tickets[-1])
    finally:
        for one in seated:
            one.close()


def find_proctor(show: Demo, sitting_id: str) -> tuple[str, str]:
    """Return a proctor of a room of the sitting, and the room."""
    for person in STAFF:
        if not person.login_name.startswith("proctor"):
            continue
        for room in show.staff(person.login_name).get("/api/my/rooms"):
            if room["room"]["sitting_id"] == sitting_id:
                return person.login_name, room["room"]["id"]
    raise AssertionError("nobody watches the sitting")


def open_wall(desk: Desk, login_name: str, room_id: str, *, width: int = 1440, height: int = 900) -> Page:
    """Log in and go to the room's wall."""
    page = desk.computer("/console/", width=width, height=height)
    staff.log_in(page, login_name)
    page.goto(f"{desk.origin}/console/wall?room={room_id}")
    expect(page.get_by_test_id("tile").first).to_be_visible()
    return page


def open_panel(page: Page, seat: str) -> None:
    """Enlarge the candidate who is found by this."""
    page.get_by_placeholder("姓名、准考证号或座位").fill(seat)
    expect(page.get_by_test_id("tile")).to_have_count(1)
    page.get_by_test_id("tile").click()
    expect(page.get_by_test_id("panel")).to_be_visible()


def open_patrol(desk: Desk, login_name: str = "patrol", *, width: int = 1440, height: int = 900) -> Page:
    """Log in and look at all rooms of the second sitting."""
    page = staff.sit_down(desk, login_name, width=width, height=height)
    staff.open_menu(page, "巡考")
    page.get_by_test_id("sittings").click()
    page.get_by_role("option", name=TITLE).first.click()
    expect(page.get_by_test_id("patrol-room").first).to_be_visible()
    return page
