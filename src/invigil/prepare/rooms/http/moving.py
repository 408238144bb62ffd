"""Changes by hand, each checked like the automatic arrangement and made on the version that was read."""

from pydantic import BaseModel, Field

from invigil.kernel.ids import CandidateId, RoomId, SittingId, StaffId
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.prepare.rooms.service import arranging, mock, proctoring
from invigil.prepare.rooms.service.viewing import access_room

router = ManagementRouter(tags=["rooms"])


class MoveForm(BaseModel):
    """A candidate to seat in a room, from another room or from none."""

    candidate_id: str = Field(max_length=40)
    room_id: str = Field(max_length=40)
    version: int


class SwapForm(BaseModel):
    """Two candidates of one subject who change seats."""

    candidate_id: str = Field(max_length=40)
    other_candidate_id: str = Field(max_length=40)
    version: int


class UnseatForm(BaseModel):
    """A candidate to take out of the sitting."""

    candidate_id: str = Field(max_length=40)
    version: int


class ProctorsForm(BaseModel):
    """Who watches a room; nobody is possible for a while."""

    staff_ids: list[str] = Field(max_length=10)
    version: int


class ProctorSwapForm(BaseModel):
    """Two rooms that change proctors."""

    room_id: str = Field(max_length=40)
    other_room_id: str = Field(max_length=40)
    version: int


class NewVersion(BaseModel):
    """The version of the arrangement after the change."""

    version: int


class MockBookingForm(BaseModel):
    """A mock slot booked by staff for a candidate, even when an earlier one was missed; the reason goes into the audit."""

    candidate_id: str = Field(max_length=40)
    sitting_id: str = Field(max_length=40)
    reason: str = Field(min_length=2, max_length=500)


class SeatAnswer(BaseModel):
    """Where a candidate sits."""

    sitting_id: str
    room_id: str
    room_number: int
    seat_number: int


@router.post("/api/sittings/{sitting_id}/moves", name="rooms.candidate.move", summary="调整考生到其他考场")
async def move(sitting_id: SittingId, form: MoveForm, tx: Tx, who: Who) -> NewVersion:
    """Give a candidate a seat in a room of the same subject."""
    version = await arranging.place_candidate(
        tx, who, sitting_id, CandidateId(form.candidate_id), RoomId(form.room_id), version=form.version
    )
    return NewVersion(version=version)


@router.post("/api/sittings/{sitting_id}/swaps", name="rooms.candidate.swap", summary="两名考生互换座位")
async def swap(sitting_id: SittingId, form: SwapForm, tx: Tx, who: Who) -> NewVersion:
    """Let two candidates of one subject change seats."""
    one, other = CandidateId(form.candidate_id), CandidateId(form.other_candidate_id)
    return NewVersion(version=await arranging.swap_candidates(tx, who, sitting_id, one, other, version=form.version))


@router.post("/api/sittings/{sitting_id}/unseatings", name="rooms.candidate.unseat", summary="将考生移出场次")
async def unseat(sitting_id: SittingId, form: UnseatForm, tx: Tx, who: Who) -> NewVersion:
    """Take a candidate's seat away."""
    candidate_id = CandidateId(form.candidate_id)
    return NewVersion(version=await arranging.unseat_candidate(tx, who, sitting_id, candidate_id, version=form.version))


@router.put("/api/rooms/{room_id}/proctors", name="rooms.proctors.set", summary="指定考场监考")
async def set_proctors(room_id: RoomId, form: ProctorsForm, tx: Tx, who: Who) -> NewVersion:
    """Say who watches a room."""
    room = await access_room(tx, who, room_id)
    staff_ids = [StaffId(one) for one in form.staff_ids]
    return NewVersion(version=await proctoring.set_room_proctors(tx, who, room, staff_ids, version=form.version))


@router.post("/api/sittings/{sitting_id}/proctor-swaps", name="rooms.proctors.swap", summary="两个考场互换监考")
async def swap_proctors(sitting_id: SittingId, form: ProctorSwapForm, tx: Tx, who: Who) -> NewVersion:
    """Let two rooms change proctors."""
    one, other = RoomId(form.room_id), RoomId(form.other_room_id)
    return NewVersion(version=await proctoring.swap_proctors(tx, who, sitting_id, one, other, version=form.version))


@router.post("/api/mock-bookings", name="rooms.mock.book", summary="代考生预约模拟考试", status_code=201)
async def book_mock(form: MockBookingForm, tx: Tx, who: Who) -> SeatAnswer:
    """Book a mock slot for a candidate."""
    seat = await mock.book_mock_seat(
        tx, who, CandidateId(form.candidate_id), SittingId(form.sitting_id), reason=form.reason
    )
    return SeatAnswer(
        sitting_id=seat.sitting_id, room_id=seat.room_id, room_number=seat.room_number, seat_number=seat.seat_number
    )
