"""From ciphertext to film: fetch, verify, open and remux one take."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from invigil.platform.keys import CannotOpenError
from invigil.platform.media import MediaMissingError, MediaStore
from invigil.platform.remuxing import Film, RemuxError, read_coding, remux
from invigil.sit.recording.api import NO_PREVIOUS, Segment, Take, open_segment


class TakeBrokenError(Exception):
    """A take cannot become a film; the sentence, in Chinese, says why and stands in the manifest."""


@dataclass(frozen=True, slots=True)
class KeyedTake:
    """A take with its segments in order of seq and the key that opens them."""

    take: Take
    segments: Sequence[Segment]
    key: bytes


async def make_film(media: MediaStore, keyed: KeyedTake) -> Film:
    """Return the film of a take.

    Raises: TakeBrokenError - a segment is missing, was altered, or the whole is no film.
    Source: S4.7, P3.
    """
    try:
        return await remux(open_segments(media, keyed), keyed.take.mime)
    except MediaMissingError as fault:
        raise TakeBrokenError("录制分段在存储中缺失") from fault
    except CannotOpenError as fault:
        raise TakeBrokenError("录制分段与登记的不符，可能被改动") from fault
    except RemuxError as fault:
        raise TakeBrokenError(f"录像内容无法转换（{str(fault)[:200]}）") from fault


async def open_segments(media: MediaStore, keyed: KeyedTake) -> AsyncIterator[bytes]:
    """Yield the plain bytes of a take's segments in order.

    Raises: MediaMissingError; CannotOpenError - what is stored is not what was recorded.
    """
    previous = NO_PREVIOUS
    for segment in keyed.segments:
        ciphertext = await media.get(segment.key)
        if hashlib.sha256(ciphertext).hexdigest() != segment.sha256:
            raise CannotOpenError(f"segment {segment.take_id}/{segment.seq} was altered")
        yield open_segment(keyed.take, segment, previous=previous, key=keyed.key, ciphertext=ciphertext)
        previous = segment.sha256


def is_same_coding(one: Film, other: Film) -> bool:
    """Tell whether two films can be played as one without encoding them anew."""
    if one.suffix != "mp4" or other.suffix != "mp4":
        return False
    coding = read_coding(one.content)
    return bool(coding) and coding == read_coding(other.content)
