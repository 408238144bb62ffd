"""Answer sheets as the page sends them and as they are kept, and receipts."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from invigil.kernel.ids import AttemptId, CandidateId
from invigil.sit.answering.model.attempts import Outcome

SHEET_VERSION = 1


class Answer(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """The answer to one item; exactly one field is set.

    c: chosen letters as presented, ascending, e.g. "B" or "ACD". t: texts of the blanks. b: true or false.
    """

    c: str | None = None
    t: list[str] | None = None
    b: bool | None = None


class AnswerSheet(msgspec.Struct, forbid_unknown_fields=True):
    """The whole sheet of one attempt (答题卡): every save sends all of it, the greatest `seq` wins (ADR-0005).

    answers: by item ("i1"…); an item without an answer is absent. flags: items to come back to, ascending.
    """

    v: int
    attempt: str
    seq: int
    answers: dict[str, Answer]
    flags: list[str]


@dataclass(frozen=True, slots=True)
class SavedSheet:
    """What the server acknowledges: `seq` is durable since `saved_at`.

    sha256: of the canonical bytes, 32 bytes.
    """

    seq: int
    saved_at: datetime
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The statement of a hand-in.

    number: what the candidate can read out, unique. sha256: of the canonical final sheet, hexadecimal.
    """

    attempt: AttemptId
    round: int
    seq: int
    sheet_sha256: str
    handed_in_at: datetime
    number: str
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt and its Ed25519 signature, verifiable offline.

    statement: the canonical bytes that were signed. key_id: which public key verifies them.
    """

    receipt: Receipt
    statement: bytes
    signature: bytes
    key_id: str


@dataclass(frozen=True, slots=True)
class FinalSheet:
    """What grading reads.

    sheet: canonical bytes, None when nothing was ever saved. sheet_sha256: hexadecimal, the receipt's; empty without a sheet.
    """

    attempt_id: AttemptId | None
    candidate_id: CandidateId
    paper_set_id: str
    subject_code: str
    sheet: bytes | None
    sheet_sha256: str
    outcome: Outcome
    ended_at: datetime | None
