"""Bytes as text: base64url without padding, as pages and receipts carry them."""

import base64
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode_base64url(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_base64url(text: str) -> bytes:
    """Return the bytes.

    Raises: ValueError - not base64url.
    """
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
