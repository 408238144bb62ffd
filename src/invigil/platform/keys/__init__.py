"""Keys: what seals protected fields, indexes them blindly and signs receipts (ADR-0007)."""

from invigil.platform.keys.cipher import CannotOpenError, Keys, derive_key, is_signature, open_with, seal_with
from invigil.platform.keys.keyring import KeyMaterial, KeyringError, create_keyring, load_keyring, read_or_make_seal

__all__ = [
    "CannotOpenError",
    "KeyMaterial",
    "KeyringError",
    "Keys",
    "create_keyring",
    "derive_key",
    "is_signature",
    "load_keyring",
    "open_with",
    "read_or_make_seal",
    "seal_with",
]
