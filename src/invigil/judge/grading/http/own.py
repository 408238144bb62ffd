"""The candidate's own results."""

from datetime import datetime

from pydantic import BaseModel

from invigil.judge.grading.service.showing import list_own_results
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.prepare.papers.api import PointsText

router = ManagementRouter(prefix="/api/sit", tags=["grading"])


class OwnResultAnswer(BaseModel):
    """A released result. sheet_sha256: of the sheet that was marked, the same as on the receipt."""

    sitting_id: str
    sitting_title: str
    starts_at: datetime
    subject_code: str
    outcome: str
    earned: PointsText
    full: PointsText
    possible: PointsText
    is_passed: bool
    released_at: datetime | None
    sheet_sha256: str


class OwnResults(BaseModel):
    """The candidate's released results, newest first."""

    items: list[OwnResultAnswer]


@router.get("/results", name="grading.results.own", summary="我的成绩")
async def show_own_results(tx: Tx, who: Who) -> OwnResults:
    """Return one's own results: only released ones, only of sittings that show them."""
    return OwnResults(
        items=[
            OwnResultAnswer(
                sitting_id=own.sitting.id,
                sitting_title=own.sitting.title,
                starts_at=own.sitting.starts_at,
                subject_code=own.result.subject_code,
                outcome=own.result.outcome,
                earned=own.result.earned,
                full=own.result.full,
                possible=own.result.possible,
                is_passed=own.result.is_passed,
                released_at=own.run.approved_at,
                sheet_sha256=own.result.sheet_sha256,
            )
            for own in await list_own_results(tx, who.id)
        ]
    )
