"""Canonical JSON: one value, one byte string, the same in Python and TypeScript (ADR-0005).

Keys are sorted ASCII strings, there is no white space, text is UTF-8 with only the escapes that JSON demands, and numbers
are integers that a JavaScript number holds exactly. Receipts and hashes stand on this encoding.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

# The largest integer that JavaScript holds without rounding.
MAX_INTEGER = 2**53 - 1


class NotCanonicalError(ValueError):
    """The value has a part that canonical JSON does not allow."""


def encode_canonical(value: object) -> bytes:
    """Return the canonical bytes of `value`.

    value: None, bool, int (|n| < 2^53), str without lone surrogates, lists and mappings of these; mapping keys are ASCII.
    Raises: NotCanonicalError - a float, a large integer, a non-ASCII key or a foreign type.
    """
    _check(value)
    return msgspec.json.encode(value, order="sorted")


def digest_canonical(value: object) -> str:
    """Return the lower-case hexadecimal SHA-256 of the canonical bytes."""
    return hashlib.sha256(encode_canonical(value)).hexdigest()


def _check(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonicalError(f"integer beyond 2^53: {value}")
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[object, object]", value).items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonicalError(f"key is not ASCII text: {key!r}")
            _check(inner)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for inner in cast("Sequence[object]", value):
            _check(inner)
    else:
        raise NotCanonicalError(f"{type(value).__name__} has no canonical form")


def _check_text(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise NotCanonicalError("lone surrogate in text") from fault
