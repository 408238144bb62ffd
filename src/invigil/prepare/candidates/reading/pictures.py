"""The sandbox entry that opens pictures, measures them, and encodes them anew without metadata."""

import hashlib
import io
from collections.abc import Sequence

import msgspec
from PIL import Image, ImageOps, ImageStat

from invigil.prepare.candidates.rules.photos import PictureFacts

KEPT_SIZE = (480, 640)
KEPT_QUALITY = 88
THUMBNAIL_SIZE = (16, 16)
# Beyond this a portrait is no portrait; 48 megapixels need 150 MB while open.
MOST_PIXELS = 48_000_000
_UNREADABLE = PictureFacts(is_readable=False)


def pack_pictures(pictures: Sequence[bytes]) -> bytes:
    """Return the payload of `inspect_pictures`."""
    return msgspec.msgpack.encode(list(pictures))


def inspect_pictures(payload: bytes) -> bytes:
    """Return a list of PictureFacts (MessagePack), one for each picture, in order. Runs in the sandbox."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    return msgspec.msgpack.encode([inspect(picture) for picture in msgspec.msgpack.decode(payload, type=list[bytes])])


def unpack_facts(answer: bytes) -> list[PictureFacts]:
    """Return what `inspect_pictures` answered."""
    return msgspec.msgpack.decode(answer, type=list[PictureFacts])


def inspect(picture: bytes) -> PictureFacts:
    """Return the facts of one encoded picture."""
    try:
        # Browsers save WebP under the name .jpg.
        with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return _UNREADABLE
            upright = _flat(ImageOps.exif_transpose(opened))
    except Exception:  # noqa: BLE001 - Pillow's decoders raise whatever their format's damage leads to
        return _UNREADABLE
    return _measure(upright)


def _flat(picture: Image.Image) -> Image.Image:
    """Return RGB; what is transparent becomes white, as on paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("RGB")
    return picture.convert("RGB")


def _measure(picture: Image.Image) -> PictureFacts:
    width, height = picture.size
    kept = picture.copy()
    kept.thumbnail(KEPT_SIZE, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    kept.save(out, "JPEG", quality=KEPT_QUALITY)
    grey = ImageStat.Stat(kept.convert("L"))
    return PictureFacts(
        is_readable=True,
        width=width,
        height=height,
        brightness=round(grey.mean[0]),
        contrast=round(grey.stddev[0]),
        fingerprint=hashlib.sha256(kept.tobytes()).digest(),
        shape=_difference_hash(kept),
        thumbnail=kept.resize(THUMBNAIL_SIZE, Image.Resampling.BOX).tobytes(),
        jpeg=out.getvalue(),
        kept_width=kept.width,
        kept_height=kept.height,
    )


def _difference_hash(picture: Image.Image) -> int:
    small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    pixels = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (pixels[at] < pixels[at + 1])
    return bits
