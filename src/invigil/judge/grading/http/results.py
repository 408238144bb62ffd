"""Results of a run: the list, one candidate's marks, two runs side by side, statistics."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel

from invigil.judge.grading.model import Result
from invigil.judge.grading.rules.refusals import StatisticsMissing
from invigil.judge.grading.service import showing
from invigil.judge.grading.service.runs import access_run
from invigil.judge.grading.service.showing import NamedResult
from invigil.judge.grading.store.results import search_results
from invigil.judge.grading.store.runs import read_statistics
from invigil.platform.http import RECORDED, ManagementRouter, Page, Paging, Tx, Who, paging_of
from invigil.prepare.candidates.api import CandidateFilter, find_candidates
from invigil.prepare.exams.api import access_sitting
from invigil.prepare.papers.api import PointsText

router = ManagementRouter(prefix="/api/grading", tags=["grading"])


class ResultAnswer(BaseModel):
    """One candidate's result. possible < full where items of the paper were removed; outcome: how the attempt ended."""

    candidate_id: str
    ticket_number: str
    name: str
    employer: str
    subject_code: str
    outcome: str
    earned: PointsText
    possible: PointsText
    full: PointsText
    is_passed: bool
    sheet_sha256: str


class ItemMarkAnswer(BaseModel):
    """What one item earned; possible is 0 for a removed item."""

    id: str
    section: str
    earned: PointsText
    possible: PointsText


class ResultDetails(BaseModel):
    """A result item by item."""

    result: ResultAnswer
    items: list[ItemMarkAnswer]


class Score(BaseModel):
    """One side of a comparison."""

    earned: PointsText
    possible: PointsText
    is_passed: bool


class DifferenceAnswer(BaseModel):
    """A candidate whose score or outcome differs; a side is null where there is no result in that run."""

    candidate_id: str
    ticket_number: str
    name: str
    before: Score | None
    after: Score | None
    is_flip: bool


class ComparisonPage(Page[DifferenceAnswer]):
    """Differences, flips first. now_passed, now_failed: how many flips in each direction."""

    now_passed: int
    now_failed: int


class ItemStatisticsAnswer(BaseModel):
    """One item of one question. level: its difficulty in the bank; difficulty: mean share earned, high = easy.

    number: from 1 in each paper set, the same in every run. excerpt: the question's first words, for who may read questions.
    """

    version_id: str
    question_id: str
    part: int
    type: str
    knowledge_area: str
    level: int
    treatment: str
    shown: int
    answered: int
    difficulty: float
    discrimination: float | None
    upper_lower: float | None
    option_counts: list[int]
    number: int = 0
    excerpt: str = ""


class PaperStatisticsAnswer(BaseModel):
    """The scores of one paper set, in half points; histogram: people per twentieth of the full score."""

    people: int
    passed: int
    mean: float
    deviation: float
    highest: int
    lowest: int
    median: int
    reliability: float | None
    histogram: list[int]


class PaperSetStatistics(BaseModel):
    """Figures of one subject's papers."""

    paper_set_id: str
    subject_code: str
    title: str
    full: PointsText
    pass_mark: PointsText
    paper: PaperStatisticsAnswer | None
    items: list[ItemStatisticsAnswer]


class StatisticsAnswer(BaseModel):
    """Figures of a run, one entry per paper set."""

    paper_sets: list[PaperSetStatistics]


@router.get("/runs/{run_id}/results", name="grading.results.list", summary="成绩列表")
async def list_results(
    run_id: str,
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    subject_code: Annotated[str, Query(max_length=20)] = "",
    is_passed: Annotated[bool | None, Query()] = None,
) -> Page[ResultAnswer]:
    """List results, best first. q: name, ticket or identity number; sort: earned, subject_code, outcome."""
    run = await access_run(tx, run_id)
    chosen = None
    if paging.q:
        exam_id = (await access_sitting(tx, run.sitting_id)).exam_id
        found, _ = await find_candidates(tx, CandidateFilter(exam_id, paging.q), sort="", offset=0, limit=MOST_FOUND)
        chosen = [one.id for one in found]
    results, total = await search_results(
        tx,
        run_id,
        subject_code=subject_code,
        is_passed=is_passed,
        candidate_ids=chosen,
        sort=paging.sort,
        offset=paging.offset,
        limit=paging.page_size,
    )
    items = [_answer(named) for named in await showing.name_results(tx, results)]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


