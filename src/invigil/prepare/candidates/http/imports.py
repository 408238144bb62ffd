"""Imports: what was understood, what is wrong, confirm or discard."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.words import NOTHING_TO_SAY
from invigil.platform.db import Transaction
from invigil.platform.http import ManagementRouter, Page, Paging, Tx, Who, paging_of, ports_of
from invigil.platform.http.downloads import file_response
from invigil.platform.ports import Ports
from invigil.prepare.candidates.http.answers import (
    ColumnAnswer,
    ExamIdQuery,
    ImportAnswer,
    IssueAnswer,
    JobAnswer,
    PhotoFindingAnswer,
    PhotoItemAnswer,
    PreviewAnswer,
    SheetAnswer,
    SkippedAnswer,
)
from invigil.prepare.candidates.model import (
    FIELD_NAMES,
    IMPORT_STATES_ZH,
    Field,
    ImportKind,
    ImportNotInState,
    ImportState,
    Severity,
)
from invigil.prepare.candidates.reading.workbook import ColumnFound, Findings, SheetFound
from invigil.prepare.candidates.rules.cells import column_letters
from invigil.prepare.candidates.rules.fields import mask_phone
from invigil.prepare.candidates.rules.identity import mask_identity_number
from invigil.prepare.candidates.service import imports as use
from invigil.prepare.candidates.service.facing import read_names
from invigil.prepare.candidates.service.photos import load_items
from invigil.prepare.candidates.service.reading import XLSX, load_findings
from invigil.prepare.candidates.service.template import make_template

router = ManagementRouter(prefix="/api/candidates/imports", tags=["candidates"])
MOST_SKIPPED = 200
_MASKS = {
    Field.IDENTITY_NUMBER: lambda text: mask_identity_number(text.strip()),
    Field.PHONE: lambda text: mask_phone(text.strip()),
    Field.PASSWORD: lambda text: "*" * len(text),
}


@router.get("", name="candidates.imports.list", summary="导入记录")
async def list_imports(
    tx: Tx, exam_id: ExamIdQuery, paging: Annotated[Paging, Depends(paging_of)]
) -> Page[ImportAnswer]:
    """List the examination's imports, newest first."""
    found, total = await use.list_imports(tx, ExamId(exam_id), offset=paging.offset, limit=paging.page_size)
    items = [ImportAnswer.of(one) for one in found]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


