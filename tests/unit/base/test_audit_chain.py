"""The chain's law: an intact chain has no finding, and every edit, deletion, insertion, swap and cut is found (P11)."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.base.audit.model import GENESIS, AuditCheckpoint, AuditRecord, Finding, FindingKind
from invigil.base.audit.rules import encode_checkpoint, encode_record, find_faults

START = datetime(2026, 11, 1, tzinfo=UTC)
KEY = b"the system's key"
LENGTH = 8


def _mac(message: bytes) -> bytes:
    return hashlib.sha256(KEY + message).digest()


def _sign(message: bytes) -> bytes:
    return hashlib.sha512(KEY + message).digest()


def _is_signed(signature: bytes, message: bytes) -> bool:
    return signature == _sign(message)


def _coded(record: AuditRecord) -> AuditRecord:
    return replace(record, code=_mac(encode_record(record)))


def _chain(length: int = LENGTH) -> list[AuditRecord]:
    chain: list[AuditRecord] = []
    for position in range(1, length + 1):
        previous = chain[-1].code if chain else GENESIS
        at = START + timedelta(seconds=position)
        draft = AuditRecord(
            position, at, "staff", "staff_1", "exams.exam.edit", "exam_1", {"n": position}, previous, b""
        )
        chain.append(_coded(draft))
    return chain


def _checkpoint(record: AuditRecord) -> AuditCheckpoint:
    statement = encode_checkpoint(record.position, record.at.isoformat(timespec="microseconds"), record.code)
    return AuditCheckpoint(record.position, record.at, record.code, _sign(statement))


def _find(chain: list[AuditRecord], *checkpoints: AuditCheckpoint) -> list[Finding]:
    return list(find_faults(chain, checkpoints, _mac, _is_signed))


def test_an_intact_chain_has_no_finding() -> None:
    chain = _chain()
    assert _find(chain, _checkpoint(chain[3]), _checkpoint(chain[-1])) == []
    assert _find([]) == []


EDITS: dict[str, Callable[[AuditRecord], AuditRecord]] = {
    "at": lambda one: replace(one, at=one.at + timedelta(microseconds=1)),
    "actor_kind": lambda one: replace(one, actor_kind="system"),
    "actor_id": lambda one: replace(one, actor_id="staff_2"),
    "act": lambda one: replace(one, act="exams.exam.delete"),
    "on": lambda one: replace(one, on="exam_2"),
    "details": lambda one: replace(one, details={}),
    "code": lambda one: replace(one, code=bytes(32)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize("place", range(LENGTH))
def test_every_edit_is_found(edit: Callable[[AuditRecord], AuditRecord], place: int) -> None:
    chain = _chain()
    chain[place] = edit(chain[place])
    assert Finding(FindingKind.CHANGED, place + 1) in _find(chain)


@pytest.mark.parametrize("place", range(LENGTH - 1))
def test_every_deletion_inside_is_found(place: int) -> None:
    chain = _chain()
    del chain[place]
    assert _find(chain)[0] == Finding(FindingKind.HOLE, place + 1)


def test_closing_the_gap_by_renumbering_is_found() -> None:
    chain = _chain()
    del chain[2]
    chain = [replace(one, position=number) for number, one in enumerate(chain, 1)]
    assert {finding.kind for finding in _find(chain)} == {FindingKind.BROKEN_LINK, FindingKind.CHANGED}


@given(st.permutations(range(LENGTH)).filter(lambda order: order != sorted(order)))
def test_every_reordering_is_found(order: list[int]) -> None:
    chain = _chain()
    assert _find([chain[place] for place in order])


@given(place=st.integers(0, LENGTH - 1))
def test_an_insertion_is_found(place: int) -> None:
    chain = _chain()
    assert _find([*chain[: place + 1], chain[place], *chain[place + 1 :]])


def test_a_cut_off_end_is_seen_by_a_checkpoint_kept_outside() -> None:
    chain = _chain()
    kept = _checkpoint(chain[-1])
    assert _find(chain[:-2]) == []
    assert _find(chain[:-2], kept) == [Finding(FindingKind.CUT_OFF, LENGTH)]


def test_a_chain_written_anew_by_whoever_holds_the_key_is_seen_by_a_checkpoint() -> None:
    kept = _checkpoint(_chain()[-1])
    other = [_coded(replace(_chain()[0], act="exams.exam.create"))]
    for one in _chain()[1:]:
        other.append(_coded(replace(one, previous=other[-1].code)))
    assert _find(other) == []
    assert _find(other, kept) == [Finding(FindingKind.CHECKPOINT_DIFFERS, LENGTH)]


def test_a_forged_checkpoint_is_found() -> None:
    chain = _chain()
    forged = replace(_checkpoint(chain[-1]), signature=bytes(64))
    assert _find(chain, forged) == [Finding(FindingKind.CHECKPOINT_FORGED, LENGTH)]
