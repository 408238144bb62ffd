"""Between clear fields and protected columns: sealing, opening, blind indexes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from invigil.kernel.ids import CandidateId, ExamId
from invigil.platform.keys import Keys
from invigil.prepare.candidates.model import Candidate, CandidateState

_TAIL_CHARACTERS = 4


def protect(keys: Keys, candidate_id: str, fields: Mapping[str, str]) -> dict[str, object]:
    """Return the protected columns of the given clear fields.

    fields: any of name, identity_number, phone, in normal form; what is not given gets no column.
    """
    columns: dict[str, object] = {}
    for field, value in fields.items():
        columns[field] = keys.seal_text(value, purpose=f"candidates.{field}", bound_to=_place(field, candidate_id))
        columns |= _INDEXES[field](keys, value)
    return columns


def open_field(keys: Keys, row: Row[Any], field: str) -> str:
    """Return one protected field in clear; `row` has its column and `id`.

    Raises: CannotOpenError - the stored value belongs elsewhere or was changed.
    """
    return keys.open_text(getattr(row, field), purpose=f"candidates.{field}", bound_to=_place(field, row.id))


def open_candidate(keys: Keys, row: Row[Any]) -> Candidate:
    """Return the candidate of a whole row, in clear."""
    return Candidate(
        id=CandidateId(row.id),
        exam_id=ExamId(row.exam_id),
        subject_code=row.subject_code,
        ticket_number=row.ticket_number,
        name=open_field(keys, row, "name"),
        identity_number=open_field(keys, row, "identity_number"),
        phone=open_field(keys, row, "phone"),
        employer=row.employer,
        photo_key=row.photo_key,
        state=CandidateState(row.state),
        created_at=row.created_at,
    )


def name_index(keys: Keys, name: str) -> bytes:
    """Index of a whole name."""
    return keys.blind_index(name.casefold(), purpose="candidates.name")


def surname_index(keys: Keys, name: str) -> bytes:
    """Index of a name's first character."""
    return keys.blind_index(name[:1].casefold(), purpose="candidates.surname")


def name_start_index(keys: Keys, name: str) -> bytes:
    """Index of a name's first two characters."""
    return keys.blind_index(name[:2].casefold(), purpose="candidates.name_start")


def identity_index(keys: Keys, number: str) -> bytes:
    """Index of a whole identity number."""
    return keys.blind_index(number, purpose="candidates.identity_number")


def identity_tail_index(keys: Keys, number: str) -> bytes:
    """Index of an identity number's last four characters."""
    return keys.blind_index(number[-_TAIL_CHARACTERS:], purpose="candidates.identity_tail")


def phone_index(keys: Keys, number: str) -> bytes | None:
    """Index of a telephone number; None for none."""
    return keys.blind_index(number, purpose="candidates.phone") if number else None


def _index_name(keys: Keys, name: str) -> dict[str, object]:
    return {
        "name_index": name_index(keys, name),
        "surname_index": surname_index(keys, name),
        "name_start_index": name_start_index(keys, name),
    }


def _index_identity(keys: Keys, number: str) -> dict[str, object]:
    return {"identity_index": identity_index(keys, number), "identity_tail_index": identity_tail_index(keys, number)}


def _index_phone(keys: Keys, number: str) -> dict[str, object]:
    return {"phone_index": phone_index(keys, number)}


_INDEXES = {"name": _index_name, "identity_number": _index_identity, "phone": _index_phone}


def _place(field: str, candidate_id: str) -> str:
    return f"candidates_candidate/{field}/{candidate_id}"
