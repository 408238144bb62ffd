"""Recorded material for tests: drawn and sounded by ffmpeg, cut as a page's worker cuts it."""

import struct
import subprocess
from functools import cache

SECONDS_PER_PART = 2
MIME = "video/mp4;codecs=avc1.42E01F,opus"


@cache
def record_parts(seconds: int = 6, size: str = "160x120") -> tuple[bytes, ...]:
    """Return a header and self-contained parts of two seconds each, H.264 and Opus in fragmented MP4."""
    source = ("-f", "lavfi", "-i", f"testsrc=size={size}:rate=10", "-f", "lavfi", "-i", "sine=frequency=440")
    codec = (
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-bf",
        "0",
        "-g",
        str(10 * SECONDS_PER_PART),
        "-c:a",
        "libopus",
    )
    fragments = ("-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4")
    words = ["ffmpeg", "-v", "error", *source, "-t", str(seconds), *codec, *fragments, "pipe:1"]
    return cut(subprocess.run(words, check=True, capture_output=True).stdout)


def cut(film: bytes) -> tuple[bytes, ...]:
    """Return the header (all boxes before the first fragment) and every fragment (moof with its mdat)."""
    parts: list[bytes] = [b""]
    at = 0
    while at < len(film):
        size, kind = struct.unpack(">L4s", film[at : at + 8])
        box = film[at : at + size]
        if kind == b"moof":
            parts.append(box)
        elif kind != b"mfra":
            parts[-1] += box
        at += size
    return tuple(parts)
