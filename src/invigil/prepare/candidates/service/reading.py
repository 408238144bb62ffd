"""The first step of a workbook import: read it in the sandbox, compare with who is registered, keep the findings."""

from collections import Counter
from datetime import timedelta

import msgspec

from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words
from invigil.platform.jobs import JobContext
from invigil.platform.keys import Keys
from invigil.platform.ports import Ports
from invigil.platform.sandbox import run_limited
from invigil.prepare.candidates.model import ImportState, Issue, Severity
from invigil.prepare.candidates.reading.corrected import CorrectionOrder, pack_correction
from invigil.prepare.candidates.reading.workbook import (
    Findings,
    ReadOptions,
    pack_order,
    unpack_findings,
    without_errors,
)
from invigil.prepare.candidates.rules.duplicates import Known, find_duplicates_with_known
from invigil.prepare.candidates.service import imports as use
from invigil.prepare.candidates.service.protecting import identity_index, name_index
from invigil.prepare.candidates.store import imports as store
from invigil.prepare.candidates.store.registrations import read_known

MEGABYTE = 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# 50,000 rows of seven columns need about 350 MB while Excel's XML is turned into text.
READING_MEMORY = 1536 * MEGABYTE
READING_TIME = timedelta(seconds=120)


async def read_workbook(ctx: JobContext, import_id: str) -> dict[str, object]:
    """Read an uploaded workbook and keep the findings for the preview. Repeatable.

    Raises: Refusal - the file cannot be read; the import then is refused with the same sentence.
    """
    ports = ctx.ports
    await ctx.report(0, 3, Words("正在读取文件", "Reading the file"))
    try:
        findings = await _read(ports, import_id)
    except Refusal as refusal:
        await use.refuse(ports, import_id, refusal)
        raise
    await ctx.report(1, 3, Words("正在与已有考生比对", "Comparing with registered candidates"))
    await _compare(ports, import_id, findings)
    await ctx.report(2, 3, Words("正在整理结果", "Composing the result"))
    counts = count_findings(findings)
    await ports.blobs.put(use.findings_key(import_id), msgspec.json.encode(findings))
    async with ports.db.transaction() as tx:
        await store.move_import(tx, import_id, ImportState.READING, ImportState.READY, counts=counts)
        await ctx.conclude(Words(f"读到 {counts['rows']} 行", f"Rows read: {counts['rows']}"))
        await ctx.settle(tx, counts)
    return dict(counts)


async def load_findings(ports: Ports, import_id: str) -> Findings:
    """Return what was found. Raises: BlobMissingError - nothing has been read yet."""
    return unpack_findings(await ports.blobs.get(use.findings_key(import_id)))


async def correct_workbook(ctx: JobContext, import_id: str, *, only_errors: bool) -> dict[str, object]:
    """Make the uploaded workbook with every error beside its row and the bad cells marked (.xlsx), for download. Repeatable.

    Raises: the sandbox's refusals.
    """
    ports = ctx.ports
    await ctx.report(0, 1, Words("正在标注错误", "Marking the errors"))
    findings = await load_findings(ports, import_id)
    header_rows = {sheet.name: sheet.header_row for sheet in findings.sheets if sheet.is_used}
    order = CorrectionOrder(findings.issues, header_rows, only_errors=only_errors)
    marked = await run_limited(
        "invigil.prepare.candidates.reading.corrected:write_corrected",
        pack_correction(order, await ports.blobs.get(use.source_key(import_id))),
        memory_bytes=READING_MEMORY,
        timeout=READING_TIME,
    )
    key = f"candidates/imports/{import_id}/corrected"
    await ports.blobs.put(key, marked)
    await ctx.attach("考生名单_错误说明.xlsx", XLSX, key)
    await ctx.conclude(Words(f"标注了 {len(findings.issues)} 处问题", f"Problems marked: {len(findings.issues)}"))
    return {"issues": len(findings.issues)}


def count_findings(findings: Findings) -> dict[str, int]:
    """Return the figures of the preview: rows, accepted, refused (with an error), warned, skipped; issues by code."""
    wrong = {(issue.sheet, issue.row) for issue in findings.issues if issue.severity is Severity.ERROR}
    warned = {(issue.sheet, issue.row) for issue in findings.issues if issue.severity is Severity.WARNING} - wrong
    counts = {
        "rows": sum(sheet.rows for sheet in findings.sheets),
        "accepted": len(findings.registrations),
        "refused": len(wrong),
        "warned": len(warned),
        "skipped": len(findings.skipped),
    }
    return counts | {f"issue.{code}": count for code, count in Counter(issue.code for issue in findings.issues).items()}


async def _read(ports: Ports, import_id: str) -> Findings:
    async with ports.db.reading() as tx:
        found = await use.access_import(tx, import_id)
        today = tx.now.date().isoformat()
    options = ReadOptions(
        today, tuple(msgspec.convert(found.options["subjects"], list[str])), str(found.options["default_subject"])
    )
    answer = await run_limited(
        "invigil.prepare.candidates.reading.workbook:read_candidates",
        pack_order(options, await ports.blobs.get(use.source_key(import_id))),
        memory_bytes=READING_MEMORY,
        timeout=READING_TIME,
    )
    return unpack_findings(answer)


async def _compare(ports: Ports, import_id: str, findings: Findings) -> None:
    """Add what is wrong in view of who is registered already; keep only rows that can be written."""
    async with ports.db.reading() as tx:
        found = await use.access_import(tx, import_id)
        known, tickets = await read_known(tx, found.exam_id)
    again = _find_known(ports.keys, findings, known, tickets) if known else []
    findings.issues.extend(again)
    findings.issues.sort(key=lambda issue: (issue.sheet, issue.row))
    findings.registrations = without_errors(findings.registrations, again)


def _find_known(keys: Keys, findings: Findings, known: dict[bytes, list[Known]], tickets: set[str]) -> list[Issue]:
    rows = (
        (one, identity_index(keys, one.identity_number), name_index(keys, one.name)) for one in findings.registrations
    )
    return find_duplicates_with_known(rows, known, tickets, findings.address)
