"""Three adapters of one port: a local folder (the default), memory (tests), an S3-compatible store."""

import asyncio
import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TypeAlias
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, PreconditionError
from obstore.store import LocalStore, MemoryStore, S3Store

from invigil.platform.disk import end_if_failing
from invigil.platform.entropy import new_token
from invigil.platform.room import Room

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LONGEST_KEY = 500
DRAFT = ".new"
_AnyStore: TypeAlias = LocalStore | MemoryStore | S3Store


class BlobMissingError(Exception):
    """There is no blob under this key; if a record points at it, that is a fault, not a refusal."""


class BlobStore(Protocol):
    """Named byte strings. Keys are `part/part/name` of ASCII letters, digits, `-`, `_` and `.` (never leading)."""

    async def put(self, key: str, content: bytes) -> None:
        """Store `content`, replacing what was there; durable when it returns.

        Raises: ValueError - malformed key. Whatever the store raises: nothing was acknowledged.
        """
        ...

    async def get(self, key: str) -> bytes:
        """Return the content.

        Raises: BlobMissingError.
        """
        ...

    async def read_start(self, key: str, length: int) -> bytes:
        """Return the first `length` bytes, fewer when there are no more.

        Raises: BlobMissingError.
        """
        ...

    async def exchange(self, key: str, old: bytes, new: bytes) -> bool:
        """Store `new` if `old` stands there, in one step with the look; False when it does not (changed, deleted)."""
        ...

    async def delete(self, key: str) -> None:
        """Remove the blob; nothing happens when it is not there."""
        ...

    async def list(self, prefix: str) -> list[str]:
        """Return every key that stands below the folder `prefix` ("a/b" holds "a/b/c", not "a/bc"), sorted; "" is all."""
        ...


def open_blob_store(url: str, room: Room | None = None) -> BlobStore:
    """Return the store that the setting names.

    url: file:///absolute/folder (made if absent) · memory:// · s3://bucket/prefix (endpoint and credentials from the usual
    AWS_… variables of the environment).
    room: of the disk on which a folder lies; its put refuses while what is left belongs to answers.
    Raises: ValueError - another kind of URL.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalFolder(Path(unquote(parts.path)), room)
    if parts.scheme == "memory":
        return ObjectStore(MemoryStore())
    if parts.scheme == "s3":
        # Credentials and endpoint come from the environment; obstore reads them itself.
        return ObjectStore(S3Store(parts.netloc, prefix=parts.path.strip("/") or None))
    raise ValueError(f"blob store {parts.scheme}:// is not known; use file://, memory:// or s3://")


class ObjectStore:
    """Memory or S3 through obstore; an S3 PUT is durable when it is answered."""

    def __init__(self, store: _AnyStore) -> None:
        self._store = store

    async def put(self, key: str, content: bytes) -> None:
        """See BlobStore."""
        await obstore.put_async(self._store, check_key(key), content)

    async def get(self, key: str) -> bytes:
        """See BlobStore."""
        try:
            answer = await obstore.get_async(self._store, check_key(key))
            return bytes(await answer.bytes_async())
        except FileNotFoundError as fault:
            raise BlobMissingError(key) from fault

    async def read_start(self, key: str, length: int) -> bytes:
        """See BlobStore."""
        try:
            return bytes(await obstore.get_range_async(self._store, check_key(key), start=0, length=length))
        except FileNotFoundError as fault:
            raise BlobMissingError(key) from fault

    async def exchange(self, key: str, old: bytes, new: bytes) -> bool:
        """See BlobStore: the store itself compares its tag of the content that was read."""
        try:
            answer = await obstore.get_async(self._store, check_key(key))
            if bytes(await answer.bytes_async()) != old:
                return False
            await obstore.put_async(self._store, key, new, mode={"e_tag": answer.meta["e_tag"]})
        except (FileNotFoundError, PreconditionError, AlreadyExistsError):
            return False
        return True

    async def delete(self, key: str) -> None:
        """See BlobStore."""
        with contextlib.suppress(FileNotFoundError):
            await obstore.delete_async(self._store, check_key(key))

    async def list(self, prefix: str) -> list[str]:
        """See BlobStore."""
        folder = check_key(prefix) if prefix else None
        batches = obstore.list(self._store, prefix=folder)
        return sorted([entry["path"] async for batch in batches for entry in batch])


class LocalFolder(ObjectStore):
    """A folder of files.

    obstore renames a file into place without flushing it (seen with strace), so a power cut could leave an acknowledged blob
    empty. Writing is therefore done here: draft, fsync, rename, fsync of every folder touched. A flush that fails ends the
    process (ADR-0012).
    """

    def __init__(self, folder: Path, room: Room | None = None) -> None:
        self._folder = folder
        self._room = room
        make_folder(folder)
        super().__init__(LocalStore(folder))

    async def put(self, key: str, content: bytes) -> None:
        """See BlobStore.

        Raises: NoRoom.
        """
        target = self._folder / check_key(key)
        if self._room is not None:
            self._room.check()
        try:
            await asyncio.to_thread(self._write, target, content)
        except OSError as fault:
            end_if_failing(fault)
            raise

    async def exchange(self, key: str, old: bytes, new: bytes) -> bool:
        """See BlobStore: writers and deleters of one folder, of whatever process, come one after another."""
        return await asyncio.to_thread(self._exchange, self._folder / check_key(key), old, new)

    async def delete(self, key: str) -> None:
        """See BlobStore."""
        await asyncio.to_thread(self._delete, self._folder / check_key(key))

    def _write(self, target: Path, content: bytes) -> None:
        make_folder(target.parent)
        with _alone_in(target.parent):
            self._replace(target, content)

    def _exchange(self, target: Path, old: bytes, new: bytes) -> bool:
        if not target.parent.is_dir():
            return False
        with _alone_in(target.parent):
            if not target.is_file() or target.read_bytes() != old:
                return False
            self._replace(target, new)
        return True

    @staticmethod
    def _delete(target: Path) -> None:
        if target.parent.is_dir():
            with _alone_in(target.parent):
                target.unlink(missing_ok=True)

    @staticmethod
    def _replace(target: Path, content: bytes) -> None:
        # A name of its own keeps two writers of one key apart.
        draft = target.with_name(f".{target.name}.{new_token()}{DRAFT}")
        try:
            _write_flushed(draft, content)
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        flush_folder(target.parent)

    async def list(self, prefix: str) -> list[str]:
        """See BlobStore."""
        return [key for key in await super().list(prefix) if not key.endswith(DRAFT)]


def check_key(key: str) -> str:
    """Return the key if it is well formed.

    Raises: ValueError.
    """
    if len(key) > _LONGEST_KEY or _KEY.fullmatch(key) is None:
        raise ValueError(f"malformed blob key: {key!r}")
    return key


def make_folder(folder: Path) -> None:
    """Make the folder and its missing parents durably, readable by their owner alone."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    flush_folder(folder.parent)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: who exchanges a file must not bring back one that somebody deletes meanwhile."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_flushed(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Make the folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
