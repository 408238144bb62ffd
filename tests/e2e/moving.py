"""Moving candidates between rooms, by mouse, keyboard and dialog."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import arranging
from tests.e2e.desk import Desk
from tests.e2e.planning import EVERYBODY
from tests.e2e.staff import choose_option


def first_seat(page: Page, number: int) -> tuple[str, str]:
    """Return ticket number and name of whoever sits first in the room, which is open."""
    assert page.get_by_role("heading", name=re.compile(f"^{number} 号考场")).is_visible()
    _, name, ticket = read_seat(page, 1)
    return ticket, name


def read_seat(page: Page, row: int) -> tuple[str, str, str]:
    """Return seat number, name and ticket number of a row of the seats, counted from 1."""
    cells = page.get_by_role("row").nth(row).get_by_role("cell")
    seat, name, ticket = (cells.nth(at).inner_text().strip() for at in range(3))
    return seat, name, ticket


def move_by_mouse(page: Page, *, origin: int, target: int) -> None:
    """Drag a row onto another room's card."""
    source, goal = arranging.room(page, origin), arranging.room(page, target)
    left, right = arranging.count_seated(source), arranging.count_seated(goal)
    arranging.open_room(page, origin)
    ticket, _ = first_seat(page, origin)
    arranging.seat_row(page, ticket).drag_to(goal)
    arranging.expect_seated(source, left - 1)
    arranging.expect_seated(goal, right + 1)
    arranging.open_room(page, target)
    expect(arranging.seat_row(page, ticket)).to_be_visible()


def move_by_keyboard(page: Page, *, origin: int, target: int) -> None:
    """The same without a mouse, from the button of the row on."""
    source, goal = arranging.room(page, origin), arranging.room(page, target)
    left, right = arranging.count_seated(source), arranging.count_seated(goal)
    source.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(f"^{origin} 号考场"))).to_be_visible()
    ticket, name = first_seat(page, origin)
    arranging.seat_row(page, ticket).get_by_role("button", name=re.compile("^调到")).press("Enter")
    dialog = page.get_by_role("dialog", name=f"把 {name} 调到")
    picker = dialog.get_by_role("combobox", name="考场")
    expect(picker).to_be_focused()
    page.keyboard.type(f"{target} 号考场")
    expect(page.get_by_role("option").and_(page.locator(":visible"))).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    confirm = dialog.get_by_role("button", name="确定")
    expect(confirm).to_be_enabled()
    confirm.press("Enter")
    expect(dialog).to_be_hidden()
    arranging.expect_seated(source, left - 1)
    arranging.expect_seated(goal, right + 1)


def swap_by_mouse(page: Page, desk: Desk) -> None:
    """Drag a row onto another row of the same room: the two change seats."""
    arranging.open_room(page, 1)
    (seat, _, ticket), (other_seat, _, partner) = read_seat(page, 1), read_seat(page, 2)
    arranging.seat_row(page, ticket).drag_to(arranging.seat_row(page, partner))
    expect(arranging.seat_row(page, ticket).get_by_role("cell").first).to_have_text(other_seat)
    expect(arranging.seat_row(page, partner).get_by_role("cell").first).to_have_text(seat)
    desk.picture(page, "rooms-02-seats")


def swap_by_dialog(page: Page, desk: Desk) -> None:
    """Two candidates of different rooms change seats, chosen by room and name."""
    arranging.open_room(page, 2)
    stays, other = first_seat(page, 2)
    arranging.open_room(page, 1)
    ticket, name = first_seat(page, 1)
    arranging.seat_row(page, ticket).get_by_role("button", name=re.compile("^互换")).click()
    dialog = page.get_by_role("dialog", name=f"{name} 与谁互换座位")
    choose_option(page, dialog.get_by_role("combobox", name="考场"), "2 号考场")
    choose_option(page, dialog.get_by_role("combobox", name="考生"), other)
    desk.picture(page, "rooms-03-swap")
    dialog.get_by_role("button", name="确定").click()
    expect(arranging.seat_row(page, stays)).to_be_visible()
    expect(arranging.seat_row(page, ticket)).to_have_count(0)


def refuse_other_subject(page: Page) -> None:
    """Rooms have one subject; the refusal names the room and its subject."""
    arranging.open_room(page, 1)
    ticket, _ = first_seat(page, 1)
    arranging.seat_row(page, ticket).drag_to(arranging.room(page, 3))
    expect(page.get_by_text(re.compile("3 号考场为“C3”科目，考生报考科目不同"))).to_be_visible()
    expect(arranging.seat_row(page, ticket)).to_be_visible()


def take_out_and_put_back(page: Page, desk: Desk) -> None:
    """Somebody is taken out of the sitting, shows as not seated, and is seated again."""
    arranging.open_room(page, 1)
    ticket, name = first_seat(page, 1)
    arranging.seat_row(page, ticket).get_by_role("button", name="移出场次").click()
    page.get_by_role("dialog", name=f"移出场次 · {name}").get_by_role("button", name="确定").click()
    waiting = page.get_by_role("button", name=re.compile("^未编入"))
    expect(waiting).to_contain_text("1 人")
    waiting.click()
    expect(page.get_by_role("heading", name="未编入（1）")).to_be_visible()
    desk.picture(page, "rooms-04-unseated")
    arranging.seat_row(page, ticket).drag_to(arranging.room(page, 1))
    expect(waiting).to_have_count(0)
    expect(arranging.tile(page, "已编入")).to_contain_text(str(EVERYBODY))
