"""Encrypt before storing, open after fetching: the only way features reach a blob store."""

from invigil.platform.blobs.store import BlobMissingError, BlobStore
from invigil.platform.keys import HEADER_BYTES, Keys, version_of

PURPOSE = "platform.blob"


class SealedBlobs:
    """A blob store in which everything is ciphertext bound to its key, so that a swapped or renamed blob does not open."""

    def __init__(self, store: BlobStore, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def put(self, key: str, content: bytes) -> None:
        """Seal and store; durable when it returns. Raises as BlobStore.put."""
        await self._store.put(key, self._keys.seal(content, purpose=PURPOSE, bound_to=key))

    async def get(self, key: str) -> bytes:
        """Fetch and open.

        Raises: BlobMissingError; CannotOpenError - the stored bytes are not those that were put under this key.
        """
        return self._keys.open(await self._store.get(key), purpose=PURPOSE, bound_to=key)

    async def read_version(self, key: str) -> int:
        """Return the key version under which the blob is sealed. Raises: BlobMissingError."""
        return version_of(await self._store.read_start(key, HEADER_BYTES))

    async def reseal(self, key: str) -> bool:
        """Seal the blob anew under the newest key; False when it was changed or deleted meanwhile.

        Raises: CannotOpenError - the stored bytes are not those that were put under this key; they stay as they are.
        """
        try:
            old = await self._store.get(key)
        except BlobMissingError:
            return False
        return await self._store.exchange(key, old, self._keys.reseal(old, purpose=PURPOSE, bound_to=key))

    async def delete(self, key: str) -> None:
        """Remove the blob; nothing happens when it is not there."""
        await self._store.delete(key)

    async def list(self, prefix: str) -> list[str]:
        """Return the keys below the folder `prefix`, sorted."""
        return await self._store.list(prefix)
