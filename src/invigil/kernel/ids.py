"""Identifiers: short sortable strings, one NewType per kind of thing."""

from datetime import datetime
from typing import NewType

ExamId = NewType("ExamId", str)
SittingId = NewType("SittingId", str)
RoomId = NewType("RoomId", str)
CandidateId = NewType("CandidateId", str)
AttemptId = NewType("AttemptId", str)
QuestionId = NewType("QuestionId", str)
PaperSetId = NewType("PaperSetId", str)
StaffId = NewType("StaffId", str)
JobId = NewType("JobId", str)

# Crockford's alphabet: no I, L, O, U, so that an identifier can be read out on the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BYTES = 10
_TIME_CHARACTERS = 10
_RANDOM_CHARACTERS = 16


def format_id(prefix: str, instant: datetime, entropy: bytes) -> str:
    """Return `prefix_` and 26 characters that sort by creation time.

    instant: aware; milliseconds since 1970 make the first 10 characters.
    entropy: exactly 10 random bytes, the last 16 characters.
    Raises: ValueError - entropy has another length.
    """
    if len(entropy) != RANDOM_BYTES:
        raise ValueError(f"need {RANDOM_BYTES} random bytes, got {len(entropy)}")
    milliseconds = int(instant.timestamp() * 1000)
    return f"{prefix}_{_encode(milliseconds, _TIME_CHARACTERS)}{_encode(int.from_bytes(entropy), _RANDOM_CHARACTERS)}"


def _encode(number: int, characters: int) -> str:
    digits = []
    for _ in range(characters):
        number, digit = divmod(number, 32)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
