"""Keys: what seals protected fields, indexes them blindly and signs receipts (ADR-0007)."""

from invigil.platform.keys.cipher import (
    HEADER_BYTES,
    CannotOpenError,
    Keys,
    derive_key,
    header_of,
    is_signature,
    open_with,
    seal_with,
    version_of,
)
from invigil.platform.keys.keyring import KeyMaterial, KeyringError, create_keyring, load_keyring, read_or_make_seal
from invigil.platform.keys.keyring_file import KeyringFile

__all__ = [
    "HEADER_BYTES",
    "CannotOpenError",
    "KeyMaterial",
    "KeyringError",
    "KeyringFile",
    "Keys",
    "create_keyring",
    "derive_key",
    "header_of",
    "is_signature",
    "load_keyring",
    "open_with",
    "read_or_make_seal",
    "seal_with",
    "version_of",
]
