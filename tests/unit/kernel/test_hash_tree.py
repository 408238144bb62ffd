"""Hash trees: every statement is under the root by its own path, and by no other."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from invigil.kernel.hash_tree import grow_hash_tree


def _root_by_rfc_6962(statements: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word by word."""
    if len(statements) == 1:
        return hashlib.sha256(b"\x00" + statements[0]).digest()
    split = 1
    while split * 2 < len(statements):
        split *= 2
    left, right = _root_by_rfc_6962(statements[:split]), _root_by_rfc_6962(statements[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def _climb(statement: bytes, path: bytes) -> bytes:
    node = hashlib.sha256(b"\x00" + statement).digest()
    for start in range(0, len(path), 33):
        side, sibling = path[start], path[start + 1 : start + 33]
        node = hashlib.sha256(b"\x01" + (node + sibling if side else sibling + node)).digest()
    return node


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40))
def test_the_root_is_that_of_rfc_6962_and_every_path_leads_to_it(statements: list[bytes]) -> None:
    root, paths = grow_hash_tree(statements)
    assert root == _root_by_rfc_6962(statements)
    assert [_climb(one, path) for one, path in zip(statements, paths, strict=True)] == [root] * len(statements)


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=20, unique=True), st.data())
def test_no_path_is_that_of_another_statement(statements: list[bytes], data: st.DataObject) -> None:
    root, paths = grow_hash_tree(statements)
    one, other = data.draw(st.lists(st.integers(0, len(statements) - 1), min_size=2, max_size=2, unique=True))
    assert _climb(statements[one], paths[other]) != root


def test_a_single_statement_has_an_empty_path() -> None:
    assert grow_hash_tree([b"x"]) == (hashlib.sha256(b"\x00x").digest(), [b""])