# A search by name that finds more people than these is not a search for somebody.
MOST_FOUND = 1_000


@router.get(
    "/runs/{run_id}/results/{candidate_id}",
    name="grading.results.read",
    summary="一名考生的逐题得分",
    openapi_extra=RECORDED,
)
async def read_result(run_id: str, candidate_id: str, tx: Tx, who: Who) -> ResultDetails:
    """Return one candidate's marks item by item; the reading is recorded."""
    named, marks = await showing.read_result(tx, who, run_id, candidate_id)
    items = [ItemMarkAnswer(**mark._asdict()) for mark in marks]
    return ResultDetails(result=_answer(named), items=items)


@router.get("/runs/{run_id}/comparison", name="grading.runs.compare", summary="与另一轮评分比较")
async def compare_runs(
    run_id: str,
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    before: Annotated[str, Query(max_length=40, description="the earlier run")],
) -> ComparisonPage:
    """Return whose score or outcome differs from the earlier run, flips first."""
    differences = await showing.compare(tx, before, run_id)
    page = paging.cut(differences)
    sides = [side for difference in page if (side := difference.after or difference.before) is not None]
    cards = {named.result.candidate_id: named.card for named in await showing.name_results(tx, sides)}
    flips = [difference for difference in differences if difference.is_flip]
    now_passed = sum(flip.after is not None and flip.after.is_passed for flip in flips)
    return ComparisonPage(
        items=[
            DifferenceAnswer(
                candidate_id=one.candidate_id,
                ticket_number=card.ticket_number if (card := cards.get(one.candidate_id)) else "",
                name=card.name if card else "",
                before=_score(one.before),
                after=_score(one.after),
                is_flip=one.is_flip,
            )
            for one in page
        ],
        total=len(differences),
        page=paging.page,
        page_size=paging.page_size,
        now_passed=now_passed,
        now_failed=len(flips) - now_passed,
    )


@router.get("/runs/{run_id}/statistics", name="grading.runs.statistics", summary="试题与成绩统计")
async def show_statistics(run_id: str, tx: Tx, who: Who) -> StatisticsAnswer:
    """Return difficulty, discrimination, option choices, reliability and the histogram of a graded run.

    What is asked is shown to administrators only, who may read the question bank as well (N: need to know).
    """
    await access_run(tx, run_id)
    figures = await read_statistics(tx, run_id)
    if figures is None:
        raise StatisticsMissing
    shown = StatisticsAnswer.model_validate(figures)
    items = [item for paper_set in shown.paper_sets for item in paper_set.items]
    excerpts = await showing.read_excerpts(tx, who, [item.version_id for item in items])
    for paper_set in shown.paper_sets:
        for number, item in enumerate(paper_set.items, start=1):
            item.number, item.excerpt = number, excerpts.get((item.version_id, item.part), "")
    return shown


def _answer(named: NamedResult) -> ResultAnswer:
    result, card = named
    return ResultAnswer(
        candidate_id=result.candidate_id,
        ticket_number=card.ticket_number if card else "",
        name=card.name if card else "",
        employer=card.employer if card else "",
        subject_code=result.subject_code,
        outcome=result.outcome,
        earned=result.earned,
        possible=result.possible,
        full=result.full,
        is_passed=result.is_passed,
        sheet_sha256=result.sheet_sha256,
    )


def _score(result: Result | None) -> Score | None:
    if result is None:
        return None
    return Score(earned=result.earned, possible=result.possible, is_passed=result.is_passed)
