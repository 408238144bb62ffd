"""Functions that the sandbox tests run in the child."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from invigil.platform.sandbox import ArchiveUnsafe


def reverse(payload: bytes) -> bytes:
    print("noise on standard output")  # noqa: T201 - the noise is the test
    return payload[::-1]


def sleep_for_ever(_payload: bytes) -> bytes:
    while True:
        pass


def eat_memory(_payload: bytes) -> bytes:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def answer_much(_payload: bytes) -> bytes:
    return bytes(1024 * 1024 * 4)


def raise_fault(_payload: bytes) -> bytes:
    raise KeyError("110101199001011234")


def refuse(_payload: bytes) -> bytes:
    raise ArchiveUnsafe(reason_zh="一", reason_en="one")


def answer_text(_payload: bytes) -> object:
    return "text"


def die(_payload: bytes) -> bytes:
    os._exit(3)


def connect(_payload: bytes) -> bytes:
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    except PermissionError:
        return b"closed"
    return b"open"


def start_process(_payload: bytes) -> bytes:
    try:
        subprocess.run(["true"], check=False)
    except PermissionError:
        return b"closed"
    return b"open"


def write_file(payload: bytes) -> bytes:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        Path(payload.decode()).write_bytes(b"x" * 10)
    except OSError:
        return b"closed"
    return b"open"


def read_environment(_payload: bytes) -> bytes:
    return ",".join(sorted(os.environ)).encode()
