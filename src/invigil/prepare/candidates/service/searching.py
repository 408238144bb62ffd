"""Finding candidates for staff: what was typed becomes blind indexes, what is shown is masked."""

import re
from dataclasses import dataclass

from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import Principal, PrincipalKind
from invigil.platform.db import Transaction
from invigil.platform.keys import Keys
from invigil.prepare.candidates.model import Candidate, CandidateNotFound
from invigil.prepare.candidates.rules.cells import clean_code
from invigil.prepare.candidates.rules.fields import FieldFault, read_name
from invigil.prepare.candidates.service import protecting
from invigil.prepare.candidates.store import registrations, search
from invigil.prepare.candidates.store.search import CandidateQuery, TextMatch

_IDENTITY = re.compile(r"\d{17}[\dX]")
_TAIL = re.compile(r"\d{3}[\dX]")
_MOBILE = re.compile(r"1\d{10}")
_CODE = re.compile(r"[0-9A-Z]+")


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """What staff asked for; "" and None match everything. text: whatever was typed into the search box."""

    exam_id: ExamId
    text: str = ""
    subject_code: str = ""
    employer: str = ""
    state: str = ""
    has_photo: bool | None = None


async def find_candidates(
    tx: Transaction, wanted: CandidateFilter, *, sort: str, offset: int, limit: int
) -> tuple[list[Candidate], int]:
    """Return one page of candidates in clear (the caller masks what it shows) and the total."""
    rows, total = await search.search(tx, to_query(tx.keys, wanted), sort=sort, offset=offset, limit=limit)
    return [protecting.open_candidate(tx.keys, row) for row in rows], total


async def access_candidate(tx: Transaction, who: Principal, candidate_id: str) -> Candidate:
    """Return one candidate in clear, on behalf of someone.

    Raises: CandidateNotFound - there is none, or a candidate asks for another one.
    """
    if who.kind is PrincipalKind.CANDIDATE and who.id != candidate_id:
        raise CandidateNotFound
    return await load_candidate(tx, candidate_id)


async def load_candidate(tx: Transaction, candidate_id: str) -> Candidate:
    """Return one candidate in clear, for the system's own work.

    Raises: CandidateNotFound.
    """
    row = await registrations.read_candidate(tx, candidate_id)
    if row is None:
        raise CandidateNotFound
    return protecting.open_candidate(tx.keys, row)


async def list_candidates(tx: Transaction, ids: list[CandidateId]) -> list[Candidate]:
    """Return these candidates in clear, in the order asked for; unknown ids are left out."""
    rows = {row.id: row for row in await registrations.read_candidates(tx, ids)}
    return [protecting.open_candidate(tx.keys, rows[one]) for one in ids if one in rows]


def to_query(keys: Keys, wanted: CandidateFilter) -> CandidateQuery:
    """Return the query over stored columns."""
    text = match_text(keys, wanted.text) if wanted.text.strip() else None
    return CandidateQuery(wanted.exam_id, wanted.subject_code, wanted.employer, wanted.state, wanted.has_photo, text)


def match_text(keys: Keys, typed: str) -> TextMatch:
    """Return everything that the typed text may mean.

    A whole identity number, its last four characters, a mobile number, the beginning of a ticket number; a name, its first
    character or its first two; a part of the employer's name.
    """
    code = clean_code(typed)
    if _CODE.fullmatch(code):
        return TextMatch(
            identity_index=protecting.identity_index(keys, code) if _IDENTITY.fullmatch(code) else None,
            identity_tail_index=protecting.identity_tail_index(keys, code) if _TAIL.fullmatch(code) else None,
            phone_index=protecting.phone_index(keys, code) if _MOBILE.fullmatch(code) else None,
            name_index=protecting.name_index(keys, typed.strip()),
            ticket_start=code,
        )
    try:
        name = read_name(typed)
    except FieldFault:
        return TextMatch(employer_part=typed.strip())
    return TextMatch(
        surname_index=protecting.surname_index(keys, name) if len(name) == 1 else None,
        name_start_index=protecting.name_start_index(keys, name) if len(name) == 2 else None,
        name_index=protecting.name_index(keys, name),
        employer_part=typed.strip() if len(name) > 1 else "",
    )
