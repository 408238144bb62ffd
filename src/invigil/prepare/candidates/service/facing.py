"""What other features and staff see of candidates: cards, names, photos, and lists for the arrangement."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.candidates.model import CandidateState, PhotoMissing
from invigil.prepare.candidates.rules.identity import mask_identity_number
from invigil.prepare.candidates.service.protecting import identity_index, open_field
from invigil.prepare.candidates.service.searching import access_candidate, load_candidate
from invigil.prepare.candidates.store import registrations


@dataclass(frozen=True, slots=True)
class CandidateForRoom:
    """What arranging needs of a candidate. identity_number_index: equal for one person's several registrations."""

    id: CandidateId
    ticket_number: str
    name: str
    employer: str
    identity_number_index: bytes


@dataclass(frozen=True, slots=True)
class PublicCard:
    """What a candidate's own page and a proctor's board may show. photo_key: "" when there is no photo."""

    id: CandidateId
    exam_id: ExamId
    subject_code: str
    ticket_number: str
    name: str
    identity_masked: str
    employer: str
    photo_key: str
    state: CandidateState


async def list_for_arrangement(tx: Transaction, exam_id: ExamId, subject_code: str) -> list[CandidateForRoom]:
    """Return the registered candidates of a subject in the order of their ticket numbers."""
    rows = await registrations.read_rows_for_arrangement(tx, exam_id, subject_code)
    return [
        CandidateForRoom(
            CandidateId(row.id),
            row.ticket_number,
            open_field(tx.keys, row, "name"),
            row.employer,
            bytes(row.identity_index),
        )
        for row in rows
    ]


async def list_registered_ids(tx: Transaction, exam_id: ExamId, subject_code: str) -> list[CandidateId]:
    """Return who is registered for a subject, in no order; opens nothing, so it is cheap for 50,000."""
    return [CandidateId(one) for one in await registrations.list_registered_ids(tx, exam_id, subject_code)]


async def count_by_subject(tx: Transaction, exam_id: ExamId) -> dict[str, int]:
    """Return the number of registered candidates of every subject that has any."""
    return await registrations.count_by_subject(tx, exam_id)


async def read_names(tx: Transaction, ids: Sequence[CandidateId]) -> dict[CandidateId, str]:
    """Return names in clear by id; unknown ids are left out."""
    rows = await registrations.read_candidates(tx, ids)
    return {CandidateId(row.id): open_field(tx.keys, row, "name") for row in rows}


async def read_public_cards(tx: Transaction, ids: Sequence[CandidateId]) -> dict[CandidateId, PublicCard]:
    """Return cards by id; unknown ids are left out."""
    cards: dict[CandidateId, PublicCard] = {}
    for row in await registrations.read_candidates(tx, ids):
        cards[CandidateId(row.id)] = PublicCard(
            id=CandidateId(row.id),
            exam_id=ExamId(row.exam_id),
            subject_code=row.subject_code,
            ticket_number=row.ticket_number,
            name=open_field(tx.keys, row, "name"),
            identity_masked=mask_identity_number(open_field(tx.keys, row, "identity_number")),
            employer=row.employer,
            photo_key=row.photo_key,
            state=CandidateState(row.state),
        )
    return cards


async def read_public_card(tx: Transaction, candidate_id: CandidateId) -> PublicCard:
    """Return one card.

    Raises: CandidateNotFound.
    """
    await load_candidate(tx, candidate_id)
    return (await read_public_cards(tx, [candidate_id]))[candidate_id]


async def record_photo_view(tx: Transaction, who: Principal, candidate_id: CandidateId) -> str:
    """Record that staff look at an identity photo and return its blob key; fetch it once the record has been committed.

    Raises: CandidateNotFound; PhotoMissing.
    Source: S2.2, N.
    """
    candidate = await access_candidate(tx, who, candidate_id)
    if not candidate.photo_key:
        raise PhotoMissing
    await record(tx, who, act="candidates.photo.view", on=candidate_id)
    return candidate.photo_key


async def find_registrations(tx: Transaction, exam_id: ExamId, identity_number: str) -> list[CandidateId]:
    """Return every registration of the person with this identity number (normal form) in the examination, by ticket number."""
    index = identity_index(tx.keys, identity_number)
    return [CandidateId(one) for one in await registrations.find_ids_by_identity(tx, exam_id, index)]
