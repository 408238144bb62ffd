"""Samples for proof-reading, on screen and on paper. Every reading is recorded."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel

from invigil.platform.documents import render_pdf
from invigil.platform.http import RECORDED, ManagementRouter, SelfCommittingRouter, Tx, Who, ports_of
from invigil.platform.http.downloads import file_response
from invigil.prepare.papers.rules.printing import print_values
from invigil.prepare.papers.rules.rendering import describe_section
from invigil.prepare.papers.service.opening import SAMPLES, load_pictures, read_sample
from invigil.prepare.papers.service.sets import access_set

router = ManagementRouter(prefix="/api/papers", tags=["papers"])
# Setting the type takes a second; no transaction may stand open meanwhile.
printing_router = SelfCommittingRouter(prefix="/api/papers", tags=["papers"])


class SampleBlock(BaseModel):
    """One visual block. blob: id of a medium of the question bank."""

    kind: str
    html: str | None = None
    blob: str | None = None
    media_type: str | None = None
    alt: str = ""
    play_limit: int | None = None


class SampleOption(BaseModel):
    """One choice under its presented letter."""

    key: str
    blocks: list[SampleBlock]


class SampleItem(BaseModel):
    """One answerable item as the candidate would see it."""

    id: str
    type: str
    points: str
    blocks: list[SampleBlock]
    options: list[SampleOption]
    blank_count: int


class SampleGroup(BaseModel):
    """A case with its items, or one item without a case."""

    case: list[SampleBlock] | None
    items: list[SampleItem]


class SampleSection(BaseModel):
    """One part of the paper; note: what stands under its title; note_en: the same for staff who read English."""

    title: str
    note: str
    note_en: str
    groups: list[SampleGroup]


class SampleAnswer(BaseModel):
    """The key of one item in presented letters, with its classification."""

    answer: dict[str, Any]
    explanation: list[SampleBlock]
    version_id: str
    knowledge_area: str
    difficulty: int


class SampleAnswerPaper(BaseModel):
    """One sample. answers: by item id; empty unless asked for."""

    number: int
    sample_count: int
    title: str
    sections: list[SampleSection]
    answers: dict[str, SampleAnswer]


@router.get(
    "/sets/{paper_set_id}/samples/{number}",
    name="papers.samples.read",
    summary="样卷（校对）",
    openapi_extra=RECORDED,
)
async def show_sample(
    paper_set_id: str, number: int, tx: Tx, who: Who, *, with_answers: Annotated[bool, Query()] = False
) -> SampleAnswerPaper:
    """Return a sample paper, with answers if asked for; the reading is recorded."""
    sample = await read_sample(tx, who, paper_set_id, number, with_answers=with_answers, act="papers.sample.read")
    blueprint = (await access_set(tx, paper_set_id)).blueprint
    sections = [
        {**shown, "note_en": describe_section(section).en}
        for shown, section in zip(sample.page["sections"], blueprint.sections, strict=True)
    ]
    return SampleAnswerPaper.model_validate(
        {
            "number": number,
            "sample_count": SAMPLES,
            "title": sample.page["title"],
            "sections": sections,
            "answers": sample.answers,
        }
    )


@printing_router.get(
    "/sets/{paper_set_id}/samples/{number}/document",
    name="papers.samples.print",
    summary="样卷 PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def print_sample(
    paper_set_id: str, number: int, request: Request, *, with_answers: Annotated[bool, Query()] = False
) -> Response:
    """Return a sample paper as PDF, marked with who printed it and when; the printing is recorded."""
    who = request.state.who
    async with ports_of(request).db.transaction() as tx:
        sample = await read_sample(tx, who, paper_set_id, number, with_answers=with_answers, act="papers.sample.print")
        paper_set = await access_set(tx, paper_set_id)
        printed_at = tx.now
    pictures = await load_pictures(ports_of(request), sample.page)
    values = print_values(
        sample.page,
        sample.answers,
        pictures,
        paper_set=paper_set,
        printed_by=who.display_name,
        printed_at=printed_at,
    )
    pdf = await render_pdf("prepare/papers/sample.typ", values)
    kind = "含答案" if with_answers else "试卷"
    return file_response(pdf, f"{sample.page['title']}-样卷{number}-{kind}.pdf", "application/pdf")
