"""Pictures, audio and video: checked by content in the sandbox, stored sealed, given out to staff and to sealed papers."""

import contextlib
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.platform.sandbox import run_limited
from invigil.prepare.questions.importing.media import MAX_VIDEO_BYTES
from invigil.prepare.questions.importing.model import Picture
from invigil.prepare.questions.refusals import MediumNotFound
from invigil.prepare.questions.store import media as store

MEGABYTE = 1024 * 1024
UPLOAD_BYTES = MAX_VIDEO_BYTES
# Decoding 40 million pixels takes 160 MB twice over.
MEMORY_BYTES = 1_024 * MEGABYTE
TIMEOUT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Medium:
    """A stored medium."""

    id: str
    media_type: str
    byte_count: int


def blob_key(medium_id: str) -> str:
    """Return where a medium's bytes stand."""
    return f"questions/media/{medium_id}"


async def upload_medium(ports: Ports, who: Principal, content: bytes) -> Medium:
    """Check and keep an uploaded file; recorded.

    Raises: MediumNotAccepted, MediumTooLarge, PictureUnreadable, PictureTooLarge; the sandbox's refusals.
    """
    checked = await run_limited(
        "invigil.prepare.questions.importing.entry:check_medium", content, memory_bytes=MEMORY_BYTES, timeout=TIMEOUT
    )
    picture = msgspec.json.decode(checked, type=Picture)
    medium = Medium(new_id("media"), picture.media_type, len(picture.data))
    await ports.blobs.put(blob_key(medium.id), picture.data)
    try:
        async with ports.db.transaction() as tx:
            await insert_medium(tx, who, medium, import_id="")
            details: dict[str, object] = {"type": medium.media_type, "bytes": medium.byte_count}
            await record(tx, who, act="questions.medium.upload", on=medium.id, details=details)
    except BaseException:
        with contextlib.suppress(OSError):
            await ports.blobs.delete(blob_key(medium.id))
        raise
    return medium


async def insert_medium(tx: Transaction, who: Principal, medium: Medium, *, import_id: str) -> None:
    """Write a medium's row."""
    await store.insert_medium(
        tx,
        id=medium.id,
        media_type=medium.media_type,
        byte_count=medium.byte_count,
        import_id=import_id,
        created_at=tx.now,
        created_by=who.id,
    )


async def load_medium(tx: Transaction, ports: Ports, medium_id: str) -> tuple[str, bytes]:
    """Return media type and bytes of a medium; the caller answers for who may see it.

    Raises: MediumNotFound.
    """
    row = (await store.read_media(tx, [medium_id])).get(medium_id)
    if row is None:
        raise MediumNotFound
    return row.media_type, await ports.blobs.get(blob_key(medium_id))
