"""Mock slots as staff see them, and waivers. Candidates book through rooms, which seats them."""

from datetime import datetime

from pydantic import BaseModel, Field

from invigil.kernel.ids import CandidateId, ExamId
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.prepare.exams.http.schemas import SittingAnswer
from invigil.prepare.exams.model import MockClearance, MockClearanceKind
from invigil.prepare.exams.service import mock as service
from invigil.prepare.exams.service.exams import access_exam

router = ManagementRouter(tags=["exams"])


class MockSlotAnswer(BaseModel):
    """A mock slot and how full it is."""

    sitting: SittingAnswer
    booked: int
    free: int


class WaiverForm(BaseModel):
    """Who may sit without the mock, and why; the reason goes into the audit record, so no personal data."""

    candidate_id: str = Field(max_length=40)
    reason: str = Field(min_length=2, max_length=500)


class MockClearanceAnswer(BaseModel):
    """Why a candidate counts as having passed the mock."""

    candidate_id: str
    kind: MockClearanceKind
    at: datetime
    attempt_id: str | None
    waived_by: str | None
    reason: str

    @classmethod
    def of(cls, one: MockClearance) -> "MockClearanceAnswer":
        """Return the clearance as the console shows it."""
        return cls.model_validate(one, from_attributes=True)


@router.get("/api/exams/{exam_id}/mock-slots", name="exams.mock.slots", summary="模拟考试时段")
async def list_slots(exam_id: ExamId, tx: Tx) -> list[MockSlotAnswer]:
    """List the mock sittings with their places."""
    await access_exam(tx, exam_id)
    slots = await service.list_mock_slots(tx, exam_id)
    return [
        MockSlotAnswer(sitting=SittingAnswer.of(one.sitting, tx.now), booked=one.booked, free=one.free) for one in slots
    ]


@router.get(
    "/api/exams/{exam_id}/mock-clearances/{candidate_id}", name="exams.mock.clearances", summary="考生模拟考试结果"
)
async def list_clearances(exam_id: ExamId, candidate_id: CandidateId, tx: Tx) -> list[MockClearanceAnswer]:
    """Say why a candidate counts as having passed the mock; empty when they have not."""
    await access_exam(tx, exam_id)
    return [MockClearanceAnswer.of(one) for one in await service.list_clearances(tx, [candidate_id])]


@router.post("/api/exams/{exam_id}/mock-waivers", name="exams.mock.waive", summary="豁免模拟考试", status_code=201)
async def waive_mock(exam_id: ExamId, form: WaiverForm, tx: Tx, who: Who) -> MockClearanceAnswer:
    """Let a candidate sit without having passed the mock; recorded with its reason."""
    waived = await service.waive_mock(tx, who, exam_id, CandidateId(form.candidate_id), form.reason)
    return MockClearanceAnswer.of(waived)
