"""SQL of examinations, subjects and agreements."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, func, insert, select, update

from invigil.kernel.ids import ExamId, PaperSetId, StaffId
from invigil.platform.db import Transaction
from invigil.prepare.exams.model import Agreement, Exam, Subject
from invigil.prepare.exams.store.tables import agreements, exams, mock_bookings, sittings, subjects, transitions


class SittingSpan(NamedTuple):
    """The sittings of an examination. first_starts_at, last_starts_at: T0 of the earliest and the latest, None without any."""

    sitting_count: int
    first_starts_at: datetime | None
    last_starts_at: datetime | None


NO_SITTINGS = SittingSpan(0, None, None)


async def insert_exam(tx: Transaction, exam: Exam) -> None:
    """Write a new examination."""
    await tx.execute(insert(exams).values(**asdict(exam)))


async def update_exam(tx: Transaction, exam: Exam) -> None:
    """Write title and mock gate, one version further."""
    await tx.execute(
        update(exams)
        .where(exams.c.id == exam.id)
        .values(title=exam.title, is_mock_required=exam.is_mock_required, version=exam.version)
    )


async def delete_exam(tx: Transaction, exam_id: ExamId) -> None:
    """Remove an examination with everything of this feature; agreements go with it."""
    theirs = select(sittings.c.id).where(sittings.c.exam_id == exam_id)
    await tx.execute(delete(mock_bookings).where(mock_bookings.c.sitting_id.in_(theirs)))
    await tx.execute(delete(transitions).where(transitions.c.sitting_id.in_(theirs)))
    for table in (sittings, agreements, subjects):
        await tx.execute(delete(table).where(table.c.exam_id == exam_id))
    await tx.execute(delete(exams).where(exams.c.id == exam_id))


async def read_exam(tx: Transaction, exam_id: ExamId) -> Exam | None:
    """Return the examination."""
    row = (await tx.execute(select(exams).where(exams.c.id == exam_id))).first()
    return None if row is None else _exam(row)


async def search_exams(tx: Transaction, *, q: str, offset: int, limit: int) -> tuple[list[Exam], int]:
    """Return one page, newest first, and the total; `q` is looked for in titles."""
    conditions = [exams.c.title.contains(q, autoescape=True)] if q else []
    total = (await tx.execute(select(func.count()).select_from(exams).where(*conditions))).scalar_one()
    page = select(exams).where(*conditions).order_by(exams.c.created_at.desc(), exams.c.id.desc())
    return [_exam(row) for row in await tx.execute(page.offset(offset).limit(limit))], total


async def read_spans(tx: Transaction, exam_ids: Sequence[ExamId]) -> Mapping[str, SittingSpan]:
    """Return how many sittings each examination has, and when; those without are missing."""
    starts_at = sittings.c.starts_at
    spans = select(
        sittings.c.exam_id,
        func.count().label("number"),
        func.min(starts_at).label("first"),
        func.max(starts_at).label("last"),
    ).where(sittings.c.exam_id.in_(exam_ids))
    rows = await tx.execute(spans.group_by(sittings.c.exam_id))
    return {row.exam_id: SittingSpan(row.number, row.first, row.last) for row in rows}


async def insert_subjects(tx: Transaction, given: Sequence[Subject]) -> None:
    """Write subjects; none is allowed."""
    if given:
        await tx.execute(insert(subjects), [asdict(subject) for subject in given])


async def update_subject(tx: Transaction, subject: Subject) -> None:
    """Write title and papers."""
    await tx.execute(
        update(subjects)
        .where(subjects.c.exam_id == subject.exam_id, subjects.c.code == subject.code)
        .values(title=subject.title, paper_set_id=subject.paper_set_id, mock_paper_set_id=subject.mock_paper_set_id)
    )


async def delete_subject(tx: Transaction, exam_id: ExamId, code: str) -> None:
    """Remove a subject."""
    await tx.execute(delete(subjects).where(subjects.c.exam_id == exam_id, subjects.c.code == code))


async def list_subjects(tx: Transaction, exam_id: ExamId) -> list[Subject]:
    """Return the subjects by code."""
    rows = await tx.execute(select(subjects).where(subjects.c.exam_id == exam_id).order_by(subjects.c.code))
    return [
        Subject(
            ExamId(row.exam_id),
            row.code,
            row.title,
            PaperSetId(row.paper_set_id) if row.paper_set_id else None,
            PaperSetId(row.mock_paper_set_id) if row.mock_paper_set_id else None,
        )
        for row in rows
    ]


async def insert_agreement(tx: Transaction, agreement: Agreement) -> None:
    """Write an agreement."""
    await tx.execute(insert(agreements).values(asdict(agreement) | {"signed_on": agreement.signed_on.isoformat()}))


async def supersede_agreements(tx: Transaction, exam_id: ExamId, at: datetime) -> None:
    """Mark the current agreement as replaced."""
    current = (agreements.c.exam_id == exam_id) & agreements.c.superseded_at.is_(None)
    await tx.execute(update(agreements).where(current).values(superseded_at=at))


async def list_agreements(tx: Transaction, exam_id: ExamId) -> list[Agreement]:
    """Return the agreements, newest first; the current one has no `superseded_at`."""
    statement = select(agreements).where(agreements.c.exam_id == exam_id).order_by(agreements.c.registered_at.desc())
    return [_agreement(row) for row in await tx.execute(statement)]


def _exam(row: Row[Any]) -> Exam:
    return Exam(ExamId(row.id), row.title, row.profile, row.is_mock_required, row.version, row.created_at)


def _agreement(row: Row[Any]) -> Agreement:
    return Agreement(
        id=row.id,
        exam_id=ExamId(row.exam_id),
        number=row.number,
        commissioner=row.commissioner,
        operator=row.operator,
        signed_on=date.fromisoformat(row.signed_on),
        file_key=row.file_key,
        file_name=row.file_name,
        file_media_type=row.file_media_type,
        file_bytes=row.file_bytes,
        file_sha256=row.file_sha256,
        registered_by=StaffId(row.registered_by),
        registered_at=row.registered_at,
        superseded_at=row.superseded_at,
    )
