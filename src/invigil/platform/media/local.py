"""A local folder: pages PUT to a route of ours, which streams to disk, verifies and flushes before it answers."""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from invigil.kernel.encoding import decode_base64url, encode_base64url
from invigil.platform.blobs import BlobMissingError
from invigil.platform.blobs.store import DRAFT, LocalFolder, check_key, flush_folder, make_folder
from invigil.platform.disk import end_if_failing
from invigil.platform.entropy import new_token
from invigil.platform.keys import Keys
from invigil.platform.media.port import PROBES, AccessPoint, MediaMissingError, SignedAddress, Swept
from invigil.platform.room import Room

SEGMENTS_PATH = "/api/media/segments/"
# A page asks for addresses just before it sends; a reviewer's page asks again when they run out.
PUT_LASTS, GET_LASTS = timedelta(minutes=15), timedelta(hours=4)
_PURPOSE = "platform.media.address"
# Written to disk in pieces of this size: a change of thread for every network packet would cost more than the writing.
_PIECE_BYTES = 256 << 10
# Uploads under way stand in one folder: what a kill leaves there is found without a walk through millions of segments.
_DRAFTS = ".drafts"


class AddressInvalidError(Exception):
    """The signed address is not ours, was altered, or has run out."""


class HashMismatchError(Exception):
    """What arrived is not what was announced."""


class LocalMedia:
    """A folder of ciphertexts with signed addresses of our own."""

    def __init__(
        self, folder: Path, keys: Keys, access_points: Sequence[AccessPoint], room: Room | None = None
    ) -> None:
        self._folder = folder
        self._files = LocalFolder(folder, room)
        self._room = room
        self._keys = keys
        self.access_points = tuple(access_points)

    async def put(self, key: str, content: bytes) -> None:
        """See MediaStore."""
        await self._files.put(key, content)

    async def get(self, key: str) -> bytes:
        """See MediaStore."""
        try:
            return await self._files.get(key)
        except BlobMissingError as fault:
            raise MediaMissingError(key) from fault

    async def read_sizes(self, keys: Sequence[str]) -> dict[str, int]:
        """See MediaStore."""
        paths = {key: self._folder / check_key(key) for key in keys}
        return await asyncio.to_thread(_read_sizes, paths)

    async def delete(self, key: str) -> None:
        """See MediaStore."""
        await self._files.delete(key)

    async def list(self, prefix: str) -> list[str]:
        """See MediaStore."""
        return await self._files.list(prefix)

    async def sweep(self, before: datetime) -> Swept:
        """See MediaStore."""
        drafts = await asyncio.to_thread(_remove_old, self._folder / _DRAFTS, before)
        probes = await asyncio.to_thread(_remove_old, self._folder / PROBES, before)
        return Swept(drafts, probes)

    async def check_hashes(self) -> bool:
        """See MediaStore: `receive` does."""
        return True

    def sign_put(self, key: str, *, size: int, sha256: str, now: datetime) -> SignedAddress:
        """See MediaStore."""
        expires = int((now + PUT_LASTS).timestamp())
        code = self._code(_message("PUT", key, size, sha256, expires))
        query = urlencode({"bytes": size, "sha256": sha256, "expires": expires, "code": code})
        return self._address(key, query, expires)

    def sign_get(self, key: str, *, now: datetime) -> SignedAddress:
        """See MediaStore."""
        expires = int((now + GET_LASTS).timestamp())
        query = urlencode({"expires": expires, "code": self._code(_message("GET", key, 0, "", expires))})
        return self._address(key, query, expires)

    def check_put(self, key: str, *, size: int, sha256: str, expires: int, code: str, now: datetime) -> None:
        """Pass when `sign_put` made this address and it has not run out.

        Raises: AddressInvalidError.
        """
        self._check(_message("PUT", key, size, sha256, expires), code)
        _check_time(expires, now)

    def check_get(self, key: str, *, expires: int, code: str, now: datetime) -> None:
        """Pass when `sign_get` made this address and it has not run out.

        Raises: AddressInvalidError.
        """
        self._check(_message("GET", key, 0, "", expires), code)
        _check_time(expires, now)

    async def receive(self, key: str, pieces: AsyncIterator[bytes], *, size: int, sha256: str) -> None:
        """Stream an object to disk; durable when it returns. What is there already under this key is left alone.

        Raises: HashMismatchError - another length or another hash than announced; NoRoom, OSError - the disk: nothing was kept.
        A flush that fails ends the process (ADR-0012).
        """
        if self._room is not None:
            self._room.check()
        target = self._folder / check_key(key)
        if await asyncio.to_thread(_is_there, target, size, sha256):
            return
        await asyncio.to_thread(make_folder, target.parent)
        draft = self._folder / _DRAFTS / f"{new_token()}{DRAFT}"
        await asyncio.to_thread(make_folder, draft.parent)
        try:
            await _write(draft, pieces, size, sha256)
            await asyncio.to_thread(_settle, draft, target)
        except BaseException as fault:
            end_if_failing(fault)
            draft.unlink(missing_ok=True)
            raise

    def _check(self, message: bytes, code: str) -> None:
        try:
            given = decode_base64url(code)
        except ValueError as fault:
            raise AddressInvalidError from fault
        if not self._keys.is_mac(given, message, purpose=_PURPOSE):
            raise AddressInvalidError

    def _code(self, message: bytes) -> str:
        return encode_base64url(self._keys.mac(message, purpose=_PURPOSE))

    def _address(self, key: str, query: str, expires: int) -> SignedAddress:
        path = f"{SEGMENTS_PATH}{check_key(key)}?{query}"
        urls = {point.name: f"{point.origin}{path}" for point in self.access_points}
        return SignedAddress(urls, {}, datetime.fromtimestamp(expires, UTC))


def _message(method: str, key: str, size: int, sha256: str, expires: int) -> bytes:
    return f"{method}\n{key}\n{size}\n{sha256}\n{expires}".encode()


def _check_time(expires: int, now: datetime) -> None:
    if now.timestamp() > expires:
        raise AddressInvalidError


def _read_sizes(paths: dict[str, Path]) -> dict[str, int]:
    sizes = {}
    for key, path in paths.items():
        try:
            sizes[key] = path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            continue
    return sizes


def _is_there(path: Path, size: int, sha256: str) -> bool:
    try:
        return path.stat().st_size == size and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except (FileNotFoundError, NotADirectoryError):
        return False


def _remove_old(folder: Path, before: datetime) -> int:
    """Remove the files in a folder that were last written before this instant."""
    removed = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):  # it has just been settled, or somebody else sweeps
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                removed += 1
    return removed


async def _write(draft: Path, pieces: AsyncIterator[bytes], size: int, sha256: str) -> None:
    digest, seen, waiting = hashlib.sha256(), 0, bytearray()
    handle = await asyncio.to_thread(os.open, draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        async for piece in pieces:
            seen += len(piece)
            if seen > size:
                raise HashMismatchError
            digest.update(piece)
            waiting += piece
            if len(waiting) >= _PIECE_BYTES:
                await asyncio.to_thread(_write_all, handle, bytes(waiting))
                waiting.clear()
        if seen != size or digest.hexdigest() != sha256:
            raise HashMismatchError
        await asyncio.to_thread(_write_flushed, handle, bytes(waiting))
    finally:
        os.close(handle)


def _write_all(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _write_flushed(handle: int, content: bytes) -> None:
    _write_all(handle, content)
    os.fsync(handle)


def _settle(draft: Path, target: Path) -> None:
    draft.replace(target)
    flush_folder(target.parent)
