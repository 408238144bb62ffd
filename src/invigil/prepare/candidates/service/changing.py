"""Changing one candidate: edits, withdrawal, and the recorded look at what is protected."""

from collections.abc import Mapping

from invigil.base.accounts.api import end_logins, set_login_names
from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.prepare.candidates.model import (
    Candidate,
    CandidateState,
    FieldInvalid,
    RegistrationTaken,
    TicketTaken,
)
from invigil.prepare.candidates.rules import fields
from invigil.prepare.candidates.rules.fields import FieldFault
from invigil.prepare.candidates.rules.identity import SENTENCES, find_identity_fault, read_identity_number
from invigil.prepare.candidates.service.protecting import identity_index, protect
from invigil.prepare.candidates.service.searching import access_candidate
from invigil.prepare.candidates.store import registrations

_STATE_ACTS = {
    CandidateState.WITHDRAWN: "candidates.candidate.withdraw",
    CandidateState.REGISTERED: "candidates.candidate.reinstate",
}
PROTECTED = ("name", "identity_number", "phone")


async def edit_candidate(
    tx: Transaction, who: Principal, candidate_id: CandidateId, written: Mapping[str, str]
) -> Candidate:
    """Change some fields of a candidate and return it.

    written: any of name, identity_number, phone, employer, subject_code, ticket_number, as typed.
    The audit record names the fields, never their values.
    Raises: CandidateNotFound; FieldInvalid; RegistrationTaken; TicketTaken.
    """
    before = await access_candidate(tx, who, candidate_id)
    await tx.lock(f"candidates/{before.exam_id}")
    values = {field: _read(field, text, tx) for field, text in written.items()}
    changed = {field: value for field, value in values.items() if value != getattr(before, field)}
    if not changed:
        return before
    await _check_free(tx, before, changed)
    clear = {field: value for field, value in changed.items() if field in PROTECTED}
    plain = {field: value for field, value in changed.items() if field not in PROTECTED}
    await registrations.update_candidate(tx, candidate_id, **plain, **protect(tx.keys, candidate_id, clear))
    after = await access_candidate(tx, who, candidate_id)
    if {"identity_number", "ticket_number"} & changed.keys():
        await set_login_names(tx, candidate_id, (after.ticket_number, after.identity_number))
    await record(tx, who, act="candidates.candidate.edit", on=candidate_id, details={"fields": sorted(changed)})
    return after


async def withdraw(tx: Transaction, who: Principal, candidate_id: CandidateId, reason: str) -> Candidate:
    """Take a candidate out of the examination; a second time changes nothing. Raises: CandidateNotFound."""
    return await _set_state(tx, who, candidate_id, CandidateState.WITHDRAWN, reason)


async def reinstate(tx: Transaction, who: Principal, candidate_id: CandidateId, reason: str) -> Candidate:
    """Take a withdrawn candidate back; a second time changes nothing. Raises: CandidateNotFound."""
    return await _set_state(tx, who, candidate_id, CandidateState.REGISTERED, reason)


async def unmask(tx: Transaction, who: Principal, candidate_id: CandidateId, field: str, reason: str) -> str:
    """Return a protected field in clear; the look is recorded, or it does not happen.

    field: identity_number or phone. Raises: CandidateNotFound.
    Source: S2.2, N.
    """
    candidate = await access_candidate(tx, who, candidate_id)
    await record(tx, who, act=f"candidates.{field}.unmask", on=candidate_id, details={"reason": reason})
    return candidate.phone if field == "phone" else candidate.identity_number


async def _set_state(
    tx: Transaction, who: Principal, candidate_id: CandidateId, state: CandidateState, reason: str
) -> Candidate:
    before = await access_candidate(tx, who, candidate_id)
    if before.state is not state:
        await registrations.update_candidate(tx, candidate_id, state=state)
        if state is CandidateState.WITHDRAWN:
            await end_logins(tx, candidate_id)
        await record(tx, who, act=_STATE_ACTS[state], on=candidate_id, details={"reason": reason})
    return await access_candidate(tx, who, candidate_id)


def _read(field: str, text: str, tx: Transaction) -> str:
    try:
        if field == "identity_number":
            return _read_identity(text, tx)
        if field == "subject_code":
            # An examination's subjects are its own; what is typed here is chosen from its list.
            return fields.read_subject(text, (text.strip(),))
        return _READERS[field](text)
    except FieldFault as fault:
        raise FieldInvalid(field=field, reason=fault.said.zh, reason_en=fault.said.en) from fault


def _read_ticket_number(text: str) -> str:
    number = fields.read_ticket_number(text)
    if not number:
        raise FieldFault("ticket_missing", Words("准考证号不能为空", "The ticket number must not be empty"))
    return number


_READERS = {
    "name": fields.read_name,
    "phone": fields.read_phone,
    "employer": fields.read_employer,
    "ticket_number": _read_ticket_number,
}


def _read_identity(text: str, tx: Transaction) -> str:
    number = read_identity_number(text, tx.now.date()).number
    fault = find_identity_fault(number, tx.now.date())
    if fault is not None:
        raise FieldFault(fault, SENTENCES[fault])
    return number


async def _check_free(tx: Transaction, before: Candidate, changed: Mapping[str, str]) -> None:
    if {"identity_number", "subject_code"} & changed.keys():
        number = changed.get("identity_number", before.identity_number)
        subject = changed.get("subject_code", before.subject_code)
        index = identity_index(tx.keys, number)
        there = await registrations.read_taken(tx, before.exam_id, [index])
        if any(one.subject_code == subject for one in there.get(index, ())):
            raise RegistrationTaken
    ticket = changed.get("ticket_number")
    if ticket and await registrations.find_taken_tickets(tx, ExamId(before.exam_id), [ticket]):
        raise TicketTaken
