"""The local sealed keyring: made at first start, useless without its seal, never made anew over existing records.

The file `keyring.json` holds the key material encrypted under a key that scrypt derives from the seal. The seal is a
passphrase from the environment, or a file of 32 random bytes that operators keep apart from the records and their backups.
"""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

KEY_BYTES = 32
SALT_BYTES = 16
# 32 MiB and ~0.1 s once at start: dear for a guesser, unnoticed by us.
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**15, 8, 1
_FORMAT = 1
_BOUND_TO = b"invigil keyring 1"


class KeyringError(Exception):
    """The keyring is missing, sealed with another seal, or damaged: the system does not start."""


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """Unsealed keys, in memory only. Every key has 32 bytes.

    master_keys: by version, never empty; the newest seals, all of them open.
    """

    master_keys: dict[int, bytes]
    index_key: bytes
    signing_key: bytes
    rescue_key: bytes

    def has(self, version: int) -> bool:
        """Tell whether this version opens."""
        return version in self.master_keys

    @property
    def newest_version(self) -> int:
        """The version that seals from now on."""
        return max(self.master_keys)


def new_material() -> KeyMaterial:
    """Draw fresh keys."""
    return KeyMaterial({1: os.urandom(KEY_BYTES)}, os.urandom(KEY_BYTES), os.urandom(KEY_BYTES), os.urandom(KEY_BYTES))


def with_new_master_key(material: KeyMaterial) -> KeyMaterial:
    """Return the material with one more master key; what older versions sealed still opens."""
    keys = material.master_keys | {material.newest_version + 1: os.urandom(KEY_BYTES)}
    return KeyMaterial(keys, material.index_key, material.signing_key, material.rescue_key)


def without_master_key(material: KeyMaterial, version: int) -> KeyMaterial:
    """Return the material without an older master key; what it sealed never opens again.

    Raises: ValueError - the version is not there, or is the newest.
    """
    if version not in material.master_keys or version == material.newest_version:
        raise ValueError(f"master key {version} cannot be dropped")
    keys = {one: key for one, key in material.master_keys.items() if one != version}
    return KeyMaterial(keys, material.index_key, material.signing_key, material.rescue_key)


def create_keyring(path: Path, seal: bytes) -> KeyMaterial:
    """Draw fresh keys and write them sealed.

    Raises: KeyringError - a keyring stands there already.
    """
    if path.exists():
        raise KeyringError(f"密钥环已存在：{path}（a keyring is already there）")
    material = new_material()
    write_keyring(path, seal, material)
    return material


def write_keyring(path: Path, seal: bytes, material: KeyMaterial) -> None:
    """Write the sealed keyring durably, replacing the old one in one step."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(12)
    plain = json.dumps(
        {
            "master_keys": {str(version): _text(key) for version, key in material.master_keys.items()},
            "index_key": _text(material.index_key),
            "signing_key": _text(material.signing_key),
            "rescue_key": _text(material.rescue_key),
        }
    ).encode()
    sealed = AESGCM(_stretch(seal, salt)).encrypt(nonce, plain, _BOUND_TO)
    document = {"format": _FORMAT, "salt": _text(salt), "nonce": _text(nonce), "sealed": _text(sealed)}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_secret_file(path, json.dumps(document, indent=1).encode())


def load_keyring(path: Path, seal: bytes) -> KeyMaterial:
    """Unseal the keyring.

    Raises: KeyringError - the file is missing, damaged, or sealed with another seal.
    """
    try:
        document = json.loads(path.read_bytes())
        nonce, sealed, salt = (base64.b64decode(document[name]) for name in ("nonce", "sealed", "salt"))
    except FileNotFoundError as fault:
        raise KeyringError(f"找不到密钥环 {path}，系统不会启动（no keyring, no start）") from fault
    except (ValueError, KeyError) as fault:
        raise KeyringError(f"密钥环已损坏：{path}（the keyring file is damaged）") from fault
    try:
        plain = json.loads(AESGCM(_stretch(seal, salt)).decrypt(nonce, sealed, _BOUND_TO))
    except InvalidTag as fault:
        raise KeyringError("封条与密钥环不匹配，系统不会启动（the seal does not open this keyring）") from fault
    masters = {int(version): base64.b64decode(key) for version, key in plain["master_keys"].items()}
    index, signing, rescue = (base64.b64decode(plain[name]) for name in ("index_key", "signing_key", "rescue_key"))
    return KeyMaterial(masters, index, signing, rescue)


def read_or_make_seal(path: Path) -> bytes:
    """Return the seal kept in a file of its own; make it at first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret_file(path, _text(os.urandom(KEY_BYTES)).encode())
    return path.read_bytes().strip()


def write_secret_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, flushed, in one step."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _stretch(seal: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(seal)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
