"""The bank as a whole: figures, duplicates, the template."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from invigil.platform.http import RECORDED, ManagementRouter, Paging, Tx, Who, paging_of, ports_of
from invigil.prepare.questions.http.bank import QuestionHeadAnswer
from invigil.prepare.questions.importing.template import write_template
from invigil.prepare.questions.model import QuestionState, QuestionType
from invigil.prepare.questions.service import comparing
from invigil.prepare.questions.service.statistics import compute_statistics

router = ManagementRouter(prefix="/api/questions", tags=["questions"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuestionCellAnswer(BaseModel):
    """Active questions of one subject, type, knowledge area and difficulty."""

    subject_code: str
    type: QuestionType
    knowledge_area: str
    difficulty: int
    questions: int


class QuestionStatisticsAnswer(BaseModel):
    """The bank in figures; a question of several subjects stands in a cell of each."""

    active: int
    retired: int
    cells: list[QuestionCellAnswer]


class QuestionPairAnswer(BaseModel):
    """Two questions that look alike; 100 percent: equal but for width, case and punctuation."""

    percent: int
    left: QuestionHeadAnswer
    right: QuestionHeadAnswer


class QuestionDuplicatesAnswer(BaseModel):
    """One page of the last report of duplicates. `is_cut`: more were found than are kept."""

    made_at: datetime
    questions: int
    total: int
    is_cut: bool
    items: list[QuestionPairAnswer]
    page: int
    page_size: int


class QuestionJobAnswer(BaseModel):
    """A job that was left: poll GET /api/jobs/{job_id}."""

    job_id: str


@router.get("/statistics", name="questions.statistics", summary="题库统计")
async def get_statistics(tx: Tx) -> QuestionStatisticsAnswer:
    """Count active questions by subject, type, knowledge area and difficulty."""
    cells, states = await compute_statistics(tx)
    shown = [QuestionCellAnswer.model_validate(cell, from_attributes=True) for cell in cells]
    return QuestionStatisticsAnswer(
        active=states[QuestionState.ACTIVE], retired=states[QuestionState.RETIRED], cells=shown
    )


@router.post("/duplicates", name="questions.duplicates.search", summary="题库查重", status_code=202)
async def search_duplicates(request: Request, tx: Tx, who: Who) -> QuestionJobAnswer:
    """Compare every active question with every other, in the background."""
    return QuestionJobAnswer(job_id=await comparing.order_search(tx, who, ports_of(request)))


@router.get("/duplicates", name="questions.duplicates.list", summary="查重报告", openapi_extra=RECORDED)
async def list_duplicates(
    request: Request, tx: Tx, who: Who, paging: Annotated[Paging, Depends(paging_of)]
) -> QuestionDuplicatesAnswer:
    """Return the last report, most alike first. Recorded."""
    report, pairs = await comparing.read_report(
        tx, ports_of(request), who, offset=paging.offset, limit=paging.page_size
    )
    return QuestionDuplicatesAnswer(
        made_at=report.made_at,
        questions=report.questions,
        total=len(report.pairs),
        is_cut=report.is_cut,
        items=[
            QuestionPairAnswer(
                percent=one.percent, left=QuestionHeadAnswer.of(one.left), right=QuestionHeadAnswer.of(one.right)
            )
            for one in pairs
        ],
        page=paging.page,
        page_size=paging.page_size,
    )


@router.get(
    "/template",
    name="questions.template",
    summary="下载试题导入模板",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def download_template(tx: Tx) -> Response:  # noqa: ARG001 - the router's gate needs a transaction
    """Return the Excel template with example rows and a page of notes."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote('试题导入模板.xlsx')}"}
    return Response(write_template(), media_type=XLSX, headers=headers)
