"""Which checks a sitting needs, and what still stands in the way."""

from collections.abc import Iterable

from invigil.prepare.exams.api import Track
from invigil.sit.checkin.model import PHONE_CHECKS, CheckKind, Device, StoredCheck

_OF_CAMERA = (CheckKind.CAMERA, CheckKind.PICTURE, CheckKind.MICROPHONE, CheckKind.SPEAKER)


def list_needed(device: Device, tracks: tuple[Track, ...]) -> tuple[CheckKind, ...]:
    """Return the checks of a device in the order in which they are made; none where nothing is recorded.

    Source: S3.3, S3.9.
    """
    if not tracks:
        return ()
    if device is Device.PHONE:
        return PHONE_CHECKS if Track.PHONE in tracks else ()
    return (
        CheckKind.BROWSER,
        CheckKind.NETWORK,
        *(_OF_CAMERA if Track.CAMERA in tracks else ()),
        *((CheckKind.SCREEN,) if Track.SCREEN in tracks else ()),
        *((CheckKind.PHONE,) if Track.PHONE in tracks else ()),
    )


def list_open(needed: Iterable[CheckKind], made: Iterable[StoredCheck]) -> frozenset[CheckKind]:
    """Return the needed checks that were not made, or failed and were not let through."""
    passed = {one.kind for one in made if one.is_passable}
    return frozenset(needed) - passed


def mask_name(name: str) -> str:
    """Return a name of which only the first character can be read: the phone's screen may be seen by others."""
    return name[:1] + "＊" * max(1, len(name) - 1) if name else ""
