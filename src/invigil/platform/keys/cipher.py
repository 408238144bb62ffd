"""Seal, open, index, authenticate and sign with the keyring's material."""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from invigil.platform.keys.keyring import KeyMaterial
from invigil.platform.keys.keyring_file import KeyringFile

SUITE_AES_256_GCM = 1
NONCE_BYTES = 12
HEADER_BYTES = 1 + 4
KEY_BYTES = 32


class CannotOpenError(Exception):
    """The ciphertext was changed, belongs elsewhere, or its key is not in the keyring."""


class Keys:
    """The cryptographic acts of the system, over one unsealed keyring.

    A ciphertext is: suite (1 byte), key version (4 bytes, big endian), nonce (12), AES-256-GCM output. The additional data
    binds suite, version, purpose and place, so a ciphertext moved to another row, column or purpose does not open (P9).
    """

    def __init__(self, material: KeyMaterial, file: KeyringFile | None = None) -> None:
        """Hold the material; `file` is looked at now and then, and a changed one is taken up."""
        self._material = material
        self._file = file
        self._signing = Ed25519PrivateKey.from_private_bytes(material.signing_key)
        self._signing_public = self._signing.public_key().public_bytes_raw()
        self._signing_key_id = hashlib.sha256(self._signing_public).hexdigest()[:16]
        self._rescue = X25519PrivateKey.from_private_bytes(material.rescue_key)
        # Derived, so that a keyring made before recordings serves them as well.
        self._recording = X25519PrivateKey.from_private_bytes(derive_key(material.rescue_key, "recording-private-key"))
        self._aead = lru_cache(maxsize=256)(self._make_aead)
        self._fixed = lru_cache(maxsize=256)(self._derive_fixed)

    def seal(self, plaintext: bytes, *, purpose: str, bound_to: str) -> bytes:
        """Return the ciphertext of `plaintext` under the newest key.

        purpose: what kind of thing it is, e.g. "candidates.identity_number"; each purpose has a key of its own.
        bound_to: where it stands, e.g. "candidates_candidate/identity_number/cand_01…".
        """
        version = self.newest_version
        header = header_of(version)
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._aead(purpose, version).encrypt(nonce, plaintext, _bind(header, purpose, bound_to))
        return header + nonce + sealed

    def open(self, ciphertext: bytes, *, purpose: str, bound_to: str) -> bytes:
        """Return the plaintext.

        Raises: CannotOpenError - changed, truncated, moved, of another purpose, or of an unknown suite or key version.
        """
        header, nonce = ciphertext[:HEADER_BYTES], ciphertext[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
        if len(nonce) != NONCE_BYTES or header[0] != SUITE_AES_256_GCM:
            raise CannotOpenError("unknown suite or truncated ciphertext")
        version = int.from_bytes(header[1:])
        if not self._material.has(version) and not self._take_up(now=True).has(version):
            raise CannotOpenError(f"key version {version} is not in the keyring")
        try:
            return self._aead(purpose, version).decrypt(
                nonce, ciphertext[HEADER_BYTES + NONCE_BYTES :], _bind(header, purpose, bound_to)
            )
        except InvalidTag as fault:
            raise CannotOpenError(f"ciphertext does not belong to {bound_to}") from fault

    def reseal(self, ciphertext: bytes, *, purpose: str, bound_to: str) -> bytes:
        """Return the same plaintext sealed for the same place under the newest key; raises as `open`."""
        return self.seal(self.open(ciphertext, purpose=purpose, bound_to=bound_to), purpose=purpose, bound_to=bound_to)

    @property
    def newest_version(self) -> int:
        """The key version that seals now."""
        return self._take_up().newest_version

    @property
    def versions(self) -> tuple[int, ...]:
        """The key versions that open, ascending."""
        return tuple(sorted(self._take_up().master_keys))

    def _take_up(self, *, now: bool = False) -> KeyMaterial:
        """Return the material in force, after a look whether the keyring was rotated."""
        if self._file is not None and (changed := self._file.read_if_changed(now=now)) is not None:
            self._material = changed
        return self._material

    def seal_text(self, text: str, *, purpose: str, bound_to: str) -> bytes:
        """Seal a text as UTF-8."""
        return self.seal(text.encode(), purpose=purpose, bound_to=bound_to)

    def open_text(self, ciphertext: bytes, *, purpose: str, bound_to: str) -> str:
        """Open a text sealed by `seal_text`; raises as `open`."""
        return self.open(ciphertext, purpose=purpose, bound_to=bound_to).decode()

    def blind_index(self, value: str, *, purpose: str) -> bytes:
        """Return 32 bytes by which equal values are found without being readable; normalise the value first."""
        return hmac.digest(self._fixed("index", purpose), value.encode(), "sha256")

    def mac(self, message: bytes, *, purpose: str) -> bytes:
        """Return a 32-byte authentication code that only this system can make."""
        return hmac.digest(self._fixed("mac", purpose), message, "sha256")

    def is_mac(self, code: bytes, message: bytes, *, purpose: str) -> bool:
        """Tell, in constant time, whether `code` is the message's code."""
        return hmac.compare_digest(code, self.mac(message, purpose=purpose))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature; anyone with the public key can verify it offline."""
        return self._signing.sign(message)

    @property
    def signing_public_key(self) -> bytes:
        """The 32-byte Ed25519 public key of receipts and audit checkpoints."""
        return self._signing_public

    @property
    def signing_key_id(self) -> str:
        """The first 16 hexadecimal digits of the public key's SHA-256."""
        return self._signing_key_id

    @property
    def rescue_public_key(self) -> bytes:
        """The 32-byte X25519 public key to which candidates' pages encrypt emergency files."""
        return self._rescue.public_key().public_bytes_raw()

    def agree_rescue_secret(self, their_public_key: bytes) -> bytes:
        """Return the 32-byte X25519 shared secret with the page's ephemeral key."""
        return self._rescue.exchange(X25519PublicKey.from_public_bytes(their_public_key))

    @property
    def recording_public_key(self) -> bytes:
        """The 32-byte X25519 public key to which candidates' pages wrap the keys of their recordings."""
        return self._recording.public_key().public_bytes_raw()

    def agree_recording_secret(self, their_public_key: bytes) -> bytes:
        """Return the 32-byte X25519 shared secret with the page's ephemeral key.

        Raises: ValueError - not a public key.
        """
        return self._recording.exchange(X25519PublicKey.from_public_bytes(their_public_key))

    def _make_aead(self, purpose: str, version: int) -> AESGCM:
        return AESGCM(derive_key(self._material.master_keys[version], f"seal/{purpose}"))

    def _derive_fixed(self, use: str, purpose: str) -> bytes:
        return derive_key(self._material.index_key, f"{use}/{purpose}")


def header_of(version: int) -> bytes:
    """Return how every ciphertext of this key version begins."""
    return bytes([SUITE_AES_256_GCM]) + version.to_bytes(4)


def version_of(ciphertext: bytes) -> int:
    """Return the key version of a ciphertext, or of its first bytes."""
    return int.from_bytes(ciphertext[1:HEADER_BYTES])


def derive_key(secret: bytes, context: str) -> bytes:
    """Return 32 bytes derived from `secret` for this context (HKDF-SHA256)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"invigil/{context}".encode()).derive(secret)


def seal_with(key: bytes, plaintext: bytes, *, additional: bytes) -> tuple[bytes, bytes]:
    """Encrypt under a key that will be given out later; return (nonce of 12 bytes, ciphertext with tag)."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, plaintext, additional)


def open_with(key: bytes, nonce: bytes, ciphertext: bytes, *, additional: bytes) -> bytes:
    """Decrypt what `seal_with` or a page encrypted.

    Raises: CannotOpenError - another key, nonce or place, or a changed ciphertext.
    """
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, additional)
    except (InvalidTag, ValueError) as fault:
        raise CannotOpenError("ciphertext does not open") from fault


def is_signature(signature: bytes, message: bytes, public_key: bytes) -> bool:
    """Tell whether the Ed25519 signature is the message's under this public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _bind(header: bytes, purpose: str, bound_to: str) -> bytes:
    return header + purpose.encode() + b"\x00" + bound_to.encode()
