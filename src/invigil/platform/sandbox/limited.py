"""Run one function on one payload in a fresh, limited child process."""

import asyncio
import json
import math
import os
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import structlog

from invigil.kernel.refusals import Refusal, known_refusals
from invigil.platform.sandbox import child

MEGABYTE = 1024 * 1024
DEFAULT_OUTPUT_BYTES = 256 * MEGABYTE
_CHILD = Path(child.__file__)
_HEADER_BYTES = 9
_ROOT = Path(__file__).parents[3]
log = structlog.get_logger()


class SandboxTooSlow(Refusal):
    """The file took longer to read than allowed."""

    code = "sandbox.too_slow"
    zh = "文件读取超时（限 {seconds} 秒），可能过大或已损坏。请拆分成较小的文件，或用 Excel/Word 另存后再上传。"
    en = "The file took longer than {seconds} s to read; split it, or save it anew and upload again."


class SandboxTooLarge(Refusal):
    """Reading the file took more memory, or made more output, than allowed."""

    code = "sandbox.too_large"
    status: ClassVar[int] = 413
    zh = "文件内容过大，读取所需的内存超出限制。请拆分成较小的文件后再上传。"
    en = "The file's content is too large to be read within limits; split it and upload again."


class SandboxCrashed(Refusal):
    """The reader ended without an answer."""

    code = "sandbox.crashed"
    zh = "文件无法读取：内容已损坏，或不是所要求的格式。请用 Excel/Word 打开确认后另存，再上传。"
    en = "The file cannot be read: it is damaged or of another format."


async def run_limited(
    entry: str,
    payload: bytes,
    *,
    memory_bytes: int,
    timeout: timedelta,  # noqa: ASYNC109 - the child's time, enforced on the child
    output_bytes: int = DEFAULT_OUTPUT_BYTES,
) -> bytes:
    """Return `entry(payload)` computed in a child process of its own.

    entry: "module:function" of ours, bytes -> bytes; the module imports only what it needs, since start-up is paid each time.
    memory_bytes: address space of the child, interpreter included (~100 MB); at least 128 MB is sensible.
    timeout: wall time; the same number of seconds bounds the processor time.
    output_bytes: longest answer accepted.
    The child has no network, writes no file, starts no process. A Refusal raised by the entry is raised here, the same.
    Raises: SandboxTooSlow, SandboxTooLarge, SandboxCrashed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-B", str(_CHILD), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_environment()
    )
    seconds = math.ceil(timeout.total_seconds())
    order = {"entry": entry, "path": _module_path(), "memory_bytes": memory_bytes, "cpu_seconds": seconds}
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            await _hand_over(process, json.dumps(order).encode() + b"\n", payload)
            frame = await _read_frame(process, output_bytes)
            return_code = await process.wait()
    except TimeoutError as fault:
        raise SandboxTooSlow(seconds=seconds) from fault
    finally:
        await _end(process)
    return _unwrap(frame, return_code, entry=entry, seconds=seconds)


def _environment() -> dict[str, str]:
    # Nothing of ours (settings, passphrases) reaches the child.
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}


def _module_path() -> list[str]:
    return [str(_ROOT), *(entry for entry in sys.path if entry)]


async def _hand_over(process: Process, order: bytes, payload: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - asked for above
    try:
        process.stdin.write(order)
        process.stdin.write(payload)
        await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        # The child ended early; its missing frame says so.
        log.info("platform.sandbox.ended_early")


async def _read_frame(process: Process, output_bytes: int) -> bytes:
    assert process.stdout is not None  # noqa: S101 - asked for above
    parts: list[bytes] = []
    held = 0
    while chunk := await process.stdout.read(MEGABYTE):
        held += len(chunk)
        if held > output_bytes + _HEADER_BYTES:
            raise SandboxTooLarge
        parts.append(chunk)
    return b"".join(parts)


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _unwrap(frame: bytes, return_code: int, *, entry: str, seconds: int) -> bytes:
    status, body = frame[:1], frame[_HEADER_BYTES:]
    is_whole = len(frame) >= _HEADER_BYTES and struct.unpack(">Q", frame[1:_HEADER_BYTES])[0] == len(body)
    if is_whole and status == child.DONE:
        return body
    if is_whole and status == child.NO_MEMORY:
        raise SandboxTooLarge
    if is_whole and status == child.REFUSED:
        raise _refusal_from(body)
    log.warning(
        "platform.sandbox.failed", entry=entry, return_code=return_code, fault=body.decode(errors="replace")[:100]
    )
    if return_code in (-_SIGNAL_CPU, -_SIGNAL_KILL):
        raise SandboxTooSlow(seconds=seconds)
    if return_code == -_SIGNAL_ABORT:
        # Compiled parsers abort when an allocation fails.
        raise SandboxTooLarge
    raise SandboxCrashed


_SIGNAL_ABORT, _SIGNAL_KILL, _SIGNAL_CPU = 6, 9, 24


def _refusal_from(body: bytes) -> Refusal:
    told = json.loads(body)
    kind = known_refusals().get(told["code"])
    return kind(**told["details"]) if kind else SandboxCrashed()
