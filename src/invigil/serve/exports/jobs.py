"""Background work of exports."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invigil.platform.jobs import JobContext, JobKind
from invigil.serve.exports.service.giving import destroy_expired
from invigil.serve.exports.service.making import make_export
from invigil.serve.exports.service.ordering import MAKE


async def _make(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await make_export(ctx, arguments["export_id"])


async def _destroy_expired(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await destroy_expired(ctx)


KINDS = (JobKind(MAKE, _make),)
DESTROY_EXPIRED = JobKind("exports.file.expire", _destroy_expired)
DESTROY_INTERVAL = timedelta(minutes=10)
