"""A paper in a few hundred bytes: places in the set's pool snapshot and option orders, both in presented order.

Format 1: 1 byte format, 2 bytes question count, 2 bytes item count, then one 16-bit number per question (place in the pool) and
per item (order code), all little endian. A paper of 100 single questions has 405 bytes.
"""

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from invigil.prepare.papers.rules.dealing import Batch

FORMAT = 1
_HEADER = struct.Struct("<BHH")
# Places are 16-bit numbers.
MAX_POOL = 2**16


class DamagedPaperError(ValueError):
    """The bytes are not a paper of a known format."""


class Paper(NamedTuple):
    """One candidate's paper. questions: places in the pool; orders: order code per item; both in presented order."""

    questions: tuple[int, ...]
    orders: tuple[int, ...]


def encode_batch(batch: Batch) -> list[bytes]:
    """Return one encoded paper per candidate, in the batch's order."""
    header = _HEADER.pack(FORMAT, batch.questions.shape[1], batch.orders.shape[1])
    body = np.concatenate([batch.questions, batch.orders], axis=1).astype("<u2", copy=False)
    raw, width = body.tobytes(), body.shape[1] * 2
    return [header + raw[start : start + width] for start in range(0, len(raw), width)]


def decode_paper(encoded: bytes) -> Paper:
    """Return the paper.

    Raises: DamagedPaperError - unknown format or wrong length.
    """
    questions, orders = _split(encoded)
    return Paper(tuple(questions.tolist()), tuple(orders.tolist()))


def decode_papers(encoded: list[bytes]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return uint16 [paper, question] places and [paper, item] orders of papers of one set; the list is not empty.

    Raises: DamagedPaperError - unknown format, wrong length, or papers of different shapes.
    """
    first_questions, first_orders = _split(encoded[0])
    if any(one[: _HEADER.size] != encoded[0][: _HEADER.size] or len(one) != len(encoded[0]) for one in encoded):
        raise DamagedPaperError("papers of different shapes")
    raw = np.frombuffer(b"".join(encoded), np.uint8).reshape(len(encoded), -1)[:, _HEADER.size :]
    numbers = np.ascontiguousarray(raw).view("<u2").astype(np.uint16, copy=False)
    count = len(first_questions)
    return numbers[:, :count], numbers[:, count : count + len(first_orders)]


def _split(encoded: bytes) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    if len(encoded) < _HEADER.size:
        raise DamagedPaperError("truncated header")
    version, questions, orders = _HEADER.unpack_from(encoded)
    if version != FORMAT or len(encoded) != _HEADER.size + 2 * (questions + orders):
        raise DamagedPaperError(f"format {version}, {len(encoded)} bytes")
    numbers = np.frombuffer(encoded, "<u2", offset=_HEADER.size).astype(np.uint16, copy=False)
    return numbers[:questions], numbers[questions:]
