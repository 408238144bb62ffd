"""Turning a recorded take into a film that any player opens, without encoding it anew: ffmpeg in a process of its own.

ffmpeg is a program beside ours, never linked in: the PyAV wheels carry x264 and x265, whose licence (GPL) would become ours
(ADR-0017). What it reads was made on a candidate's computer: so bounded memory and time, pipes only, no network. The film
lies in memory alone: nothing readable is written to a disk (S2.5).
"""

import asyncio
import os
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

FFMPEG = "ffmpeg"
_MEGABYTE = 1024 * 1024
_MEMORY_BYTES = 2_048 * _MEGABYTE
_PROCESSOR_S = 600
_TIMEOUT_S = 900
_MOST_STREAMS = 4
# How many bits a stream took on average says nothing of how it is coded.
_BIT_RATE = re.compile(rb"\x00\x00\x00\x14btrt.{12}", re.DOTALL)
# VP8 is the one codec of ours that MP4 does not take.
_INTO_MP4 = ("-f", "mp4", "-movflags", "+faststart", "-strict", "experimental")
_INTO_WEBM = ("-f", "webm", "-cues_to_front", "1")


class RemuxError(Exception):
    """The take is no film that can be read; the sentence is ffmpeg's."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film. suffix: "mp4" or "webm"."""

    content: bytes
    suffix: str


async def remux(parts: AsyncIterator[bytes], mime: str) -> Film:
    """Return the film that these parts are, one after the other: header first.

    mime: as the recorder named it, e.g. "video/mp4;codecs=avc1.42E01F,opus".
    Raises: RemuxError; whatever `parts` raises, and then nothing is left behind.
    Source: S4.7.
    """
    suffix = "webm" if "vp8" in mime else "mp4"
    target = os.memfd_create("film")
    try:
        await _run(parts, target, _INTO_WEBM if suffix == "webm" else _INTO_MP4)
        return Film(_read_whole(target), suffix)
    finally:
        os.close(target)


async def join(films: Sequence[bytes], lengths_ms: Sequence[int]) -> Film:
    """Return one film of films of the same coding, one after the other, none of them encoded anew.

    films: MP4 as `remux` made them, at least one, of equal `read_coding`. lengths_ms: per film; where the next one begins.
    Raises: RemuxError.
    Source: S4.7.
    """
    handles = [os.memfd_create("part") for _ in films]
    script, target = os.memfd_create("list"), os.memfd_create("film")
    try:
        for handle, film in zip(handles, films, strict=True):
            _write_whole(handle, film)
        lines = [
            f"file '/proc/self/fd/{one}'\nduration {ms / 1000:.3f}" for one, ms in zip(handles, lengths_ms, strict=True)
        ]
        _write_whole(script, "\n".join(["ffconcat version 1.0", *lines]).encode())
        source = ("-f", "concat", "-safe", "0", "-i", f"/proc/self/fd/{script}")
        await _run_ffmpeg(_nothing(), source, target, _INTO_MP4, (script, *handles))
        return Film(_read_whole(target), "mp4")
    finally:
        for handle in (*handles, script, target):
            os.close(handle)


def read_coding(film: bytes) -> bytes:
    """Return how the streams of an MP4 are coded (its sample descriptions); b"" when that cannot be told.

    Films of equal coding can be played as one.
    """
    found = []
    at = film.find(b"stsd")
    while at >= 4:
        size = int.from_bytes(film[at - 4 : at])
        found.append(film[at - 4 : at - 4 + size])
        at = film.find(b"stsd", at + size)
        if len(found) == _MOST_STREAMS:
            break
    return _BIT_RATE.sub(b"", b"".join(found))


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for part in nothing:
        yield part


async def _run(parts: AsyncIterator[bytes], target: int, container: tuple[str, ...]) -> None:
    await _run_ffmpeg(parts, ("-i", "pipe:0"), target, container, ())


async def _run_ffmpeg(
    parts: AsyncIterator[bytes],
    source: tuple[str, ...],
    target: int,
    container: tuple[str, ...],
    handles: tuple[int, ...],
) -> None:
    limits = ("prlimit", f"--as={_MEMORY_BYTES}", f"--cpu={_PROCESSOR_S}", "--core=0", "--")
    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "pipe,file,fd")
    copied = (*source, "-map", "0", "-c", "copy", *container, f"/proc/self/fd/{target}")
    process = await asyncio.create_subprocess_exec(
        *limits,
        FFMPEG,
        *quiet,
        *copied,
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=PIPE,
        pass_fds=(target, *handles),
        env=_environment(),
    )
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            said, _ = await asyncio.gather(_read_errors(process), _hand_over(process, parts))
            code = await process.wait()
    except TimeoutError as fault:
        raise RemuxError(f"it took more than {_TIMEOUT_S} s") from fault
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise RemuxError(said or f"ffmpeg left with {code}")


async def _hand_over(process: Process, parts: AsyncIterator[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101 - asked for
    try:
        async for part in parts:
            process.stdin.write(part)
            await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # ffmpeg gave up; its own words say why
    finally:
        process.stdin.close()


async def _read_errors(process: Process) -> str:
    assert process.stderr is not None  # noqa: S101 - asked for
    said = bytearray()
    while piece := await process.stderr.read(4096):
        said = (said + piece)[-800:]
    return said.decode(errors="replace").strip()


def _write_whole(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def _read_whole(handle: int) -> bytes:
    return os.pread(handle, os.fstat(handle).st_size, 0)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
