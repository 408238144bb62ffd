"""Writing and reading candidates' rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from invigil.platform.db import Transaction
from invigil.prepare.candidates.model import CandidateState
from invigil.prepare.candidates.rules.duplicates import Known
from invigil.prepare.candidates.store.tables import candidates, serials

# Both engines take this many values in one IN list.
IN_BATCH = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """A registration that is there already. import_id: the import that wrote it."""

    subject_code: str
    import_id: str


async def insert_candidates(tx: Transaction, rows: Sequence[dict[str, object]]) -> None:
    """Write new candidates; `rows` is not empty."""
    await tx.execute(insert(candidates), list(rows))


async def read_candidate(tx: Transaction, candidate_id: str) -> Row[Any] | None:
    """Return one candidate's row."""
    return (await tx.execute(select(candidates).where(candidates.c.id == candidate_id))).first()


async def read_candidates(tx: Transaction, ids: Sequence[str]) -> list[Row[Any]]:
    """Return the rows of these candidates, in no order; unknown ids are left out."""
    found: list[Row[Any]] = []
    for at in range(0, len(ids), IN_BATCH):
        found.extend(await tx.execute(select(candidates).where(candidates.c.id.in_(ids[at : at + IN_BATCH]))))
    return found


async def update_candidate(tx: Transaction, candidate_id: str, **changes: object) -> None:
    """Write some columns of one candidate."""
    await tx.execute(update(candidates).where(candidates.c.id == candidate_id).values(changed_at=tx.now, **changes))


async def read_known(tx: Transaction, exam_id: str) -> tuple[dict[bytes, list[Known]], set[str]]:
    """Return who is registered in the examination, by index of the identity number, and every ticket number given."""
    columns = (
        candidates.c.identity_index,
        candidates.c.name_index,
        candidates.c.subject_code,
        candidates.c.ticket_number,
    )
    known: dict[bytes, list[Known]] = {}
    tickets: set[str] = set()
    for row in await tx.execute(select(*columns).where(candidates.c.exam_id == exam_id)):
        there = Known(bytes(row.name_index), row.subject_code, row.ticket_number)
        known.setdefault(bytes(row.identity_index), []).append(there)
        tickets.add(row.ticket_number)
    return known, tickets


async def read_taken(tx: Transaction, exam_id: str, identity_indexes: Sequence[bytes]) -> dict[bytes, list[Taken]]:
    """Return what these people are registered for already, by index of the identity number."""
    taken: dict[bytes, list[Taken]] = {}
    for at in range(0, len(identity_indexes), IN_BATCH):
        query = select(candidates.c.identity_index, candidates.c.subject_code, candidates.c.import_id).where(
            candidates.c.exam_id == exam_id,
            candidates.c.identity_index.in_(identity_indexes[at : at + IN_BATCH]),
        )
        for row in await tx.execute(query):
            taken.setdefault(bytes(row.identity_index), []).append(Taken(row.subject_code, row.import_id))
    return taken


async def find_taken_tickets(tx: Transaction, exam_id: str, tickets: Sequence[str]) -> set[str]:
    """Return which of these ticket numbers somebody of the examination has."""
    taken: set[str] = set()
    for at in range(0, len(tickets), IN_BATCH):
        query = select(candidates.c.ticket_number).where(
            candidates.c.exam_id == exam_id, candidates.c.ticket_number.in_(tickets[at : at + IN_BATCH])
        )
        taken.update((await tx.execute(query)).scalars())
    return taken


async def take_serials(tx: Transaction, exam_id: str, count: int) -> int:
    """Take `count` serial numbers of the examination and return the first; the caller holds the examination's lock."""
    last = (await tx.execute(select(serials.c.last).where(serials.c.exam_id == exam_id))).scalar()
    if last is None:
        await tx.execute(insert(serials).values(exam_id=exam_id, last=count))
        return 1
    await tx.execute(update(serials).where(serials.c.exam_id == exam_id).values(last=last + count))
    return int(last) + 1


