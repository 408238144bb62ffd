"""What every media store can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

# What pages send to measure their line stands below this folder, for an hour or so.
PROBES = "probe"


class MediaMissingError(Exception):
    """There is no object under this key; if a record points at it, that is a fault, not a refusal."""


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """Where pages send segments to (接入点, S1.6).

    name: lower-case letters, digits and `-`. origin: https://host[:port]; empty: the origin the page came from.
    """

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class SignedAddress:
    """What a page may PUT: exactly one object, for a short time.

    urls: by access point name. headers: to be sent with the PUT, may be empty. expires_at: aware UTC.
    """

    urls: Mapping[str, str]
    headers: Mapping[str, str]
    expires_at: datetime


class Swept(NamedTuple):
    """How many were removed. drafts: uploads that broke off. probes: what network checks sent."""

    drafts: int
    probes: int


class MediaStore(Protocol):
    """Named ciphertexts. Keys are as those of BlobStore."""

    @property
    def access_points(self) -> Sequence[AccessPoint]:
        """Every access point, never empty, in order of preference."""
        ...

    async def put(self, key: str, content: bytes) -> None:
        """Store `content`, replacing what was there; durable when it returns.

        Raises: ValueError - malformed key. Whatever the store raises: nothing was acknowledged.
        """
        ...

    async def get(self, key: str) -> bytes:
        """Return the content.

        Raises: MediaMissingError.
        """
        ...

    async def read_sizes(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the size in bytes of each object that is there; those that are not are absent.

        Raises: whatever the store raises when it does not answer.
        """
        ...

    async def delete(self, key: str) -> None:
        """Remove the object; nothing happens when it is not there."""
        ...

    async def list(self, prefix: str) -> list[str]:
        """Return every key that stands below the folder `prefix`, sorted; "" is all."""
        ...

    async def sweep(self, before: datetime) -> Swept:
        """Remove what broken uploads left behind, and probe objects (`PROBES`), when they were last written before this instant.

        Repeatable; an upload that is still under way is younger than any instant to be given here.
        """
        ...

    async def check_hashes(self) -> bool:
        """Tell whether the store turns down content that is not what its address was signed for.

        Raises: whatever the store raises when it does not answer.
        """
        ...

    def sign_put(self, key: str, *, size: int, sha256: str, now: datetime) -> SignedAddress:
        """Return where a page may PUT this object, and nothing else: other content is turned down by the store.

        size: bytes, > 0. sha256: hexadecimal, of the content.
        """
        ...

    def sign_get(self, key: str, *, now: datetime) -> SignedAddress:
        """Return where a reviewer's page may fetch this object."""
        ...
