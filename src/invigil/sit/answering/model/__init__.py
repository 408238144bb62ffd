"""What an attempt, an answer sheet, a receipt and a change of time are."""

from invigil.sit.answering.model.attempts import Attempt, AttemptState, Outcome
from invigil.sit.answering.model.changes import ChangeKind, ChangeState, TimeChange
from invigil.sit.answering.model.sheets import AnswerSheet, FinalSheet, Receipt, SavedSheet, SignedReceipt

__all__ = [
    "AnswerSheet",
    "Attempt",
    "AttemptState",
    "ChangeKind",
    "ChangeState",
    "FinalSheet",
    "Outcome",
    "Receipt",
    "SavedSheet",
    "SignedReceipt",
    "TimeChange",
]
