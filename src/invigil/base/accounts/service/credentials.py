"""Candidates' credentials: given by an import, unlocked by staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.accounts import store
from invigil.base.accounts.model import AccountNotFound, SecretKind
from invigil.base.accounts.rules import normalise_login_name
from invigil.base.accounts.service.doors import Door, open_door
from invigil.base.accounts.service.logins import candidate_name_index
from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction


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
    keys = tx.keys
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
        for written in one.login_names:
            index = candidate_name_index(keys, normalise_login_name(written))
            door = keys.blind_index(f"candidate/{normalise_login_name(written)}", purpose="accounts.door")
            names.append({"name_index": index, "candidate_id": one.candidate_id, "door": door})
    await store.replace_credentials(tx, rows, names)


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
