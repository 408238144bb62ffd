"""The media port: segments of recordings, already encrypted by the browser that made them (S2.5, S3.14).

Pages PUT straight to an access point with signed addresses, so in S3 mode no byte of a recording passes the web process.
"""

from invigil.platform.media.local import SEGMENTS_PATH, AddressInvalidError, HashMismatchError, LocalMedia
from invigil.platform.media.opening import open_media_store
from invigil.platform.media.port import PROBES, AccessPoint, MediaMissingError, MediaStore, SignedAddress, Swept

__all__ = [
    "PROBES",
    "SEGMENTS_PATH",
    "AccessPoint",
    "AddressInvalidError",
    "HashMismatchError",
    "LocalMedia",
    "MediaMissingError",
    "MediaStore",
    "SignedAddress",
    "Swept",
    "open_media_store",
]
