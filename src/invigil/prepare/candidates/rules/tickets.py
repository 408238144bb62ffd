"""Admission ticket numbers made by us: 4 digits of the examination, 1 of the subject, 6 of the serial number, 1 check digit."""

import hashlib

_SUBJECT_DIGITS = {"A": 1, "B": 2, "C1": 3, "C2": 4, "C3": 5}
_OTHER_SUBJECT = 9
LARGEST_SERIAL = 999_999


def make_ticket_number(exam_id: str, subject_code: str, serial: int) -> str:
    """Return the ticket number, 12 digits, the same for the same arguments.

    serial: 1 … 999,999, unique in the examination over all its subjects, so the number is as well.
    Raises: ValueError - a serial out of range.
    """
    if not 1 <= serial <= LARGEST_SERIAL:
        raise ValueError(f"serial out of range: {serial}")
    exam = int.from_bytes(hashlib.sha256(exam_id.encode()).digest()[:4]) % 9000 + 1000
    body = f"{exam}{_SUBJECT_DIGITS.get(subject_code, _OTHER_SUBJECT)}{serial:06d}"
    return body + compute_check_digit(body)


def compute_check_digit(digits: str) -> str:
    """Return the Luhn check digit: every single wrong digit and most swaps are seen when a number is read out."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
