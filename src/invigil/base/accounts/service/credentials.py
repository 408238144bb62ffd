"""Candidates' credentials: given by an import, unlocked by staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.accounts import store
from invigil.base.accounts.model import AccountNotFound, SecretKind
from invigil.base.accounts.rules import normalise_login_name
from invigil.base.accounts.service.doors import Door, open_door
from invigil.base.accounts.service.logins import candidate_name_index, open_initial_password
from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.keys import Keys


@dataclass(frozen=True, slots=True)
class InitialCredential:
    """What a candidate first logs in with.

    login_names: admission ticket and identity number, as written; password: as imported.
    """

    candidate_id: CandidateId
    exam_id: ExamId
    login_names: tuple[str, ...]
    password: str


async def set_initial_credentials(tx: Transaction, given: Sequence[InitialCredential]) -> None:
    """Give many candidates their login names and initial passwords, replacing earlier ones.

    The password is sealed until its first use, when it becomes an argon2id hash: 50,000 hashes at import would take
    26 minutes of CPU.
    """
    await store.replace_credentials(tx, *_seal_credentials(tx.keys, given))


async def add_initial_credentials(tx: Transaction, given: Sequence[InitialCredential]) -> None:
    """Do the same for candidates who are new and have no credential; an import's 100,000 deletions are spared."""
    await store.insert_credentials(tx, *_seal_credentials(tx.keys, given))


def _seal_credentials(
    keys: Keys, given: Sequence[InitialCredential]
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the rows of credentials and of login names."""
    rows: list[dict[str, object]] = []
    names: list[dict[str, object]] = []
    for one in given:
        bound_to = f"accounts_credential/{one.candidate_id}"
        secret = keys.seal_text(one.password, purpose="accounts.initial_password", bound_to=bound_to)
        rows.append(
            {
                "candidate_id": one.candidate_id,
                "exam_id": one.exam_id,
                "secret_kind": SecretKind.SEALED,
                "secret": secret,
                "code_mac": None,
                "code_expires_at": None,
            }
        )
        names.extend(_name_row(keys, one.candidate_id, written) for written in one.login_names)
    return rows, names


async def set_login_names(tx: Transaction, candidate_id: CandidateId, login_names: Sequence[str]) -> None:
    """Let a candidate answer to these names instead of the earlier ones; the password stays.

    Raises: AccountNotFound - the candidate has no credential.
    """
    row = await store.read_credential(tx, candidate_id)
    if row is None:
        raise AccountNotFound
    names = [_name_row(tx.keys, candidate_id, written) for written in login_names]
    await store.replace_credentials(tx, [dict(row._mapping)], names)  # noqa: SLF001 - SQLAlchemy's public name


async def read_initial_passwords(tx: Transaction, ids: Sequence[CandidateId]) -> dict[CandidateId, str]:
    """Return the initial passwords that have not been used yet, for the admission tickets; record the act that asks."""
    passwords: dict[CandidateId, str] = {}
    for candidate_id in ids:
        row = await store.read_credential(tx, candidate_id)
        if row is not None and row.secret_kind == SecretKind.SEALED:
            passwords[candidate_id] = open_initial_password(tx.keys, candidate_id, row.secret)
    return passwords


async def unlock_candidate(tx: Transaction, who: Principal, candidate_id: CandidateId, reason: str) -> None:
    """Open the doors of all the names a candidate answers to.

    Raises: AccountNotFound - the candidate has no credential.
    Source: S2.3.
    """
    doors = await store.list_doors(tx, candidate_id)
    if not doors:
        raise AccountNotFound
    for door in doors:
        await open_door(tx, Door(door))
    await record(tx, who, act="accounts.candidate.unlock", on=candidate_id, details={"reason": reason})


def _name_row(keys: Keys, candidate_id: CandidateId, written: str) -> dict[str, object]:
    name = normalise_login_name(written)
    index = candidate_name_index(keys, name)
    door = keys.blind_index(f"candidate/{name}", purpose="accounts.door")
    return {"name_index": index, "candidate_id": candidate_id, "door": door}
