"""Routes of imports: what was understood, adjusting, skipping, confirming."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from invigil.platform.http import RECORDED, ManagementRouter, Page, Paging, Tx, Who, paging_of, ports_of
from invigil.prepare.questions.http.documents import QuestionDocument, QuestionProblemAnswer, SubjectCode
from invigil.prepare.questions.importing.model import LineUse
from invigil.prepare.questions.refusals import IMPORT_STATES_ZH, ImportState
from invigil.prepare.questions.service import imports
from invigil.prepare.questions.service.staged import Defaults, find_staged_problems

router = ManagementRouter(prefix="/api/questions/imports", tags=["questions"])
Only = Literal["", "doubtful", "problems", "duplicates", "skipped", "included"]


class QuestionDefaultsForm(BaseModel):
    """What the file does not say."""

    subject_codes: list[SubjectCode] = Field(default_factory=list, max_length=20)
    knowledge_area: str = Field(default="", max_length=64)
    source: str = Field(default="", max_length=500)

    def to_defaults(self) -> Defaults:
        """Return the defaults."""
        return Defaults(tuple(sorted(set(self.subject_codes))), self.knowledge_area.strip(), self.source.strip())


class QuestionImportCounts(BaseModel):
    """Of what was read, in questions but for `unplaced_lines` and `media`; 0 before anything was read."""

    questions: int = 0
    included: int = 0
    doubtful: int = 0
    problems: int = 0
    included_problems: int = 0
    duplicates: int = 0
    written: int = 0
    unplaced_lines: int = 0
    media: int = 0


class QuestionImportAnswer(BaseModel):
    """An import as it stands. `job_id` shows progress."""

    id: str
    state: ImportState
    state_zh: str
    file_name: str
    file_bytes: int
    counts: QuestionImportCounts
    refusal: str
    refusal_en: str
    job_id: str
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, one: imports.Import) -> "QuestionImportAnswer":
        """Return the answer of an import."""
        return cls(
            id=one.id,
            state=one.state,
            state_zh=IMPORT_STATES_ZH[one.state],
            file_name=one.file_name,
            file_bytes=one.file_bytes,
            counts=QuestionImportCounts(**one.counts),
            refusal=one.refusal_zh,
            refusal_en=one.refusal_en,
            job_id=one.job_id,
            created_by=one.created_by,
            created_at=one.created_at,
        )


class QuestionDoubtAnswer(BaseModel):
    """What a person should look at; `lines` are of the source."""

    code: str
    sentence: str
    sentence_en: str
    lines: list[int]


class QuestionTwinAnswer(BaseModel):
    """A question that looks alike: of the bank, or (`position` > 0) of the same file."""

    percent: int
    question_id: str
    position: int


class QuestionImportItemAnswer(BaseModel):
    """One question as understood: `question` to adjust, `doubts` to look at, `problems` that keep it out."""

    position: int
    number: str
    lines: list[int]
    is_included: bool
    is_adjusted: bool
    question: QuestionDocument
    doubts: list[QuestionDoubtAnswer]
    problems: list[QuestionProblemAnswer]
    twins: list[QuestionTwinAnswer]
    question_id: str

    @classmethod
    def of(cls, item: imports.Item) -> "QuestionImportItemAnswer":
        """Return the answer of an item."""
        staged = item.staged
        return cls(
            position=item.position,
            number=staged.number,
            lines=list(staged.lines),
            is_included=item.is_included,
            is_adjusted=item.is_adjusted,
            question=QuestionDocument.of(staged.draft),
            doubts=[
                QuestionDoubtAnswer(
                    code=one.code, sentence=one.sentence, sentence_en=one.sentence_en, lines=list(one.lines)
                )
                for one in staged.doubts
            ],
            problems=[
                QuestionProblemAnswer(code=one.code, sentence=one.sentence, part=one.part)
                for one in find_staged_problems(staged.draft)
            ],
            twins=[
                QuestionTwinAnswer(percent=one.percent, question_id=one.question_id, position=one.position)
                for one in staged.twins
            ],
            question_id=item.question_id,
        )


class QuestionLineAnswer(BaseModel):
    """A line of the source and what became of it; `use` is null for a blank line, `note` says why it is unplaced."""

    number: int
    text: str
    use: LineUse | None
    note: str
    note_en: str


class QuestionAdjustForm(BaseModel):
    """A change of a staged question; what is left out stays."""

    question: QuestionDocument | None = None
    is_included: bool | None = None


@router.get("", name="questions.imports.list", summary="试题导入记录")
async def list_imports(tx: Tx, paging: Annotated[Paging, Depends(paging_of)]) -> Page[QuestionImportAnswer]:
    """List imports, newest first."""
    found, total = await imports.list_imports(tx, offset=paging.offset, limit=paging.page_size)
    items = [QuestionImportAnswer.of(one) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/{import_id}", name="questions.imports.get", summary="试题导入状态")
async def get_import(import_id: str, tx: Tx) -> QuestionImportAnswer:
    """Return one import as it stands."""
    return QuestionImportAnswer.of(await imports.access_import(tx, import_id))


@router.get("/{import_id}/items", name="questions.imports.items", summary="试题导入预览", openapi_extra=RECORDED)
async def list_items(
    import_id: str, tx: Tx, who: Who, paging: Annotated[Paging, Depends(paging_of)], only: Annotated[Only, Query()] = ""
) -> Page[QuestionImportItemAnswer]:
    """Return what was understood, question by question, in the file's order. Recorded."""
    found, total = await imports.list_items(tx, who, import_id, only=only, offset=paging.offset, limit=paging.page_size)
    items = [QuestionImportItemAnswer.of(one) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get("/{import_id}/lines", name="questions.imports.lines", summary="原文逐行去向", openapi_extra=RECORDED)
async def list_lines(
    import_id: str,
    request: Request,
    tx: Tx,
    who: Who,
    *,
    paging: Annotated[Paging, Depends(paging_of)],
    use: Annotated[LineUse | None, Query()] = None,
) -> Page[QuestionLineAnswer]:
    """Return the source line by line with what became of each; `use=unplaced` shows what belongs to nothing. Recorded."""
    found, total = await imports.list_lines(
        tx, ports_of(request), who, import_id, use=use or "", offset=paging.offset, limit=paging.page_size
    )
    items = [
        QuestionLineAnswer(number=one.number, text=one.text, use=one.use, note=one.note, note_en=one.note_en)
        for one in found
    ]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.put("/{import_id}/items/{position}", name="questions.imports.adjust", summary="修改或跳过预览中的一题")
async def adjust_item(
    import_id: str, position: int, tx: Tx, who: Who, form: QuestionAdjustForm
) -> QuestionImportItemAnswer:
    """Change one question of the preview, or take it in or out."""
    draft = form.question.to_draft() if form.question else None
    item = await imports.adjust_item(tx, who, import_id, position, draft=draft, is_included=form.is_included)
    return QuestionImportItemAnswer.of(item)


@router.post("/{import_id}/fill", name="questions.imports.fill", summary="批量补全科目、知识点、出处")
async def fill_items(import_id: str, tx: Tx, who: Who, form: QuestionDefaultsForm) -> QuestionImportAnswer:
    """Give subjects, knowledge area and source to every question of the preview that lacks them."""
    return QuestionImportAnswer.of(await imports.fill_items(tx, who, import_id, form.to_defaults()))


@router.post("/{import_id}/confirm", name="questions.imports.confirm", summary="确认导入试题", status_code=202)
async def confirm_import(import_id: str, request: Request, tx: Tx, who: Who) -> QuestionImportAnswer:
    """Write the included questions into the bank, in the background."""
    return QuestionImportAnswer.of(await imports.confirm_import(tx, who, ports_of(request), import_id))


@router.post("/{import_id}/discard", name="questions.imports.discard", summary="放弃导入试题")
async def discard_import(import_id: str, request: Request, tx: Tx, who: Who) -> QuestionImportAnswer:
    """Let the import go; its file, questions and media are deleted."""
    return QuestionImportAnswer.of(await imports.discard_import(tx, who, ports_of(request), import_id))
