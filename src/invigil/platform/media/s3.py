"""An S3-compatible store through obstore: pages PUT and GET with presigned addresses, the server only asks for sizes."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import obstore
from obstore.store import S3Store

from invigil.platform.blobs.store import check_key
from invigil.platform.media.local import GET_LASTS, PUT_LASTS
from invigil.platform.media.port import AccessPoint, MediaMissingError, SignedAddress

# So many questions for sizes are on their way at once.
_AT_ONCE = 32
# A store that does not answer holds up commits, never answers of candidates: they have a writer of their own.
_ANSWERS_WITHIN = timedelta(seconds=10)
_RETRIES = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


class S3Media:
    """One bucket behind several access points: endpoints of the same store (S1.6)."""

    def __init__(self, bucket: str, prefix: str, access_points: Sequence[AccessPoint], *, endpoint: str = "") -> None:
        self._store = _open(bucket, prefix, endpoint)
        points = access_points or [AccessPoint("main", endpoint)]
        self.access_points = tuple(points)
        self._signers = {point.name: _open(bucket, prefix, point.origin) for point in points}

    async def put(self, key: str, content: bytes) -> None:
        """See MediaStore."""
        await obstore.put_async(self._store, check_key(key), content)

    async def get(self, key: str) -> bytes:
        """See MediaStore."""
        try:
            answer = await obstore.get_async(self._store, check_key(key))
            return bytes(await answer.bytes_async())
        except FileNotFoundError as fault:
            raise MediaMissingError(key) from fault

    async def read_sizes(self, keys: Sequence[str]) -> dict[str, int]:
        """See MediaStore."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def ask(key: str) -> int | None:
            async with gate:
                try:
                    head = await obstore.head_async(self._store, check_key(key))
                except FileNotFoundError:
                    return None
            return int(head["size"])

        sizes = await asyncio.gather(*(ask(key) for key in keys))
        return {key: size for key, size in zip(keys, sizes, strict=True) if size is not None}

    async def delete(self, key: str) -> None:
        """See MediaStore."""
        with contextlib.suppress(FileNotFoundError):
            await obstore.delete_async(self._store, check_key(key))

    async def list(self, prefix: str) -> list[str]:
        """See MediaStore."""
        batches = obstore.list(self._store, prefix=check_key(prefix) if prefix else None)
        return sorted([entry["path"] async for batch in batches for entry in batch])

    def sign_put(self, key: str, *, size: int, sha256: str, now: datetime) -> SignedAddress:  # noqa: ARG002 - see below
        """See MediaStore.

        The store does not check size and hash: the size is compared at the commit, the hash by whoever opens the segment.
        """
        return self._sign("PUT", key, PUT_LASTS, now)

    def sign_get(self, key: str, *, now: datetime) -> SignedAddress:
        """See MediaStore."""
        return self._sign("GET", key, GET_LASTS, now)

    def _sign(self, method: Any, key: str, lasts: timedelta, now: datetime) -> SignedAddress:  # noqa: ANN401 - obstore's literal
        check_key(key)
        urls = {name: obstore.sign(store, method, key, lasts) for name, store in self._signers.items()}
        return SignedAddress(urls, {}, now + lasts)


def _open(bucket: str, prefix: str, endpoint: str) -> S3Store:
    options: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    # Plain HTTP is for a store on the same machine or network, named so in the setting.
    client: dict[str, Any] = {"timeout": _ANSWERS_WITHIN, "allow_http": endpoint.startswith("http://")}
    return S3Store(bucket, prefix=prefix or None, client_options=client, retry_config=_RETRIES, **options)  # type: ignore[arg-type]
