"""An S3-compatible store through obstore: pages PUT and GET with presigned addresses, the server only asks for sizes."""

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import obstore
from obstore.store import S3Store

from invigil.platform.blobs.store import check_key
from invigil.platform.media.local import GET_LASTS, PUT_LASTS
from invigil.platform.media.port import PROBES, AccessPoint, MediaMissingError, SignedAddress, Swept
from invigil.platform.media.signing import checksum_headers, presign_put, read_credentials

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

    async def sweep(self, before: datetime) -> Swept:
        """See MediaStore. A PUT that broke off left nothing in such a store."""
        batches = obstore.list(self._store, prefix=PROBES)
        old = [one["path"] async for batch in batches for one in batch if one["last_modified"] < before]
        for key in old:
            await self.delete(key)
        return Swept(0, len(old))

    def sign_put(self, key: str, *, size: int, sha256: str, now: datetime) -> SignedAddress:  # noqa: ARG002 - see below
        """See MediaStore.

        The store compares the content with its hash, which covers its size too. It goes by its own clock, and so does this.
        """
        signed_at, credentials = datetime.now(UTC), read_credentials()
        urls = {
            name: presign_put(url, sha256, credentials, now=signed_at, lasts=PUT_LASTS)
            for name, url in self._addresses("PUT", key, PUT_LASTS).items()
        }
        return SignedAddress(urls, checksum_headers(sha256), now + PUT_LASTS)

    def sign_get(self, key: str, *, now: datetime) -> SignedAddress:
        """See MediaStore."""
        return SignedAddress(self._addresses("GET", key, GET_LASTS), {}, now + GET_LASTS)

    async def check_hashes(self) -> bool:
        """Tell whether the store turns down content that is not what its address was signed for; it is sent some.

        Raises: httpx.HTTPError - the store does not answer.
        """
        announced, sent = b"announced", b"sent"
        sha256 = hashlib.sha256(announced).hexdigest()
        place = self._address(self._store, "PUT", f"{PROBES}/hashes", PUT_LASTS)
        url = presign_put(place, sha256, read_credentials(), now=datetime.now(UTC), lasts=PUT_LASTS)
        async with httpx.AsyncClient(timeout=_ANSWERS_WITHIN.total_seconds()) as client:
            answer = await client.put(url, content=sent, headers=checksum_headers(sha256))
        if answer.is_server_error:
            answer.raise_for_status()
        return not answer.is_success

    def _addresses(self, method: Any, key: str, lasts: timedelta) -> dict[str, str]:  # noqa: ANN401 - obstore's literal
        return {name: self._address(store, method, key, lasts) for name, store in self._signers.items()}

    @staticmethod
    def _address(store: S3Store, method: Any, key: str, lasts: timedelta) -> str:  # noqa: ANN401 - obstore's literal
        return obstore.sign(store, method, check_key(key), lasts)


def _open(bucket: str, prefix: str, endpoint: str) -> S3Store:
    options: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    # Plain HTTP is for a store on the same machine or network, named so in the setting.
    client: dict[str, Any] = {"timeout": _ANSWERS_WITHIN, "allow_http": endpoint.startswith("http://")}
    return S3Store(bucket, prefix=prefix or None, client_options=client, retry_config=_RETRIES, **options)  # type: ignore[arg-type]
