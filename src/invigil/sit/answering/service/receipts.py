"""Making receipts."""

from collections.abc import Sequence
from datetime import datetime

from invigil.kernel.hash_tree import grow_hash_tree
from invigil.platform.keys import Keys
from invigil.sit.answering.model import Attempt, Receipt, SignedReceipt
from invigil.sit.answering.rules import compute_receipt_number, encode_batch, encode_receipt


def make_receipt(attempt: Attempt, seq: int, sha256: bytes, now: datetime, *, is_automatic: bool) -> Receipt:
    """State that this sheet was handed in at this instant."""
    number = compute_receipt_number(attempt.id, attempt.round, sha256)
    return Receipt(attempt.id, attempt.round, seq, sha256.hex(), now, number, is_automatic)


def sign_receipts(keys: Keys, receipts: Sequence[Receipt]) -> list[SignedReceipt]:
    """Sign what one transaction commits: a single receipt by itself, several by the root over all of them (ADR-0013).

    receipts: at least one.
    Source: P2.
    """
    statements = [encode_receipt(one) for one in receipts]
    root, paths = grow_hash_tree(statements)
    signature = keys.sign(statements[0] if len(statements) == 1 else encode_batch(root))
    key_id = keys.signing_key_id
    return [
        SignedReceipt(receipt, statement, signature, path, key_id)
        for receipt, statement, path in zip(receipts, statements, paths, strict=True)
    ]
