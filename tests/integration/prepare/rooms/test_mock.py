"""Mock slots on both databases: booking seats a candidate, changing moves, waivers, the gate (S3.7)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from invigil.kernel.ids import AttemptId, CandidateId
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.kernel.refusals import Refusal
from invigil.prepare.exams.api import (
    access_sitting,
    check_mock_gate,
    is_mock_passed,
    list_mock_slots,
    record_mock_passed,
)
from invigil.prepare.exams.model.refusals import MockNotPassed
from invigil.prepare.rooms.api import Seat, book_mock_seat, list_rooms, seat_of
from tests.integration.prepare.exams.desk import ExamDesk, code_of
from tests.world import Person, World

TICK = timedelta(microseconds=1)


def candidate(candidate_id: CandidateId) -> Principal:
    return Principal(PrincipalKind.CANDIDATE, candidate_id)


async def book(world: World, candidate_id: CandidateId, sitting: dict[str, Any]) -> Seat | str:
    """Book as the candidate; return the seat or the code of the refusal."""
    try:
        async with world.ports.db.transaction() as tx:
            return await book_mock_seat(tx, candidate(candidate_id), candidate_id, sitting["id"])
    except Refusal as refusal:
        return refusal.code


async def test_booking_seats_and_changing_moves(world: World) -> None:
    desk = await ExamDesk.open(world)
    one, two, three = await desk.register(3)
    (other,) = await desk.register(1, subject="B", first=100)
    first = await desk.plan_locked("A", kind="mock", capacity=2)
    second = await desk.plan_locked("A", "B", kind="mock", capacity=5, starts_at=world.clock.now() + timedelta(days=4))
    seat = await book(world, one, first)
    assert isinstance(seat, Seat)
    assert (seat.room_number, seat.seat_number, seat.subject_code) == (1, 1, "A")
    assert await book(world, one, first) == seat  # again changes nothing
    assert isinstance(await book(world, two, first), Seat)
    assert await book(world, three, first) == "exams.slot_full"
    assert await book(world, other, first) == "exams.slot_of_other_subject"
    moved = await book(world, one, second)
    assert isinstance(moved, Seat)
    async with world.ports.db.reading() as tx:
        assert await seat_of(tx, first["id"], one) is None
    freed = await book(world, three, first)
    assert isinstance(freed, Seat)
    assert freed.seat_number == 1
    # Subjects have rooms of their own.
    apart = await book(world, other, second)
    assert isinstance(apart, Seat)
    assert (apart.room_number, apart.subject_code) == (2, "B")
    async with world.ports.db.reading() as tx:
        slots = {slot.sitting.id: (slot.booked, slot.free) for slot in await list_mock_slots(tx, desk.exam_id, "A")}
    assert slots == {first["id"]: (2, 0), second["id"]: (2, 3)}
    shown = (await desk.one.get(f"/api/exams/{desk.exam_id}/mock-slots")).json()
    assert [slot["booked"] for slot in shown] == [2, 2]


async def test_rooms_are_made_when_thirty_are_seated(world: World) -> None:
    desk = await ExamDesk.open(world)
    people = await desk.register(31)
    slot = await desk.plan_locked("A", kind="mock", capacity=40)
    async with world.ports.db.transaction() as tx:
        for one in people:
            await book_mock_seat(tx, candidate(one), one, slot["id"])
        assert [room.seated for room in await list_rooms(tx, slot["id"])] == [30, 1]


@pytest.mark.parametrize(("later", "expected"), [(-TICK, None), (timedelta(0), "exams.slot_begun")])
async def test_until_the_slot_begins(world: World, later: timedelta, expected: str | None) -> None:
    desk = await ExamDesk.open(world)
    one, two = await desk.register(2)
    begins = world.clock.now() + timedelta(days=1)
    slot = await desk.plan_locked("A", kind="mock", starts_at=begins)
    after = await desk.plan_locked("A", kind="mock", starts_at=begins + timedelta(days=1))
    await book(world, one, slot)
    world.clock.advance(begins + later - world.clock.now())
    booked = await book(world, two, slot)
    changed = await book(world, one, after)
    if expected is None:
        assert isinstance(booked, Seat)
        assert isinstance(changed, Seat)
    else:
        assert (booked, changed) == (expected, expected)


async def test_what_cannot_be_booked(world: World) -> None:
    desk = await ExamDesk.open(world)
    (one,) = await desk.register(1)
    assert await book(world, one, await desk.plan_locked("A")) == "exams.not_a_mock_slot"
    assert await book(world, one, await desk.plan("A", kind="mock")) == "exams.not_a_mock_slot"
    assert await book(world, one, {"id": "none"}) == "exams.sitting_not_found"
    assert await book(world, CandidateId("nobody"), {"id": "none"}) == "candidates.not_found"
    stranger = await ExamDesk.open(world)
    elsewhere = await stranger.plan_locked("A", kind="mock")
    assert await book(world, one, elsewhere) == "exams.not_a_mock_slot"
    own = await desk.plan_locked("A", kind="mock")
    (two,) = await desk.register(1, first=2)
    seat = await book(world, one, own)
    assert isinstance(seat, Seat)
    path = f"/api/sittings/{own['id']}"
    placed = await desk.one.post(f"{path}/moves", json={"candidate_id": two, "room_id": seat.room_id, "version": 1})
    assert code_of(placed) == (404, "rooms.not_seated")
    unseated = await desk.one.post(f"{path}/unseatings", json={"candidate_id": one, "version": 1})
    assert code_of(unseated) == (409, "rooms.arrangement_not_possible")
    arranged = await desk.one.post(f"/api/sittings/{elsewhere['id']}/arrangement", json={"version": 0})
    await desk.run_jobs()
    job = (await desk.one.get(f"/api/jobs/{arranged.json()['job_id']}")).json()
    assert job["refusal_code"] == "rooms.arrangement_not_possible"


async def test_the_last_place_is_given_once(world: World) -> None:
    desk = await ExamDesk.open(world)
    people = await desk.register(6)
    slot = await desk.plan_locked("A", kind="mock", capacity=2)
    outcomes = await asyncio.gather(*(book(world, one, slot) for one in people))
    seats = [one for one in outcomes if isinstance(one, Seat)]
    assert len({seat.seat_number for seat in seats}) == len(seats) == 2
    assert outcomes.count("exams.slot_full") == 4


async def test_staff_book_anew_for_a_missed_slot(world: World) -> None:
    desk = await ExamDesk.open(world)
    (one,) = await desk.register(1)
    missed = await desk.plan_locked("A", kind="mock", starts_at=world.clock.now() + timedelta(days=1))
    again = await desk.plan_locked("A", kind="mock", starts_at=world.clock.now() + timedelta(days=3))
    await book(world, one, missed)
    world.clock.advance(timedelta(days=2))
    assert await book(world, one, again) == "exams.slot_begun"
    form = {"candidate_id": one, "sitting_id": again["id"], "reason": "停电，已核实"}
    support = await world.staff(Role.SUPPORT)
    answer = await support.post("/api/mock-bookings", json=form)
    assert (answer.status_code, answer.json()["seat_number"]) == (201, 1)
    proctor = await world.staff(Role.PROCTOR)
    assert (await proctor.post("/api/mock-bookings", json=form)).status_code == 403
    assert (await world.anonymous().post("/api/mock-bookings", json=form)).status_code == 401


async def gate(world: World, sitting: dict[str, Any], candidate_id: CandidateId) -> bool:
    async with world.ports.db.reading() as tx:
        try:
            await check_mock_gate(tx, await access_sitting(tx, sitting["id"]), candidate_id)
        except MockNotPassed:
            return False
        return True


async def test_the_gate_opens_by_handing_in_or_by_waiver(world: World) -> None:
    desk = await ExamDesk.open(world)
    one, two, three = await desk.register(3)
    real, mock = await desk.plan("A"), await desk.plan_locked("A", kind="mock")
    assert real["requires_mock"] is True
    assert [await gate(world, real, each) for each in (one, two, three)] == [False, False, False]
    assert await gate(world, mock, one)
    await book(world, one, mock)
    async with world.ports.db.transaction() as tx:
        await record_mock_passed(tx, one, AttemptId("attempt_1"))
        await record_mock_passed(tx, one, AttemptId("attempt_1"))
        assert await is_mock_passed(tx, one)
    waiver = await desk.one.post(
        f"/api/exams/{desk.exam_id}/mock-waivers", json={"candidate_id": two, "reason": "系统故障，经批准"}
    )
    assert waiver.status_code == 201
    stranger = await ExamDesk.open(world)
    foreign = await stranger.one.post(
        f"/api/exams/{stranger.exam_id}/mock-waivers", json={"candidate_id": two, "reason": "别的考试"}
    )
    assert code_of(foreign) == (404, "candidates.not_found")
    assert [await gate(world, real, each) for each in (one, two, three)] == [True, True, False]
    support: Person = await world.staff(Role.SUPPORT)
    listed = (await support.get(f"/api/exams/{desk.exam_id}/mock-clearances/{two}")).json()
    assert [(item["kind"], item["reason"]) for item in listed] == [("waived", "系统故障，经批准")]
    assert (await support.get(f"/api/exams/{desk.exam_id}/mock-clearances/{three}")).json() == []
    checklist = (await desk.one.get(f"/api/exams/{desk.exam_id}/checklist")).json()["items"]
    (done,) = [item for item in checklist if item["code"] == "mock_done"]
    assert done["detail_zh"].startswith("已完成 2 / 3 人")
    # An examination that does not ask for the mock has no gate.
    await desk.one.put(f"/api/exams/{desk.exam_id}", json={"title": "x", "is_mock_required": False, "version": 1})
    assert await gate(world, real, three)
