"""Making the file: collect, compute, write, seal, enter; the entry, the audit record and the job's end stand together."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from invigil.base.audit.api import record
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.jobs import JobContext
from invigil.serve.exports import store
from invigil.serve.exports.model import (
    Export,
    ExportKind,
    ExportNotFound,
    FileFormat,
    Mark,
    NoteEntry,
    NothingToExport,
    Report,
    SeatEntry,
    ViolationEntry,
)
from invigil.serve.exports.rules.access import check_may_order
from invigil.serve.exports.rules.marks import name_file, say_instant, say_title
from invigil.serve.exports.rules.tables import (
    compute_details,
    compute_notes,
    compute_summary,
    compute_violations,
    is_wanted,
    list_seats,
)
from invigil.serve.exports.service.collecting import (
    choose_sittings,
    collect_notes,
    collect_seats,
    collect_violations,
    list_unreleased,
    read_exam_title,
)
from invigil.serve.exports.writing.pages import write_pdf
from invigil.serve.exports.writing.text import write_csv
from invigil.serve.exports.writing.workbook import write_workbook

# Long enough to fetch it after a weekend; a file that is needed later is ordered again, and recorded again.
KEEP_FOR = timedelta(days=7)
STEPS = 4


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything that was read in one consistent view."""

    exam_title: str
    seats: Sequence[SeatEntry]
    violations: Sequence[ViolationEntry]
    notes: Sequence[NoteEntry]
    unreleased: Sequence[str]
    mark: Mark


async def make_export(ctx: JobContext, export_id: str) -> dict[str, Any]:
    """Make the file of an order; repeatable, a second run replaces the file of the first.

    Raises: NothingToExport - nobody matches; ScoresNotReleased, AnswerSheetsRestricted - not theirs any more; PdfTooLong.
    """
    await ctx.report(0, STEPS, Words("正在读取考生、座位和成绩", "Reading candidates, seats and scores"))
    async with ctx.db.reading() as tx:
        export = await store.read_export(tx, export_id)
        if export is None:
            raise ExportNotFound
        collected = await _collect(tx, ctx, export)
    check_may_order(export.order.kind, ctx.owner, collected.unreleased)
    await ctx.report(1, STEPS, Words("正在整理表格", "Composing the tables"))
    report = await asyncio.to_thread(compute_report, export, collected)
    await ctx.report(
        2, STEPS, Words(f"正在写入 {len(report.details.rows)} 行", f"Writing {len(report.details.rows)} rows")
    )
    content = await _write(report, export.order.format)
    await ctx.report(3, STEPS, Words("正在加密保存", "Encrypting and storing"))
    await ctx.ports.blobs.put(export.blob_key, content)
    return await _enter(ctx, export, report, content)


def compute_report(export: Export, collected: Collected) -> Report:
    """Return the report of an order. Pure.

    Raises: NothingToExport - no candidate matches the order's conditions.
    """
    order = export.order
    if not any(is_wanted(seat, order) for seat in collected.seats):
        raise NothingToExport
    if order.kind is ExportKind.VIOLATIONS:
        details = compute_violations(order, collected.violations)
    elif order.kind is ExportKind.NOTES:
        details = compute_notes(order, collected.notes)
    else:
        seats = list_seats(order, collected.seats)
        details = compute_details(order, seats, is_narrow=order.format is FileFormat.PDF)
    notes = [f"数据截至 {say_instant(collected.mark.taken_at)}（北京时间）"]
    if not collected.mark.is_released:
        notes.append(f"以下场次成绩尚未发布：{'、'.join(collected.unreleased)}")
    title = say_title(collected.exam_title, order)
    return Report(title, compute_summary(order, collected.seats), details, collected.mark, notes)


async def _collect(tx: Transaction, ctx: JobContext, export: Export) -> Collected:
    sittings = await choose_sittings(tx, export.order)
    kind = export.order.kind
    unreleased = await list_unreleased(tx, sittings) if kind is ExportKind.SCORES else []
    seats: list[SeatEntry] = []
    violations: list[ViolationEntry] = []
    notes: list[NoteEntry] = []
    for sitting in sittings:
        found = await collect_seats(tx, sitting, kind)
        seats += found
        if kind is ExportKind.VIOLATIONS:
            violations += await collect_violations(tx, sitting, found)
        if kind is ExportKind.NOTES:
            notes += await collect_notes(tx, sitting, found)
    mark = Mark(export.id, ctx.owner.display_name or ctx.owner.id, tx.now, export.order.purpose, not unreleased)
    return Collected(await read_exam_title(tx, export.order.exam_id), seats, violations, notes, unreleased, mark)


async def _write(report: Report, file_format: FileFormat) -> bytes:
    if file_format is FileFormat.PDF:
        return await write_pdf(report)
    write = write_csv if file_format is FileFormat.CSV else write_workbook
    return await asyncio.to_thread(write, report)


async def _enter(ctx: JobContext, export: Export, report: Report, content: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    details: dict[str, Any] = {
        "export_id": export.id, "rows": len(report.details.rows), "bytes": len(content), "sha256": digest,
        "is_released": report.mark.is_released,
    }  # fmt: skip
    async with ctx.db.transaction() as tx:
        made = replace(
            export,
            made_at=tx.now,
            expires_at=tx.now + KEEP_FOR,
            file_name=name_file(report.title, export.order, report.mark),
            sha256=digest,
            file_bytes=len(content),
            row_count=len(report.details.rows),
            is_released=report.mark.is_released,
        )
        await store.write_made(tx, made)
        await record(
            tx, ctx.owner, act="exports.file.make", on=export.id, details={"kind": export.order.kind, **details}
        )
        await ctx.conclude(Words(f"共 {len(report.details.rows)} 行", f"Rows: {len(report.details.rows)}"))
        await ctx.settle(tx, details)
    return details
