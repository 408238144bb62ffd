"""Asking the media store, beside the first requests, whether it checks what it takes (S2.5)."""

import structlog

from invigil.platform.media import MediaStore

log = structlog.get_logger()


async def check_media(media: MediaStore) -> bool | None:
    """Say in the log when the store takes content that is not what its address was signed for; None when it did not answer.

    It is no reason to end: answers do not depend on recordings, and `verify-recording` finds what was altered.
    """
    try:
        checks = await media.check_hashes()
    except Exception as fault:
        log.warning("media.store.hashes_unknown", exc_info=fault)
        return None
    if not checks:
        log.error(
            "media.store.hashes_unchecked", help="the store ignores x-amz-checksum-sha256: use one that compares it"
        )
    return checks
