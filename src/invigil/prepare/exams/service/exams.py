"""Examinations, their subjects and agreements."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from invigil.base.audit.api import record
from invigil.kernel.ids import ExamId, PaperSetId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.blobs import SealedBlobs
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.model import PROFILES, Agreement, Exam, Subject
from invigil.prepare.exams.model.refusals import (
    AgreementNotFound,
    AgreementSignedLater,
    ChangedMeanwhile,
    ExamInUse,
    ExamNotFound,
    ProfileNotFound,
    SubjectInUse,
    SubjectNotFound,
    SubjectTaken,
    TitleNotConfirmed,
)
from invigil.prepare.exams.rules.agreements import check_scan
from invigil.prepare.exams.service.papers import check_paper_choice
from invigil.prepare.exams.service.registrations import count_candidates
from invigil.prepare.exams.store import exams as store
from invigil.prepare.exams.store import sittings as sittings_store


async def access_exam(tx: Transaction, exam_id: ExamId) -> Exam:
    """Return the examination.

    Raises: ExamNotFound.
    """
    exam = await store.read_exam(tx, exam_id)
    if exam is None:
        raise ExamNotFound
    return exam


async def create_exam(tx: Transaction, who: Principal, *, title: str, profile: str) -> Exam:
    """Make an examination with the subjects of its profile.

    Raises: ProfileNotFound.
    """
    start = PROFILES.get(profile)
    if start is None:
        raise ProfileNotFound(profile=profile)
    exam = Exam(ExamId(new_id("exam")), title, profile, start.is_mock_required, 1, tx.now)
    await store.insert_exam(tx, exam)
    await store.insert_subjects(tx, [Subject(exam.id, one.code, one.title, None, None) for one in start.subjects])
    await record(tx, who, act="exams.exam.create", on=exam.id, details={"profile": profile})
    return exam


async def edit_exam(
    tx: Transaction, who: Principal, exam_id: ExamId, *, title: str, is_mock_required: bool, version: int
) -> Exam:
    """Change the title or the mock gate.

    Raises: ExamNotFound, ChangedMeanwhile.
    """
    before = await _access_for_change(tx, exam_id)
    if before.version != version:
        raise ChangedMeanwhile(version=before.version)
    exam = replace(before, title=title, is_mock_required=is_mock_required, version=version + 1)
    await store.update_exam(tx, exam)
    details = {"is_mock_required": is_mock_required, "is_title_changed": before.title != title}
    await record(tx, who, act="exams.exam.edit", on=exam_id, details=details)
    return exam


async def delete_exam(tx: Transaction, who: Principal, exam_id: ExamId, *, typed_title: str) -> None:
    """Remove an examination that nobody is registered for and of which no sitting was ever locked.

    Raises: ExamNotFound, TitleNotConfirmed, ExamInUse.
    """
    exam = await _access_for_change(tx, exam_id)
    check_title(exam, typed_title)
    sittings = await sittings_store.list_of_exam(tx, exam_id)
    was_locked = await sittings_store.list_once_locked(tx, [one.id for one in sittings])
    if was_locked or await count_candidates(tx, exam_id):
        raise ExamInUse
    await store.delete_exam(tx, exam_id)
    await record(tx, who, act="exams.exam.delete", on=exam_id)


def check_title(exam: Exam, typed: str) -> None:
    """Pass when the examination's title was typed exactly, spaces around it apart.

    Raises: TitleNotConfirmed.
    """
    if typed.strip() != exam.title.strip():
        raise TitleNotConfirmed(title=exam.title)


async def add_subject(tx: Transaction, who: Principal, exam_id: ExamId, *, code: str, title: str) -> Subject:
    """Add a subject.

    Raises: ExamNotFound, SubjectTaken.
    """
    exam = await _access_for_change(tx, exam_id)
    if any(one.code == code for one in await store.list_subjects(tx, exam_id)):
        raise SubjectTaken(subject_code=code)
    subject = Subject(exam_id, code, title, None, None)
    await store.insert_subjects(tx, [subject])
    await _advance(tx, exam)
    await record(tx, who, act="exams.subject.add", on=exam_id, details={"subject": code})
    return subject


async def edit_subject(
    tx: Transaction,
    who: Principal,
    exam_id: ExamId,
    code: str,
    *,
    title: str,
    paper_set_id: PaperSetId | None,
    mock_paper_set_id: PaperSetId | None,
) -> Subject:
    """Change a subject's title or papers; sittings already open keep the papers they opened with.

    Raises: ExamNotFound, SubjectNotFound, PaperSetUnsuitable.
    """
    exam = await _access_for_change(tx, exam_id)
    before = await _access_subject(tx, exam_id, code)
    subject = replace(before, title=title, paper_set_id=paper_set_id, mock_paper_set_id=mock_paper_set_id)
    if (subject.paper_set_id, subject.mock_paper_set_id) != (before.paper_set_id, before.mock_paper_set_id):
        await check_paper_choice(tx, subject, await store.list_subjects(tx, exam_id))
    await store.update_subject(tx, subject)
    await _advance(tx, exam)
    details = {"subject": code, "paper_set": paper_set_id or "", "mock_paper_set": mock_paper_set_id or ""}
    await record(tx, who, act="exams.subject.edit", on=exam_id, details=details)
    return subject


async def remove_subject(tx: Transaction, who: Principal, exam_id: ExamId, code: str) -> None:
    """Remove a subject that no sitting and no candidate has.

    Raises: ExamNotFound, SubjectNotFound, SubjectInUse.
    """
    exam = await _access_for_change(tx, exam_id)
    await _access_subject(tx, exam_id, code)
    is_sat = any(code in one.papers for one in await sittings_store.list_of_exam(tx, exam_id))
    if is_sat or await count_candidates(tx, exam_id, code):
        raise SubjectInUse(subject_code=code)
    await store.delete_subject(tx, exam_id, code)
    await _advance(tx, exam)
    await record(tx, who, act="exams.subject.remove", on=exam_id, details={"subject": code})


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """What is typed from a signed 《考核承办协议》, and its scan."""

    number: str
    commissioner: str
    operator: str
    signed_on: date
    file_name: str
    content: bytes


async def store_scan(blobs: SealedBlobs, exam_id: ExamId, content: bytes) -> str:
    """Keep a scan, sealed, under a key of its own, and return the key.

    Raises: AgreementFileUnacceptable.
    """
    check_scan(content)
    key = f"exams/{exam_id}/agreements/{new_id('scan')}"
    await blobs.put(key, content)
    return key


async def register_agreement(
    tx: Transaction, who: Principal, exam_id: ExamId, draft: AgreementDraft, *, file_key: str, today: date
) -> Agreement:
    """Register the agreement of an examination; an earlier one is superseded and stays on record.

    file_key: where `store_scan` put the scan. today: where the examination takes place.
    Raises: ExamNotFound, AgreementSignedLater, AgreementFileUnacceptable.
    Source: C2.
    """
    await _access_for_change(tx, exam_id)
    if draft.signed_on > today:
        raise AgreementSignedLater
    agreement = Agreement(
        id=new_id("agreement"),
        exam_id=exam_id,
        number=draft.number,
        commissioner=draft.commissioner,
        operator=draft.operator,
        signed_on=draft.signed_on,
        file_key=file_key,
        file_name=draft.file_name,
        file_media_type=check_scan(draft.content),
        file_bytes=len(draft.content),
        file_sha256=hashlib.sha256(draft.content).hexdigest(),
        registered_by=StaffId(who.id),
        registered_at=tx.now,
        superseded_at=None,
    )
    await store.supersede_agreements(tx, exam_id, tx.now)
    await store.insert_agreement(tx, agreement)
    details = {"number": agreement.number, "sha256": agreement.file_sha256}
    await record(tx, who, act="exams.agreement.register", on=exam_id, details=details)
    return agreement


async def find_agreement(tx: Transaction, exam_id: ExamId) -> Agreement | None:
    """Return the agreement in force."""
    return next((one for one in await store.list_agreements(tx, exam_id) if one.superseded_at is None), None)


async def access_agreement(tx: Transaction, exam_id: ExamId, agreement_id: str) -> Agreement:
    """Return an agreement, in force or superseded.

    Raises: AgreementNotFound.
    """
    for one in await store.list_agreements(tx, exam_id):
        if one.id == agreement_id:
            return one
    raise AgreementNotFound


async def _access_for_change(tx: Transaction, exam_id: ExamId) -> Exam:
    await tx.lock(f"exams.exam/{exam_id}")
    return await access_exam(tx, exam_id)


async def _access_subject(tx: Transaction, exam_id: ExamId, code: str) -> Subject:
    for one in await store.list_subjects(tx, exam_id):
        if one.code == code:
            return one
    raise SubjectNotFound(subject_code=code)


async def _advance(tx: Transaction, exam: Exam) -> None:
    await store.update_exam(tx, replace(exam, version=exam.version + 1))
