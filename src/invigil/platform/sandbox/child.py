"""The child process of `run_limited`: started by path, limits itself, then runs one function on one payload.

Reads from standard input one line of JSON (the order) and the payload; writes to a private copy of standard output one
frame: a status byte, the body's length (8 bytes, big endian), the body. Whatever a library prints goes to standard error.
"""

import ctypes
import importlib
import json
import os
import resource
import struct
import sys
from typing import Any

DONE, REFUSED, FAILED, NO_MEMORY = b"D", b"R", b"F", b"M"
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# Enough for the modules a parser opens; far too few to exhaust the machine.
_OPEN_FILES = 64
_FORBIDDEN_ACTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "ctypes.")


def main() -> None:
    """Run the order that standard input holds."""
    frame_to = os.dup(1)
    os.dup2(2, 1)
    order = json.loads(sys.stdin.buffer.readline())
    payload = sys.stdin.buffer.read()
    sys.path[:] = order["path"]
    _close_the_doors(order["memory_bytes"], order["cpu_seconds"])
    try:
        status, body = _run(order["entry"], payload)
    except MemoryError:
        status, body = NO_MEMORY, b""
    with os.fdopen(frame_to, "wb") as out:
        out.write(status + struct.pack(">Q", len(body)) + body)
    # No interpreter shutdown: a library's exit hooks have nothing to say to us.
    os._exit(0)


def _run(entry: str, payload: bytes) -> tuple[bytes, bytes]:
    module, _, name = entry.partition(":")
    try:
        answer = getattr(importlib.import_module(module), name)(payload)
    except MemoryError:
        raise
    except Exception as fault:  # noqa: BLE001 - the parent turns every kind of fault into one refusal
        return _describe(fault)
    if not isinstance(answer, bytes):
        return FAILED, f"{entry} answered {type(answer).__name__}, not bytes".encode()
    return DONE, answer


def _describe(fault: Exception) -> tuple[bytes, bytes]:
    """Return what may be told of the fault: a refusal whole, anything else by its type (its text could be a person's)."""
    code = getattr(fault, "code", None)
    if isinstance(code, str) and hasattr(fault, "details"):
        return REFUSED, json.dumps({"code": code, "details": fault.details}).encode()
    return FAILED, type(fault).__name__.encode()


def _close_the_doors(memory_bytes: int, cpu_seconds: int) -> None:
    _leave_the_network()
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        # A core file would be the payload in plain text on the disk.
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    sys.addaudithook(_refuse_act)


def _leave_the_network() -> None:
    """Move into an empty network namespace where the kernel lets us; the audit hook stands in where it does not."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _refuse_act(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN_ACTS):
        raise PermissionError(f"{event} is closed in the sandbox")


if __name__ == "__main__":
    main()