async def set_photos(tx: Transaction, photos: Sequence[dict[str, object]]) -> None:
    """Point candidates at their photos.

    photos: `candidate` (id), `key`, `width`, `height`; not empty.
    """
    statement = (
        update(candidates)
        .where(candidates.c.id == bindparam("candidate"))
        .values(
            photo_key=bindparam("key"),
            photo_width=bindparam("width"),
            photo_height=bindparam("height"),
            changed_at=tx.now,
        )
    )
    await tx.execute(statement, list(photos))


async def find_used_photos(tx: Transaction, keys: Sequence[str]) -> set[str]:
    """Return which of these photos some candidate still has."""
    used: set[str] = set()
    for at in range(0, len(keys), IN_BATCH):
        query = select(candidates.c.photo_key).where(candidates.c.photo_key.in_(keys[at : at + IN_BATCH]))
        used.update((await tx.execute(query)).scalars())
    return used


async def list_people(tx: Transaction, exam_id: str) -> dict[bytes, list[tuple[str, str]]]:
    """Return (candidate id, photo key) of every registered candidate, by index of the identity number."""
    people: dict[bytes, list[tuple[str, str]]] = {}
    query = select(candidates.c.identity_index, candidates.c.id, candidates.c.photo_key).where(
        candidates.c.exam_id == exam_id, candidates.c.state == CandidateState.REGISTERED
    )
    for row in await tx.execute(query):
        people.setdefault(bytes(row.identity_index), []).append((row.id, row.photo_key))
    return people


async def count_by_subject(tx: Transaction, exam_id: str) -> dict[str, int]:
    """Return the number of registered candidates of each subject of the examination."""
    query = (
        select(candidates.c.subject_code, func.count().label("people"))
        .where(candidates.c.exam_id == exam_id, candidates.c.state == CandidateState.REGISTERED)
        .group_by(candidates.c.subject_code)
    )
    return {row.subject_code: row.people for row in await tx.execute(query)}


async def list_employers(tx: Transaction, exam_id: str, starting: str, limit: int) -> list[tuple[str, int]]:
    """Return employers whose name contains `starting`, with their number of candidates, largest first."""
    conditions = [candidates.c.exam_id == exam_id, candidates.c.employer != ""]
    if starting:
        conditions.append(candidates.c.employer.contains(starting, autoescape=True))
    query = (
        select(candidates.c.employer, func.count().label("people"))
        .where(*conditions)
        .group_by(candidates.c.employer)
        .order_by(func.count().desc(), candidates.c.employer)
        .limit(limit)
    )
    return [(row.employer, row.people) for row in await tx.execute(query)]


async def list_registered_ids(tx: Transaction, exam_id: str, subject_code: str) -> list[str]:
    """Return the ids of the registered candidates of a subject, in no order."""
    query = select(candidates.c.id).where(
        candidates.c.exam_id == exam_id,
        candidates.c.subject_code == subject_code,
        candidates.c.state == CandidateState.REGISTERED,
    )
    return list((await tx.execute(query)).scalars())


async def read_rows_for_arrangement(tx: Transaction, exam_id: str, subject_code: str) -> list[Row[Any]]:
    """Return the registered candidates of a subject in the order of their ticket numbers."""
    query = (
        select(
            candidates.c.id,
            candidates.c.ticket_number,
            candidates.c.name,
            candidates.c.employer,
            candidates.c.identity_index,
        )
        .where(
            candidates.c.exam_id == exam_id,
            candidates.c.subject_code == subject_code,
            candidates.c.state == CandidateState.REGISTERED,
        )
        .order_by(candidates.c.ticket_number)
    )
    return list(await tx.execute(query))


async def find_ids_by_identity(tx: Transaction, exam_id: str, identity_index: bytes) -> list[str]:
    """Return the ids of one person's registrations in the examination, by ticket number."""
    query = (
        select(candidates.c.id)
        .where(candidates.c.exam_id == exam_id, candidates.c.identity_index == identity_index)
        .order_by(candidates.c.ticket_number)
    )
    return list((await tx.execute(query)).scalars())
