"""Answer sheets as the page sends them and as they are kept, and receipts."""

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import msgspec

from invigil.kernel.ids import AttemptId, CandidateId
from invigil.sit.answering.model.attempts import Outcome

SHEET_VERSION = 1
MAX_ITEMS = 1_000
# A question shows at most ten options, A to J.
LETTERS = "ABCDEFGHIJ"

# Every name of an item and every set of letters that a sheet can have: the decoder looks them up, which costs nothing.
ITEMS = frozenset(f"i{number}" for number in range(1, MAX_ITEMS + 1))
CHOICES = frozenset("".join(some) for count in range(1, len(LETTERS) + 1) for some in combinations(LETTERS, count))
if TYPE_CHECKING:
    Item = str
    Choice = str
else:
    Item = Literal[tuple(sorted(ITEMS))]
    Choice = Literal[tuple(sorted(CHOICES))]


class Answer(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False, kw_only=True):
    """The answer to one item; exactly one field is set. The fields stand in the order of canonical JSON.

    c: chosen letters as presented, ascending, e.g. "B" or "ACD". t: texts of the blanks. b: true or false.
    """

    b: bool | None = None
    c: Choice | None = None
    t: list[str] | None = None


class AnswerSheet(msgspec.Struct, forbid_unknown_fields=True, gc=False, kw_only=True):
    """The whole sheet of one attempt (答题卡): every save sends all of it, the greatest `seq` wins (ADR-0005).

    answers: by item ("i1"…); an item without an answer is absent. flags: items to come back to, ascending.
    The fields stand in the order of canonical JSON.
    """

    answers: dict[Item, Answer]
    attempt: str
    flags: list[Item]
    seq: int
    v: int


# The structs below are made for every save: a frozen dataclass takes ten times as long to make.


class SavedSheet(msgspec.Struct, frozen=True, gc=False):
    """What the server acknowledges: `seq` is durable since `saved_at`.

    sha256: of the canonical bytes, 32 bytes.
    """

    seq: int
    saved_at: datetime
    sha256: bytes


class Receipt(msgspec.Struct, frozen=True, gc=False):
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


class SignedReceipt(msgspec.Struct, frozen=True, gc=False):
    """A receipt and its Ed25519 signature, verifiable offline (ADR-0013).

    statement: the canonical bytes. path: the steps from the statement up to the root that was signed, 33 bytes each; empty when
    the statement itself was signed. key_id: which public key verifies them.
    """

    receipt: Receipt
    statement: bytes
    signature: bytes
    path: bytes
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
