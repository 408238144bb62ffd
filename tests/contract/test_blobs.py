"""One contract over every blob adapter: local folder, memory, S3."""

import asyncio
import errno
import hashlib
import os
import re
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

import pytest

from invigil.platform.blobs import BlobMissingError, BlobStore, SealedBlobs, open_blob_store
from invigil.platform.keys import CannotOpenError, Keys
from invigil.platform.keys.keyring import new_material


class StandIn(BaseHTTPRequestHandler):
    """One bucket; the first part of the path is its name."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes]

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wanted, present = self.headers.get("If-Match"), self.objects.get(self._key())
        if wanted is not None and (present is None or wanted != _tag(present)):
            self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
            return
        self.objects[self._key()] = body
        self._answer(200, b"", {"ETag": _tag(body)})

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            self._answer(200, self._list(query.get("prefix", [""])[0]))
        elif self._key() in self.objects:
            self._give(self.objects[self._key()])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def _give(self, content: bytes) -> None:
        headers = {"ETag": _tag(content), "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if wanted is None:
            self._answer(200, content, headers)
            return
        part = content[int(wanted[1]) : int(wanted[2]) + 1]
        last = int(wanted[1]) + len(part) - 1
        self._answer(206, part, headers | {"Content-Range": f"bytes {wanted[1]}-{last}/{len(content)}"})

    def do_HEAD(self) -> None:
        content = self.objects.get(self._key())
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
        self.end_headers()

    def do_POST(self) -> None:
        """Bulk delete, the form in which obstore deletes."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keys = re.findall(r"<Key>(.*?)</Key>", asked)
        for key in keys:
            self.objects.pop(unescape(key), None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).split("/", 2)[2]

    def _list(self, prefix: str) -> bytes:
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(self.objects[key])}</Size></Contents>'
            for key in sorted(self.objects)
            if key.startswith(prefix)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()}"'


@contextmanager
def s3_stand_in() -> Iterator[str]:
    """Run the stand-in; yields its endpoint."""
    kind = type("OwnStandIn", (StandIn,), {"objects": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(params=["file", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlobStore]:
    if request.param == "file":
        yield open_blob_store(f"file://{tmp_path}/blobs")
    elif request.param == "memory":
        yield open_blob_store("memory://")
    else:
        with s3_stand_in() as endpoint:
            for name, value in (
                ("AWS_ENDPOINT", endpoint),
                ("AWS_ALLOW_HTTP", "true"),
                ("AWS_REGION", "local"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
            ):
                monkeypatch.setenv(name, value)
            yield open_blob_store("s3://bucket/invigil")


@pytest.fixture
def keys() -> Keys:
    return Keys(new_material())


async def test_what_was_put_is_got(store: BlobStore) -> None:
    for content in (b"", b"x", os.urandom(200_000)):
        await store.put("a/b.bin", content)
        assert await store.get("a/b.bin") == content


async def test_missing_blob(store: BlobStore) -> None:
    with pytest.raises(BlobMissingError):
        await store.get("a/none")


async def test_delete_twice(store: BlobStore) -> None:
    await store.put("a/b", b"x")
    await store.delete("a/b")
    await store.delete("a/b")
    with pytest.raises(BlobMissingError):
        await store.get("a/b")


async def test_the_start_of_a_blob(store: BlobStore) -> None:
    await store.put("a/b", b"0123456789")
    assert await store.read_start("a/b", 5) == b"01234"
    await store.put("a/b", b"012")
    assert await store.read_start("a/b", 5) == b"012"
    with pytest.raises(BlobMissingError):
        await store.read_start("a/none", 5)


async def test_only_what_is_still_there_is_exchanged(store: BlobStore) -> None:
    await store.put("a/b", b"old")
    assert await store.exchange("a/b", b"old", b"new")
    assert await store.get("a/b") == b"new"
    assert not await store.exchange("a/b", b"old", b"newer")
    assert await store.get("a/b") == b"new"
    await store.delete("a/b")
    assert not await store.exchange("a/b", b"new", b"back from the dead")
    assert not await store.exchange("no/folder", b"", b"x")
    assert await store.list("") == []


async def test_parallel_exchangers_and_deleters_leave_nothing_deleted_behind(store: BlobStore) -> None:
    for _ in range(20):
        await store.put("a/b", b"old")
        exchanged, _ = await asyncio.gather(store.exchange("a/b", b"old", b"new"), store.delete("a/b"))
        assert exchanged in (True, False)
        assert await store.list("a") == []


async def test_list_is_by_folder_and_sorted(store: BlobStore) -> None:
    for key in ("a/c", "a/b/d", "ab/e", "f"):
        await store.put(key, b"")
    assert await store.list("a") == ["a/b/d", "a/c"]
    assert await store.list("") == ["a/b/d", "a/c", "ab/e", "f"]
    assert await store.list("none") == []


@pytest.mark.parametrize("key", ["", "/a", "a/", "a//b", "../a", "a/../b", ".hidden", "a/.b", "中文", "a b", "x" * 501])
async def test_malformed_keys(store: BlobStore, key: str) -> None:
    for act in (store.put(key, b""), store.get(key), store.delete(key)):
        with pytest.raises(ValueError, match="malformed"):
            await act


async def test_parallel_writers_of_one_key_leave_one_whole_content(store: BlobStore) -> None:
    contents = [bytes([n]) * 10_000 for n in range(8)]
    await asyncio.gather(*(store.put("a/b", content) for content in contents))
    assert await store.get("a/b") in contents
    assert await store.list("") == ["a/b"]


async def test_sealed_blobs_are_ciphertext_bound_to_their_key(store: BlobStore, keys: Keys) -> None:
    sealed = SealedBlobs(store, keys)
    content = b"\xff\xd8\xff\xe0 canary 110101199001011234 " * 50
    await sealed.put("photos/one", content)
    assert await sealed.get("photos/one") == content
    raw = await store.get("photos/one")
    assert b"canary" not in raw
    assert not raw.startswith(b"\xff\xd8")
    await store.put("photos/two", raw)
    with pytest.raises(CannotOpenError):
        await sealed.get("photos/two")
    await store.put("photos/one", raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(CannotOpenError):
        await sealed.get("photos/one")
    assert await sealed.list("photos") == ["photos/one", "photos/two"]
    await sealed.delete("photos/one")
    assert await sealed.list("photos") == ["photos/two"]


def test_unknown_kind_of_store() -> None:
    with pytest.raises(ValueError, match="ftp"):
        open_blob_store("ftp://example.org")


async def test_local_put_is_flushed_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[tuple[str, str]] = []
    fsync, replace = os.fsync, Path.replace

    def seen_fsync(handle: int) -> None:
        acts.append(("fsync", "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"))
        fsync(handle)

    def seen_replace(path: Path, target: Any) -> Path:
        acts.append(("rename", ""))
        return replace(path, target)

    store = open_blob_store(f"file://{tmp_path}/blobs")
    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(Path, "replace", seen_replace)
    await store.put("a/b", b"x")
    assert acts == [("fsync", "folder"), ("fsync", "file"), ("rename", ""), ("fsync", "folder")]
    assert (tmp_path / "blobs/a/b").stat().st_mode & 0o077 == 0


async def test_local_put_that_fails_acknowledges_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_blob_store(f"file://{tmp_path}/blobs")
    await store.put("a/b", b"old")

    def fail(_handle: int) -> None:
        raise OSError(errno.EACCES, "not allowed")  # a failing disk would end the process: tests/faults

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="not allowed"):
            await store.put("a/b", b"new")
    assert await store.get("a/b") == b"old"