@router.get(
    "/template",
    name="candidates.imports.template",
    summary="下载名单模板",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def download_template(tx: Tx) -> Response:  # noqa: ARG001 - the router's gate needs a transaction
    """Return an empty workbook with the columns that an import understands."""
    return file_response(make_template(), "考生名单模板.xlsx", XLSX)


@router.get("/{import_id}", name="candidates.imports.get", summary="导入状态")
async def get_import(import_id: str, tx: Tx) -> ImportAnswer:
    """Return one import as it stands."""
    return ImportAnswer.of(await use.access_import(tx, import_id))


@router.get("/{import_id}/preview", name="candidates.imports.preview", summary="名单导入预览")
async def preview(import_id: str, request: Request, tx: Tx) -> PreviewAnswer:
    """Return what every sheet and column was understood as, the first rows, and the rows that were taken for no candidate."""
    findings = await _findings(ports_of(request), tx, import_id)
    return PreviewAnswer(
        sheets=[_sheet(one) for one in findings.sheets],
        skipped=[
            SkippedAnswer(sheet=one.sheet, row=one.row, reason=one.zh, reason_en=one.en)
            for one in findings.skipped[:MOST_SKIPPED]
        ],
    )


@router.get("/{import_id}/issues", name="candidates.imports.issues", summary="名单导入问题清单")
async def list_issues(
    import_id: str,
    request: Request,
    tx: Tx,
    *,
    paging: Annotated[Paging, Depends(paging_of)],
    severity: Annotated[Severity | None, Query()] = None,
    code: Annotated[str, Query(max_length=40)] = "",
) -> Page[IssueAnswer]:
    """List what is wrong, row by row."""
    findings = await _findings(ports_of(request), tx, import_id)
    wanted = [one for one in findings.issues if severity in (None, one.severity) and code in ("", one.code)]
    shown = [
        IssueAnswer(
            sheet=one.sheet,
            row=one.row,
            cell=one.cell,
            field=one.field,
            **_field_names(one.field),
            severity=one.severity,
            code=one.code,
            message=one.zh,
            message_en=one.en,
        )
        for one in paging.cut(wanted)
    ]
    return Page(items=shown, total=len(wanted), page=paging.page, page_size=paging.page_size)


@router.get("/{import_id}/photos", name="candidates.photos.report", summary="照片质量报告")
async def list_photos(
    import_id: str,
    request: Request,
    tx: Tx,
    *,
    paging: Annotated[Paging, Depends(paging_of)],
    code: Annotated[str, Query(max_length=40)] = "",
    is_accepted: Annotated[bool | None, Query()] = None,
) -> Page[PhotoItemAnswer]:
    """List every file of a photo archive with what is to say of it."""
    await _check_read(await use.access_import(tx, import_id, ImportKind.PHOTOS))
    items = [
        (number, one)
        for number, one in enumerate(await load_items(ports_of(request), import_id), start=1)
        if is_accepted in (None, bool(one.photo_key)) and (not code or any(f.code == code for f in one.findings))
    ]
    page = paging.cut(items)
    ids = sorted({CandidateId(candidate_id) for _, one in page for candidate_id in one.candidate_ids})
    names = await read_names(tx, ids)
    shown = [
        PhotoItemAnswer(
            number=number,
            file_name=one.file_name,
            identity_masked=one.identity_masked,
            names=sorted({names[CandidateId(of)] for of in one.candidate_ids if of in names}),
            candidates=len(one.candidate_ids),
            is_accepted=bool(one.photo_key),
            width=one.width,
            height=one.height,
            findings=[
                PhotoFindingAnswer(severity=f.severity, code=f.code, message=f.zh, message_en=f.en)
                for f in one.findings
            ],
        )
        for number, one in page
    ]
    return Page(items=shown, total=len(items), page=paging.page, page_size=paging.page_size)


@router.post("/{import_id}/confirm", name="candidates.imports.confirm", summary="确认导入", status_code=202)
async def confirm(import_id: str, request: Request, tx: Tx, who: Who) -> ImportAnswer:
    """Write what was accepted, in the background; rows with errors stay out."""
    return ImportAnswer.of(await use.confirm(tx, who, ports_of(request), import_id))


@router.post("/{import_id}/discard", name="candidates.imports.discard", summary="放弃导入")
async def discard(import_id: str, request: Request, tx: Tx, who: Who) -> ImportAnswer:
    """Let the import go and delete its file."""
    return ImportAnswer.of(await use.discard(tx, who, ports_of(request), import_id))


@router.post("/{import_id}/corrected", name="candidates.imports.correct", summary="生成标注错误的名单", status_code=202)
async def order_corrected(
    import_id: str, request: Request, tx: Tx, who: Who, *, only_errors: Annotated[bool, Query()] = False
) -> JobAnswer:
    """Make the uploaded file with every error beside its row, in the background; download it from the job."""
    job_id = await use.order_correction(tx, who, ports_of(request), import_id, only_errors=only_errors)
    return JobAnswer(job_id=job_id)


async def _findings(ports: Ports, tx: Transaction, import_id: str) -> Findings:
    await _check_read(await use.access_import(tx, import_id, ImportKind.WORKBOOK))
    return await load_findings(ports, import_id)


async def _check_read(found: use.Import) -> None:
    if found.state not in (ImportState.READY, ImportState.WRITING, ImportState.WRITTEN):
        raise ImportNotInState(state=found.state, state_zh=IMPORT_STATES_ZH[found.state])
    use.check_has_files(found)


def _sheet(one: SheetFound) -> SheetAnswer:
    return SheetAnswer(
        name=one.name,
        is_used=one.is_used,
        reason=one.reason_zh,
        reason_en=one.reason_en,
        header_row=one.header_row,
        rows=one.rows,
        columns=[_column(column) for column in one.columns],
        first_rows=[_masked(row, one.columns) for row in one.first_rows],
    )


def _column(one: ColumnFound) -> ColumnAnswer:
    return ColumnAnswer(
        letters=one.letters,
        title=one.title,
        field=one.field,
        **_field_names(one.field),
        is_repeated=one.is_repeated,
    )


def _masked(row: list[str], columns: list[ColumnFound]) -> list[str]:
    """Return the row's cells under the titled columns, in their order, masked where the column is protected."""
    places = {letters: at for at, letters in enumerate(_letters(len(row)))}
    cells: list[str] = []
    for column in columns:
        at = places.get(column.letters)
        text = "" if at is None else row[at]
        mask = _MASKS.get(Field(column.field)) if column.field else None
        # A column nobody understood can hold anything, identity numbers too.
        cells.append(mask(text) if mask else mask_identity_number(text) if _is_long_number(text) else text)
    return cells


def _is_long_number(text: str) -> bool:
    return len(text) > 10 and sum(c.isdigit() for c in text) > 10


def _letters(count: int) -> list[str]:
    return [column_letters(at) for at in range(count)]


def _field_names(field: str) -> dict[str, str]:
    name = FIELD_NAMES[Field(field)] if field else NOTHING_TO_SAY
    return {"field_zh": name.zh, "field_en": name.en}
