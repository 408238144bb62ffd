"""SQL of answering: attempts, saved sheets, receipts, changes of time."""

from invigil.sit.answering.store.attempts import (
    KnownAttempts,
    attempt_of,
    end_attempts,
    find_attempt,
    insert_attempt,
    insert_attempts,
    list_attempts,
    list_held_by_login,
    list_running,
    read_attempts,
    update_attempt,
)
from invigil.sit.answering.store.changes import decide_change, insert_change, list_changes, read_change
from invigil.sit.answering.store.receipts import insert_receipts, read_given_receipts, read_receipt, read_receipts
from invigil.sit.answering.store.saves import (
    NewSave,
    insert_saves,
    list_trail,
    open_sheet,
    read_digests,
    read_last_digests,
    read_last_save,
    read_last_saves,
    seal_sheet,
)

__all__ = [
    "KnownAttempts",
    "NewSave",
    "attempt_of",
    "decide_change",
    "end_attempts",
    "find_attempt",
    "insert_attempt",
    "insert_attempts",
    "insert_change",
    "insert_receipts",
    "insert_saves",
    "list_attempts",
    "list_changes",
    "list_held_by_login",
    "list_running",
    "list_trail",
    "open_sheet",
    "read_attempts",
    "read_change",
    "read_digests",
    "read_given_receipts",
    "read_last_digests",
    "read_last_save",
    "read_last_saves",
    "read_receipt",
    "read_receipts",
    "seal_sheet",
    "update_attempt",
]
