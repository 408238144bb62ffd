"""The one place that draws randomness."""

import os
import secrets
from datetime import UTC, datetime

from invigil.kernel.ids import RANDOM_BYTES, format_id

TOKEN_BYTES = 32


def new_id(prefix: str) -> str:
    """Return a new identifier `prefix_…` that sorts by creation time."""
    return format_id(prefix, datetime.now(UTC), os.urandom(RANDOM_BYTES))


def new_token() -> str:
    """Return an opaque 256-bit token as URL-safe text (P7)."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_secret() -> bytes:
    """Return 256 random bits, for keys and seeds."""
    return os.urandom(TOKEN_BYTES)


def new_characters(alphabet: str, count: int) -> str:
    """Return `count` random characters of the alphabet."""
    return "".join(secrets.choice(alphabet) for _ in range(count))


def new_number(digits: int) -> str:
    """Return `digits` random decimal digits in one draw: ten times as fast as character by character, for imports."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"
