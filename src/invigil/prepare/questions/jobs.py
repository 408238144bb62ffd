"""Background work of the question bank."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invigil.platform.jobs import JobContext, JobKind
from invigil.prepare.questions.service.comparing import FIND_JOB, find_duplicates
from invigil.prepare.questions.service.importing import read_import, write_import
from invigil.prepare.questions.service.imports import READ_JOB, WRITE_JOB
from invigil.prepare.questions.service.retention import delete_old_sources


async def _read(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await read_import(ctx, arguments["import_id"])


async def _write(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await write_import(ctx, arguments["import_id"])


async def _delete_old_sources(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await delete_old_sources(ctx)


KINDS = (JobKind(READ_JOB, _read), JobKind(WRITE_JOB, _write), JobKind(FIND_JOB, find_duplicates))
DELETE_SOURCES = JobKind("questions.import.expire", _delete_old_sources)
DELETE_SOURCES_INTERVAL = timedelta(days=1)
