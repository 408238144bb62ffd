"""What a page says when it begins a recording: how it films, and the key of the take, wrapped to the server."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from invigil.kernel.encoding import encode_base64url
from invigil.platform.keys import derive_key, seal_with
from invigil.sit.recording.api import KEY_CONTEXT, key_binding


def describe_take(
    take_id: str, attempt_id: str, track: str, *, key: bytes, public_key: bytes, **filmed: object
) -> dict[str, Any]:
    """Return the body that registers a take. key: 32 bytes. filmed: mime, width, height, frame_rate, video_kbps."""
    binding = key_binding(attempt_id, track, take_id)
    return {
        "take_id": take_id, "track": track, "started_at": "2026-11-01T09:00:00+00:00", "audio_kbps": 24, "label": "",
        "is_test": False, "wrapped_key": _wrap(key, public_key, binding), **filmed,
    }  # fmt: skip


def _wrap(key: bytes, public_key: bytes, binding: bytes) -> str:
    private = X25519PrivateKey.generate()
    secret = private.exchange(X25519PublicKey.from_public_bytes(public_key))
    nonce, sealed = seal_with(derive_key(secret, KEY_CONTEXT), key, additional=binding)
    return encode_base64url(private.public_key().public_bytes_raw() + nonce + sealed)
