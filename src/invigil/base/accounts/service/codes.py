"""One-time codes: the way back in that no stranger can close, read out by staff."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from invigil.base.accounts import store
from invigil.base.accounts.model import AccountNotFound
from invigil.base.audit.api import record
from invigil.kernel.ids import ALPHABET, CandidateId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_characters
from invigil.platform.keys import Keys

# 50 bits for a quarter of an hour: a guesser with 10,000 tries a minute finds one code in about 7,500 million, so no lock is
# needed, and none can be filled up to keep the candidate out.
CODE_CHARACTERS = 10
CODE_LASTS = timedelta(minutes=15)


async def issue_code(tx: Transaction, who: Principal, candidate_id: CandidateId, reason: str) -> str:
    """Make a one-time code for a candidate and return it for staff to read out; it replaces an earlier one.

    Raises: AccountNotFound - the candidate has no credential.
    Source: S2.3, P6.
    """
    if await store.read_credential(tx, candidate_id) is None:
        raise AccountNotFound
    code = new_characters(ALPHABET, CODE_CHARACTERS)
    mac = _code_mac(tx.keys, candidate_id, code)
    await store.update_credential(tx, candidate_id, code_mac=mac, code_expires_at=tx.now + CODE_LASTS)
    await record(tx, who, act="accounts.candidate.issue_code", on=candidate_id, details={"reason": reason})
    return code


def is_code_of(keys: Keys, credential: Row[Any], typed: str, now: datetime) -> bool:
    """Tell whether what was typed as the password is the candidate's unused one-time code."""
    code = "".join(typed.split()).replace("-", "").upper()
    if credential.code_mac is None or len(code) != CODE_CHARACTERS or now >= credential.code_expires_at:
        return False
    return keys.is_mac(credential.code_mac, _message(credential.candidate_id, code), purpose="accounts.code")


def _code_mac(keys: Keys, candidate_id: str, code: str) -> bytes:
    return keys.mac(_message(candidate_id, code), purpose="accounts.code")


def _message(candidate_id: str, code: str) -> bytes:
    return f"{candidate_id}/{code}".encode()
