"""Background work of recordings that are being made."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from invigil.platform.jobs import JobContext, JobKind
from invigil.sit.recording.service.probing import sweep_media


async def _sweep(ctx: JobContext, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return await sweep_media(ctx)


SWEEP_MEDIA = JobKind("recording.media.sweep", _sweep)
SWEEP_MEDIA_INTERVAL = timedelta(minutes=30)
