"""Only what the receipts speak of is marked."""

import hashlib
from datetime import UTC, datetime

import pytest

from invigil.judge.grading.model import Change, CorrectedAnswer, Correction, MarkingKey, Treatment
from invigil.judge.grading.rules.keys import bits_of, correct_keys, make_keys
from invigil.judge.grading.rules.refusals import (
    CorrectionUnknown,
    CorrectionUnsuitable,
    SheetDiffersFromReceipt,
    SheetsStillOpen,
)
from invigil.judge.grading.service.collecting import check_sheets
from invigil.kernel.ids import AttemptId, CandidateId
from invigil.prepare.papers.api import Pool, PoolQuestion, QuestionType
from invigil.sit.answering.api import FinalSheet, Outcome, SignedReceipt
from invigil.sit.answering.model import Receipt

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SHEET = b'{"v":1}'
HASH = hashlib.sha256(SHEET).hexdigest()
OTHER = "0" * 64


def _final(sheet: bytes | None, digest: str, outcome: Outcome = Outcome.HANDED_IN) -> FinalSheet:
    return FinalSheet(AttemptId("att_1"), CandidateId("cand_1"), "pset_1", "C1", sheet, digest, outcome, NOW)


def _receipts(*digests: str) -> dict[tuple[str, int], SignedReceipt]:
    return {
        ("att_1", round_): SignedReceipt(
            Receipt(AttemptId("att_1"), round_, 1, digest, NOW, "R1", is_automatic=False), b"", b"", b"", "k"
        )
        for round_, digest in enumerate(digests, 1)
    }


@pytest.mark.parametrize(
    ("final", "digests"),
    [
        (_final(SHEET, HASH), [HASH]),
        (_final(SHEET, HASH), [OTHER, HASH]),
        (_final(None, "", Outcome.AUTO_HANDED_IN), []),
        (_final(SHEET, HASH, Outcome.TERMINATED), []),
        (_final(None, "", Outcome.TERMINATED), []),
    ],
)
def test_what_the_last_receipt_says_is_marked(final: FinalSheet, digests: list[str]) -> None:
    check_sheets([final], _receipts(*digests))


@pytest.mark.parametrize(
    ("final", "digests"),
    [
        (_final(SHEET, OTHER), [OTHER]),
        (_final(SHEET, HASH), [OTHER]),
        (_final(SHEET, HASH), [HASH, OTHER]),
        (_final(SHEET, HASH), []),
        (_final(SHEET, HASH, Outcome.AUTO_HANDED_IN), []),
        (_final(None, ""), [HASH]),
        (_final(None, HASH), [HASH]),
    ],
)
def test_anything_else_stops_the_grading(final: FinalSheet, digests: list[str]) -> None:
    with pytest.raises(SheetDiffersFromReceipt):
        check_sheets([final], _receipts(*digests))


def test_open_attempts_stop_the_grading() -> None:
    with pytest.raises(SheetsStillOpen):
        check_sheets([_final(SHEET, HASH, Outcome.OPEN)], _receipts(HASH))


POOL = Pool(
    (
        PoolQuestion("qv_1", "q_1", QuestionType.MULTIPLE, "塔吊", 3, (3,)),
        PoolQuestion("qv_2", "q_2", QuestionType.TRUE_FALSE, "塔吊", 3, (0,)),
        PoolQuestion("qv_3", "q_3", QuestionType.FILL_IN, "塔吊", 3, (0,)),
        PoolQuestion("qv_4", "q_4", QuestionType.SINGLE, "塔吊", 3, (4,)),
    )
)
DOCUMENTS = {
    "qv_1": {"items": [{"type": "multiple", "answer": {"choices": ["A", "C"]}}]},
    "qv_2": {"items": [{"type": "true_false", "answer": {"correct": False}}]},
    "qv_3": {"items": [{"type": "fill_in", "answer": {"blanks": [["塔吊", "塔式起重机"]]}}]},
    "qv_4": {"items": [{"type": "single", "answer": {"choices": ["B"]}}]},
}


def test_bank_keys_become_marking_keys() -> None:
    keys = make_keys(POOL, DOCUMENTS)
    assert keys[0, 0] == MarkingKey(QuestionType.MULTIPLE, 3, (5,))
    assert keys[1, 0] == MarkingKey(QuestionType.TRUE_FALSE, 0, (2,))
    assert keys[2, 0].blanks == (("塔吊", "塔式起重机"),)
    assert bits_of("ACD") == 13


def _correct(version: str, change: Change, part: int = 0, **answer: object) -> Correction:
    given = CorrectedAnswer.model_validate(answer) if answer else None
    return Correction(version_id=version, part=part, change=change, answer=given)


def test_corrections_are_made_one_after_another() -> None:
    keys = correct_keys(
        make_keys(POOL, DOCUMENTS),
        POOL,
        [
            _correct("qv_1", Change.REKEY, choices=["A", "B"]),
            _correct("qv_1", Change.ALSO_ACCEPT, choices=["B"]),
            _correct("qv_2", Change.AWARD_ALL),
            _correct("qv_3", Change.ALSO_ACCEPT, blanks=[["吊机"]]),
            _correct("qv_4", Change.REMOVE),
            _correct("qv_4", Change.REKEY, choices=["D"]),
        ],
    )
    assert keys[0, 0].accepted == (3, 2)
    assert keys[1, 0].treatment is Treatment.AWARD_ALL
    assert keys[2, 0].blanks == (("塔吊", "塔式起重机", "吊机"),)
    assert (keys[3, 0].accepted, keys[3, 0].treatment) == ((8,), Treatment.MARK)


@pytest.mark.parametrize(
    "correction",
    [
        _correct("qv_1", Change.REKEY, correct=True),
        _correct("qv_1", Change.REKEY, choices=["D"]),
        _correct("qv_2", Change.REKEY, choices=["A"]),
        _correct("qv_3", Change.REKEY, blanks=[["甲"], ["乙"]]),
        _correct("qv_4", Change.REKEY, choices=["A", "B"]),
        _correct("qv_4", Change.REKEY, choices=["A"], correct=True),
    ],
)
def test_an_answer_of_another_type_is_refused(correction: Correction) -> None:
    with pytest.raises(CorrectionUnsuitable):
        correct_keys(make_keys(POOL, DOCUMENTS), POOL, [correction])


def test_an_item_that_nobody_had_is_refused() -> None:
    keys = make_keys(POOL, DOCUMENTS)
    for correction in (_correct("qv_9", Change.REMOVE), _correct("qv_1", Change.REMOVE, part=1)):
        with pytest.raises(CorrectionUnknown):
            correct_keys(keys, POOL, [correction])
        assert correct_keys(keys, POOL, [correction], strict=False) == keys
