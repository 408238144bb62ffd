"""The way back in for candidates."""

from datetime import datetime

from pydantic import BaseModel

from invigil.base.accounts.http.staff import ReasonForm
from invigil.base.accounts.service.codes import CODE_LASTS, issue_code
from invigil.base.accounts.service.credentials import unlock_candidate
from invigil.kernel.ids import CandidateId
from invigil.platform.http import ManagementRouter, Tx, Who

router = ManagementRouter(prefix="/api/staff/candidates", tags=["accounts"])


class OneTimeCode(BaseModel):
    """A code to read out to the candidate, who types it in place of the password."""

    code: str
    expires_at: datetime


@router.post("/{candidate_id}/unlock", name="accounts.candidate.unlock", summary="解锁考生账号", status_code=204)
async def unlock(candidate_id: CandidateId, form: ReasonForm, tx: Tx, who: Who) -> None:
    """Open the doors of a locked candidate."""
    await unlock_candidate(tx, who, candidate_id, form.reason)


@router.post("/{candidate_id}/code", name="accounts.candidate.issue_code", summary="签发一次性登录码", status_code=201)
async def issue(candidate_id: CandidateId, form: ReasonForm, tx: Tx, who: Who) -> OneTimeCode:
    """Make a one-time code; it works even while strangers keep the account locked."""
    code = await issue_code(tx, who, candidate_id, form.reason)
    return OneTimeCode(code=code, expires_at=tx.now + CODE_LASTS)
