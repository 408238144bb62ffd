"""Which part of a file a request asks for (RFC 9110, one range)."""

import re

from invigil.serve.recordings.rules.refusals import RangeImpossible

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


def read_range(header: str, total_bytes: int) -> tuple[int, int]:
    """Return (start, stop) of the part asked for, 0 <= start < stop <= total_bytes; the whole when nothing is asked for.

    header: of `Range`; several ranges or other units are ignored, as the standard allows.
    Raises: RangeImpossible - it begins behind the end.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.group(0) == "bytes=-":
        return 0, total_bytes
    first, last = found.groups()
    if not first:
        start, stop = max(0, total_bytes - int(last)), total_bytes
    else:
        start, stop = int(first), min(total_bytes, int(last) + 1) if last else total_bytes
    if start >= stop:
        raise RangeImpossible
    return start, stop
