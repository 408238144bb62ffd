"""The history of a run: one line per thing that happened, on one monotonic clock."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

# invoke: a seat sent something. ok: the server acknowledged it. fail: the server refused it (it must have no effect).
# info: no answer, or one that promises nothing; it may have happened or not. seen: a reader found this save in the database.
# fault: the nemesis did something.
EventKind = Literal["invoke", "ok", "fail", "info", "seen", "fault"]
Act = Literal["save", "hand_in", ""]


class Event(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One line.

    at_ns: monotonic clock. op: number of the request, shared by its invoke and its end. seat: the attempt's id.
    seq, sha256: of the sheet that was sent, acknowledged or seen. proof: of an acknowledged hand-in, its receipt as it came.
    detail: why, in words or a code.
    """

    at_ns: int
    kind: EventKind
    op: int = 0
    seat: str = ""
    act: Act = ""
    seq: int = 0
    sha256: str = ""
    proof: str = ""
    detail: str = ""


class HistoryWriter:
    """Appends events to a file. It lives in the process that is never killed, so the file needs no flush per line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._ops = 0

    def new_op(self) -> int:
        """Return the number of the next request."""
        self._ops += 1
        return self._ops

    def write(self, kind: EventKind, **values: object) -> None:
        """Append one event, now."""
        event = msgspec.convert({"at_ns": time.monotonic_ns(), "kind": kind, **values}, Event)
        self._file.write(msgspec.json.encode(event) + b"\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def read_history(path: Path) -> Iterator[Event]:
    """Yield the events of a file in order.

    Raises: msgspec.DecodeError - a line is not an event.
    """
    decode = msgspec.json.Decoder(Event).decode
    with path.open("rb") as file:
        for line in file:
            yield decode(line)
