"""What a page's worker does to a recording, in Python: keys, wrapping, encryption, chain. Shares no code with the server.

`python -m tests.segments` writes tests/vectors/segments.json anew; the worker in TypeScript and the server are tested against it.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VECTORS = Path(__file__).parent / "vectors" / "segments.json"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
AT_MS = 1_793_350_800_000


def new_take_id() -> str:
    """Return an identifier as a page makes it."""
    return "take_" + "".join(ALPHABET[byte % 32] for byte in os.urandom(26))


def base64url(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def wrap_key(
    key: bytes,
    public_key: bytes,
    *,
    attempt_id: str,
    track: str,
    take_id: str,
    ephemeral: bytes = b"",
    nonce: bytes = b"",
) -> str:
    """Return the take's key wrapped to the server; ephemeral and nonce are given for vectors only."""
    private = X25519PrivateKey.from_private_bytes(ephemeral or os.urandom(32))
    secret = private.exchange(X25519PublicKey.from_public_bytes(public_key))
    kek = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"invigil/recording-key").derive(secret)
    nonce = nonce or os.urandom(12)
    additional = f"invigil/take/1|{attempt_id}|{track}|{take_id}".encode()
    return base64url(private.public_key().public_bytes_raw() + nonce + AESGCM(kek).encrypt(nonce, key, additional))


@dataclass(frozen=True)
class MadeSegment:
    """A segment as it leaves the page: what is PUT and what is declared."""

    ciphertext: bytes
    row: dict[str, Any]


@dataclass
class MadeTake:
    """One take of a page; `add` encrypts the next part."""

    attempt_id: str
    track: str
    take_id: str = field(default_factory=new_take_id)
    key: bytes = field(default_factory=lambda: os.urandom(32))
    segments: list[MadeSegment] = field(default_factory=list)

    def add(self, part: bytes, p0_ms: int = 0, p1_ms: int = 0, at_ms: int = AT_MS) -> MadeSegment:
        """Encrypt a part as the next segment."""
        seq = len(self.segments)
        previous = self.segments[-1].row["sha256"] if self.segments else "0" * 64
        place = (
            f"invigil/segment/1|{self.attempt_id}|{self.track}|{self.take_id}|{seq}|{previous}|{p0_ms}|{p1_ms}|{at_ms}"
        )
        ciphertext = AESGCM(self.key).encrypt(bytes(4) + seq.to_bytes(8, "big"), part, place.encode())
        row = {
            "take_id": self.take_id, "seq": seq, "sha256": hashlib.sha256(ciphertext).hexdigest(), "previous": previous,
            "bytes": len(ciphertext), "p0_ms": p0_ms, "p1_ms": p1_ms, "at_ms": at_ms,
        }  # fmt: skip
        self.segments.append(MadeSegment(ciphertext, row))
        return self.segments[-1]

    def record(self, parts: Iterable[bytes], *, began_ms: int = AT_MS, length_ms: int = 4000) -> list[MadeSegment]:
        """Encrypt an init segment and then parts of equal length, recorded from `began_ms` on."""
        made = []
        for number, part in enumerate(parts):
            if number == 0 and not self.segments:
                made.append(self.add(part, at_ms=began_ms))
                continue
            p0 = (len(self.segments) - 1) * length_ms
            made.append(self.add(part, p0, p0 + length_ms, began_ms + p0 + length_ms))
        return made

    def copy_with(self, part: bytes, seq: int | None = None) -> MadeSegment:
        """Encrypt another part for a position (by default the next one) without keeping it."""
        at = len(self.segments) if seq is None else seq
        copy = MadeTake(self.attempt_id, self.track, self.take_id, self.key, self.segments[:at])
        row = self.segments[min(at, len(self.segments) - 1)].row
        return copy.add(part, row["p0_ms"], row["p1_ms"], row["at_ms"])

    def form(self, public_key: bytes, **changes: Any) -> dict[str, Any]:
        """Return the body that registers this take."""
        wrapped = wrap_key(self.key, public_key, attempt_id=self.attempt_id, track=self.track, take_id=self.take_id)
        form = {
            "take_id": self.take_id, "track": self.track, "mime": 'video/mp4;codecs="avc1.42E01F,opus"', "wrapped_key": wrapped,
            "started_at": "2026-11-01T09:00:00+00:00", "width": 640, "height": 480, "frame_rate": 10.0, "video_kbps": 350,
            "audio_kbps": 24, "label": "张三的摄像头", "is_test": False,
        }  # fmt: skip
        return form | changes


def make_vectors() -> dict[str, Any]:
    """Return the vectors, always the same bytes."""
    server, ephemeral, key = (hashlib.sha256(name).digest() for name in (b"server", b"ephemeral", b"track key"))
    nonce = hashlib.sha256(b"nonce").digest()[:12]
    public = X25519PrivateKey.from_private_bytes(server).public_key().public_bytes_raw()
    take = MadeTake("att_01J00000000000000000000000", "camera", "take_01J00000000000000000000001", key)
    place = {"attempt_id": take.attempt_id, "track": take.track, "take_id": take.take_id}
    for number, (p0, p1) in enumerate([(0, 0), (0, 4010), (4010, 8000), (8000, 12345)]):
        take.add(hashlib.sha256(b"part %d" % number).digest() * (number + 1), p0, p1, AT_MS + p1)
    return {
        "about": "Key wrapping and segments as page and server must make them; every value is hexadecimal unless it says otherwise.",
        "place": place,
        "wrapping": {
            "server_private": server.hex(), "server_public_base64url": base64url(public), "ephemeral_private": ephemeral.hex(),
            "nonce": nonce.hex(), "track_key": key.hex(),
            "wrapped_key_base64url": wrap_key(key, public, **place, ephemeral=ephemeral, nonce=nonce),
        },
        "segments": [
            {
                "plaintext": (hashlib.sha256(b"part %d" % number).digest() * (number + 1)).hex(),
                "iv": (bytes(4) + number.to_bytes(8, "big")).hex(),
                "additional_text": _additional(take, one.row),
                "ciphertext": one.ciphertext.hex(),
                **one.row,
            }
            for number, one in enumerate(take.segments)
        ],
    }  # fmt: skip


def _additional(take: MadeTake, row: dict[str, Any]) -> str:
    values = (row["seq"], row["previous"], row["p0_ms"], row["p1_ms"], row["at_ms"])
    return "|".join(["invigil/segment/1", take.attempt_id, take.track, take.take_id, *map(str, values)])


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(make_vectors(), indent=1) + "\n")
