"""Keys of takes, and the code over a take's state."""

from dataclasses import replace

from invigil.kernel.encoding import decode_base64url
from invigil.platform.db import Transaction
from invigil.platform.keys import CannotOpenError, Keys, derive_key, open_with
from invigil.sit.recording.model import Take
from invigil.sit.recording.model.refusals import KeyInvalid
from invigil.sit.recording.rules.sealing import (
    KEY_CONTEXT,
    TRACK_KEY_BYTES,
    WRAPPED_BYTES,
    key_binding,
    state_message,
)

_KEY_PURPOSE, _LABEL_PURPOSE, _STATE_PURPOSE = "recording.take_key", "recording.take_label", "recording.take_state"


def unwrap_key(keys: Keys, wrapped: str, *, attempt_id: str, track: str, take_id: str) -> bytes:
    """Return the take's key, 32 bytes, that a page wrapped for us.

    wrapped: base64url of ephemeral X25519 public key (32), nonce (12), ciphertext with tag (48).
    Raises: KeyInvalid - malformed, altered, or wrapped for another take, track or attempt.
    Source: S2.5.
    """
    try:
        raw = decode_base64url(wrapped)
        if len(raw) != WRAPPED_BYTES:
            raise KeyInvalid
        secret = keys.agree_recording_secret(raw[:32])
        key = open_with(
            derive_key(secret, KEY_CONTEXT), raw[32:44], raw[44:], additional=key_binding(attempt_id, track, take_id)
        )
    except (ValueError, CannotOpenError) as fault:
        raise KeyInvalid from fault
    if len(key) != TRACK_KEY_BYTES:
        raise KeyInvalid
    return key


def seal_take_key(keys: Keys, key: bytes, take_id: str) -> bytes:
    """Return the key as it is stored."""
    return keys.seal(key, purpose=_KEY_PURPOSE, bound_to=f"recording_take/{take_id}")


def open_take_key(tx: Transaction, take: Take) -> bytes:
    """Return the key that opens the take's segments, 32 bytes; giving it out is an act to be recorded by the caller.

    Raises: CannotOpenError - the row was changed or moved.
    """
    return open_key_with(tx.keys, take)


def open_key_with(keys: Keys, take: Take) -> bytes:
    """Return the take's key. Raises: CannotOpenError."""
    return keys.open(take.sealed_key, purpose=_KEY_PURPOSE, bound_to=f"recording_take/{take.id}")


def seal_label(keys: Keys, label: str, take_id: str) -> bytes:
    """Return the device's name as it is stored."""
    return keys.seal_text(label, purpose=_LABEL_PURPOSE, bound_to=f"recording_take/{take_id}")


def open_label(keys: Keys, take: Take) -> str:
    """Return the device's name as the browser gave it. Raises: CannotOpenError."""
    return keys.open_text(take.sealed_label, purpose=_LABEL_PURPOSE, bound_to=f"recording_take/{take.id}")


def with_mac(keys: Keys, take: Take) -> Take:
    """Return the take with the code over its present state."""
    return replace(take, mac=keys.mac(state_message(take), purpose=_STATE_PURPOSE))


def is_take_intact(keys: Keys, take: Take) -> bool:
    """Tell whether the take's state is the one we wrote: nothing cut off, nothing rewritten."""
    return keys.is_mac(take.mac, state_message(take), purpose=_STATE_PURPOSE)
