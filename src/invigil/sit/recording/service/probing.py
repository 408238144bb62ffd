"""Measuring a page's line to each access point: parcels of random bytes go the way of segments, and are swept away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from invigil.platform.jobs import JobContext
from invigil.platform.media import PROBES, MediaStore, SignedAddress
from invigil.sit.recording.model.forms import ParcelForm
from invigil.sit.recording.service.passes import RecordingPass

# An upload whose last byte came so long ago goes on no more: its address has run out four times over.
KEPT_FOR = timedelta(hours=1)


def sign_parcels(
    media: MediaStore, who: RecordingPass, parcels: Sequence[ParcelForm], now: datetime
) -> list[SignedAddress]:
    """Return where each parcel may be PUT. A device has a few places of its own: measuring again writes over them.

    Source: S1.6, S3.9.
    """
    device = "phone" if who.is_phone else "pc"
    return [
        media.sign_put(f"{PROBES}/{who.attempt_id}-{device}-{place}", size=one.bytes, sha256=one.sha256, now=now)
        for place, one in enumerate(parcels)
    ]


async def sweep_media(ctx: JobContext) -> Mapping[str, Any]:
    """Remove parcels, and what uploads left behind that a kill of the server broke off."""
    swept = await ctx.ports.media.sweep(ctx.ports.clock.now() - KEPT_FOR)
    return {"drafts": swept.drafts, "probes": swept.probes}
