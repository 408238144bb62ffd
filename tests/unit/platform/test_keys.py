"""Keys: ciphertexts open in their own place only; no seal, no start (P9)."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from invigil.kernel.canonical import encode_canonical
from invigil.kernel.encoding import decode_base64url
from invigil.platform.keys import (
    CannotOpenError,
    KeyringError,
    Keys,
    create_keyring,
    derive_key,
    is_signature,
    load_keyring,
    open_with,
)
from invigil.platform.keys.keyring import new_material, read_or_make_seal, with_new_master_key

KEYS = Keys(new_material())
VECTORS = Path(__file__).parents[2] / "vectors"


def test_what_was_sealed_opens_in_its_place_only() -> None:
    sealed = KEYS.seal_text("110101199003070011", purpose="a.number", bound_to="table/column/row1")
    assert KEYS.open_text(sealed, purpose="a.number", bound_to="table/column/row1") == "110101199003070011"
    for purpose, bound_to in (("a.number", "table/column/row2"), ("b.number", "table/column/row1")):
        with pytest.raises(CannotOpenError):
            KEYS.open(sealed, purpose=purpose, bound_to=bound_to)


@given(st.binary(max_size=40), st.data())
def test_every_changed_byte_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEYS.seal(plain, purpose="p", bound_to="b"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpenError):
        KEYS.open(bytes(sealed), purpose="p", bound_to="b")


@pytest.mark.parametrize("length", [0, 1, 5, 16, 17, 32])
def test_a_truncated_ciphertext_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpenError):
        KEYS.open(KEYS.seal(b"secret", purpose="p", bound_to="b")[:length], purpose="p", bound_to="b")


def test_after_a_rotation_old_ciphertexts_open_and_new_ones_have_the_new_key() -> None:
    old = new_material()
    sealed = Keys(old).seal(b"x", purpose="p", bound_to="b")
    rotated = Keys(with_new_master_key(old))
    assert rotated.open(sealed, purpose="p", bound_to="b") == b"x"
    fresh = rotated.seal(b"x", purpose="p", bound_to="b")
    assert int.from_bytes(fresh[1:5]) == 2
    with pytest.raises(CannotOpenError, match="not in the keyring"):
        Keys(old).open(fresh, purpose="p", bound_to="b")
    assert rotated.blind_index("v", purpose="i") == Keys(old).blind_index("v", purpose="i")


def test_purposes_have_keys_of_their_own() -> None:
    assert KEYS.blind_index("x", purpose="a") != KEYS.blind_index("x", purpose="b")
    assert KEYS.mac(b"x", purpose="a") != KEYS.mac(b"x", purpose="b")
    assert KEYS.is_mac(KEYS.mac(b"x", purpose="a"), b"x", purpose="a")
    assert not KEYS.is_mac(KEYS.mac(b"x", purpose="a"), b"y", purpose="a")


def test_signatures_verify_with_the_public_key_alone() -> None:
    signature = KEYS.sign(b"statement")
    assert is_signature(signature, b"statement", KEYS.signing_public_key)
    assert not is_signature(signature, b"other", KEYS.signing_public_key)
    assert not is_signature(b"short", b"statement", KEYS.signing_public_key)


def test_a_keyring_opens_with_its_seal_alone(tmp_path: Path) -> None:
    path, seal = tmp_path / "keys" / "keyring.json", read_or_make_seal(tmp_path / "seal")
    material = create_keyring(path, seal)
    assert load_keyring(path, read_or_make_seal(tmp_path / "seal")) == material
    assert (path.stat().st_mode & 0o777, (tmp_path / "seal").stat().st_mode & 0o777) == (0o600, 0o600)
    with pytest.raises(KeyringError, match="封条"):
        load_keyring(path, b"another seal")
    with pytest.raises(KeyringError, match="已存在"):
        create_keyring(path, seal)
    assert material.index_key not in path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"nonce":"","sealed":""}'])
def test_a_damaged_keyring_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keyring.json"
    path.write_bytes(content)
    with pytest.raises(KeyringError, match="损坏"):
        load_keyring(path, b"seal")


def test_a_missing_keyring_is_no_first_start(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="不会启动"):
        load_keyring(tmp_path / "keyring.json", b"seal")


def test_the_emergency_file_of_the_page_opens_here() -> None:
    vector = json.loads((VECTORS / "rescue.json").read_text())
    file = vector["file"]
    mine = X25519PrivateKey.from_private_bytes(decode_base64url(vector["private_key"]))
    theirs = X25519PublicKey.from_public_bytes(decode_base64url(file["ephemeral_key"]))
    header = {name: file[name] for name in ("format", "v", "attempt", "seq", "ephemeral_key")}
    plain = open_with(
        derive_key(mine.exchange(theirs), "rescue-file"),
        decode_base64url(file["nonce"]),
        decode_base64url(file["ciphertext"]),
        additional=encode_canonical(header),
    )
    assert json.loads(plain) == vector["content"]
