"""A receipt's signed bytes are canonical, though they are made the short way (P2, ADR-0005)."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from invigil.kernel.canonical import encode_canonical
from invigil.kernel.ids import AttemptId
from invigil.sit.answering.model import Receipt
from invigil.sit.answering.rules import compute_receipt_number, encode_receipt
from tests.unit.sit.attempts import T0


@given(
    number=st.integers(0, 10**20), seq=st.integers(1, 10**6), after=st.integers(0, 10**10), is_automatic=st.booleans()
)
def test_signed_bytes_are_canonical(number: int, seq: int, after: int, *, is_automatic: bool) -> None:
    sha256 = number.to_bytes(32)
    attempt = AttemptId(f"att_{number:026d}")
    receipt = Receipt(
        attempt=attempt,
        round=1,
        seq=seq,
        sheet_sha256=sha256.hex(),
        handed_in_at=T0 + timedelta(microseconds=after),
        number=compute_receipt_number(attempt, 1, sha256),
        is_automatic=is_automatic,
    )
    signed = encode_receipt(receipt)
    assert signed == encode_canonical(json.loads(signed))
