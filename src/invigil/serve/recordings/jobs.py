"""Background work of recordings."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invigil.platform.jobs import JobContext, JobKind
from invigil.serve.recordings.service.deleting import delete_expired
from invigil.serve.recordings.service.giving import destroy_expired
from invigil.serve.recordings.service.making import make_package
from invigil.serve.recordings.service.ordering import MAKE


async def _make(ctx: JobContext, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await make_package(ctx, arguments["package_id"])


async def _destroy_expired(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await destroy_expired(ctx)


async def _delete_expired(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await delete_expired(ctx)


KINDS = (JobKind(MAKE, _make),)
DESTROY_EXPIRED = JobKind("recordings.package.expire", _destroy_expired)
DESTROY_INTERVAL = timedelta(minutes=10)
DELETE_EXPIRED = JobKind("recordings.retention.delete", _delete_expired)
DELETE_INTERVAL = timedelta(hours=1)
