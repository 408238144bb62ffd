"""Background work of candidates."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from invigil.kernel.ids import CandidateId, ExamId
from invigil.platform.jobs import JobContext, JobKind
from invigil.prepare.candidates.service.photos import read_photos, write_photos
from invigil.prepare.candidates.service.reading import correct_workbook, read_workbook
from invigil.prepare.candidates.service.retention import delete_old_sources
from invigil.prepare.candidates.service.tickets import TicketSheet, print_many
from invigil.prepare.candidates.service.writing import write_candidates


async def _read_workbook(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await read_workbook(ctx, arguments["import_id"])


async def _correct_workbook(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await correct_workbook(ctx, arguments["import_id"], only_errors=arguments["only_errors"])


async def _write_candidates(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await write_candidates(ctx, arguments["import_id"])


async def _read_photos(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await read_photos(ctx, arguments["import_id"])


async def _write_photos(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await write_photos(ctx, arguments["import_id"])


async def _print_tickets(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    sheet = msgspec.convert(arguments["sheet"], TicketSheet)
    ids = [CandidateId(one) for one in arguments["ids"]]
    return await print_many(ctx, ExamId(arguments["exam_id"]), ids, sheet)


async def _delete_old_sources(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await delete_old_sources(ctx)


KINDS = (
    JobKind("candidates.import.read", _read_workbook),
    JobKind("candidates.import.correct", _correct_workbook),
    JobKind("candidates.import.write", _write_candidates),
    JobKind("candidates.photos.read", _read_photos),
    JobKind("candidates.photos.write", _write_photos),
    JobKind("candidates.tickets.print", _print_tickets),
)
DELETE_SOURCES = JobKind("candidates.import.expire", _delete_old_sources)
DELETE_SOURCES_INTERVAL = timedelta(days=1)
