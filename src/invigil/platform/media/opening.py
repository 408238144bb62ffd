"""From the setting to the adapter."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from invigil.platform.keys import Keys
from invigil.platform.media.local import LocalMedia
from invigil.platform.media.port import AccessPoint, MediaStore
from invigil.platform.media.s3 import S3Media
from invigil.platform.room import Room
from invigil.platform.settings import MediaSettings


def open_media_store(url: str, settings: MediaSettings, keys: Keys, room: Room | None = None) -> MediaStore:
    """Return the media store that the setting names.

    url: file:///absolute/folder (made if absent) · s3://bucket/prefix (credentials from the usual AWS_… variables).
    room: of the disk on which a folder lies; uploads are refused while what is left belongs to answers.
    Raises: ValueError - another kind of URL, or an access point named twice.
    """
    points = [AccessPoint(one.name, one.origin) for one in settings.access_points]
    if len({one.name for one in points}) < len(points):
        raise ValueError("two access points have the same name")
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalMedia(Path(unquote(parts.path)), keys, points or [AccessPoint("main", "")], room)
    if parts.scheme == "s3":
        return S3Media(parts.netloc, parts.path.strip("/"), points, endpoint=settings.endpoint)
    raise ValueError(f"media store {parts.scheme}:// is not known; use file:// or s3://")
