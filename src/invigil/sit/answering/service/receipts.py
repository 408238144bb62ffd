"""Making receipts."""

from datetime import datetime

from invigil.platform.keys import Keys
from invigil.sit.answering.model import Attempt, Receipt, SignedReceipt
from invigil.sit.answering.rules import compute_receipt_number, encode_receipt


def make_receipt(
    keys: Keys, attempt: Attempt, seq: int, sha256: bytes, now: datetime, *, is_automatic: bool
) -> SignedReceipt:
    """Sign the statement that this sheet was handed in at this instant (P2)."""
    receipt = Receipt(
        attempt=attempt.id,
        round=attempt.round,
        seq=seq,
        sheet_sha256=sha256.hex(),
        handed_in_at=now,
        number=compute_receipt_number(attempt.id, attempt.round, sha256),
        is_automatic=is_automatic,
    )
    statement = encode_receipt(receipt)
    return SignedReceipt(receipt, statement, keys.sign(statement), keys.signing_key_id)
