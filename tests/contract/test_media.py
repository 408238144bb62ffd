"""One contract over both media adapters: a local folder, an S3-compatible store."""

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from invigil.app.faults.server import free_port
from invigil.app.media_check import check_media
from invigil.platform.keys import Keys
from invigil.platform.keys.keyring import new_material
from invigil.platform.media import (
    AddressInvalidError,
    HashMismatchError,
    LocalMedia,
    MediaMissingError,
    MediaStore,
    open_media_store,
)
from invigil.platform.media.signing import (
    Credentials,
    CredentialsMissingError,
    checksum_headers,
    presign_put,
    read_credentials,
)
from invigil.platform.room import FILE, NoRoom, Room
from invigil.platform.settings import AccessPointSettings, MediaSettings
from tests.contract.test_blobs import s3_stand_in
from tests.object_store import BUCKET, object_store_or_skip, use_object_store

NOW = datetime.now(UTC)
POINTS = [
    AccessPointSettings(name="east", origin="https://east.test"),
    AccessPointSettings(name="west", origin="https://west.test"),
]


@pytest.fixture(params=["file", "s3", "swift"])
def media(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MediaStore]:
    keys = Keys(new_material())
    if request.param == "file":
        yield open_media_store(f"file://{tmp_path}/media", MediaSettings(access_points=POINTS), keys)
        return
    if request.param == "swift":
        use_object_store(monkeypatch)
        settings = MediaSettings(access_points=POINTS, endpoint=object_store_or_skip())
        yield open_media_store(f"s3://{BUCKET}/{tmp_path.name}", settings, keys)
        return
    with s3_stand_in() as endpoint:
        for name, value in (("AWS_REGION", "local"), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")):
            monkeypatch.setenv(name, value)
        yield open_media_store("s3://bucket/invigil", MediaSettings(access_points=POINTS, endpoint=endpoint), keys)


@pytest.fixture
def local(tmp_path: Path) -> LocalMedia:
    store = open_media_store(f"file://{tmp_path}/media", MediaSettings(), Keys(new_material()))
    assert isinstance(store, LocalMedia)
    return store


async def test_what_was_put_is_got_listed_and_deleted(media: MediaStore) -> None:
    content = os.urandom(200_000)
    await media.put("a/b-1", content)
    assert await media.get("a/b-1") == content
    assert await media.read_sizes(["a/b-1", "a/none", "a/b-1/c"]) == {"a/b-1": 200_000}
    assert await media.list("a") == ["a/b-1"]
    await media.delete("a/b-1")
    await media.delete("a/b-1")
    assert await media.read_sizes(["a/b-1"]) == {}
    with pytest.raises(MediaMissingError):
        await media.get("a/b-1")


def test_every_access_point_has_an_address_of_its_own(media: MediaStore) -> None:
    for address in (media.sign_put("a/b", size=1, sha256="0" * 64, now=NOW), media.sign_get("a/b", now=NOW)):
        assert {name: urlsplit(url).netloc for name, url in address.urls.items()} == {
            "east": "east.test",
            "west": "west.test",
        }
        assert NOW < address.expires_at <= NOW + timedelta(hours=4)


async def test_whether_hashes_are_checked_is_found_out(media: MediaStore, request: pytest.FixtureRequest) -> None:
    """The stand-in ignores what it does not know, as an old store would; Swift and our own route compare."""
    expected = request.node.callspec.params["media"] != "s3"
    assert await media.check_hashes() is expected
    assert await check_media(media) is expected


async def test_a_store_that_does_not_answer_says_nothing_about_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_object_store(monkeypatch)
    settings = MediaSettings(endpoint=f"http://127.0.0.1:{free_port()}")
    assert await check_media(open_media_store("s3://bucket/x", settings, Keys(new_material()))) is None


async def test_a_signed_address_takes_its_content_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_object_store(monkeypatch)
    settings = MediaSettings(endpoint=object_store_or_skip())
    store = open_media_store(f"s3://{BUCKET}/{tmp_path.name}", settings, Keys(new_material()))
    content, other = os.urandom(5000), os.urandom(5000)
    address = store.sign_put("a/b-c", size=5000, sha256=hashlib.sha256(content).hexdigest(), now=NOW)
    forged = checksum_headers(hashlib.sha256(other).hexdigest())
    async with httpx.AsyncClient() as plain:
        for body, headers, status in [
            (other, address.headers, 400), (content[:-1], address.headers, 400), (other, forged, 403), (content, {}, 403),
            (content, address.headers, 200), (content, address.headers, 200), (other, address.headers, 400),
        ]:  # fmt: skip
            answer = await plain.put(address.urls["main"], content=body, headers=dict(headers))
            assert answer.status_code == status, answer.text
    assert await store.get("a/b-c") == content


def test_without_a_key_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(CredentialsMissingError):
        read_credentials()
    token = {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_DEFAULT_REGION": "north",
        "AWS_SESSION_TOKEN": "t",
    }
    assert read_credentials(token) == Credentials("a", "b", "north", "t")
    url = presign_put(
        "https://s3.test/b/k?x=1", "0" * 64, read_credentials(token), now=NOW, lasts=timedelta(minutes=15)
    )
    given = parse_qs(urlsplit(url).query)
    assert (given["X-Amz-Security-Token"], given["X-Amz-Expires"]) == (["t"], ["900"])
    assert "x" not in given


@pytest.mark.parametrize("key", ["", "/a", "../a", "a//b", "a/.b"])
def test_malformed_keys_are_not_signed(media: MediaStore, key: str) -> None:
    with pytest.raises(ValueError, match="malformed"):
        media.sign_put(key, size=1, sha256="", now=NOW)


def _signed(local: LocalMedia, key: str, content: bytes) -> dict[str, str]:
    address = local.sign_put(key, size=len(content), sha256=hashlib.sha256(content).hexdigest(), now=NOW)
    return {name: values[0] for name, values in parse_qs(urlsplit(address.urls["main"]).query).items()}


@pytest.mark.parametrize(
    ("change", "later", "passes"),
    [
        ({}, 0, True), ({}, 899, True), ({}, 901, False), ({"key": "a/c"}, 0, False), ({"size": 2}, 0, False),
        ({"sha256": "0" * 64}, 0, False), ({"code": "AAAA"}, 0, False), ({"code": "!"}, 0, False), ({"expires": 9_999_999_999}, 0, False),
    ],
)  # fmt: skip
def test_local_addresses_hold_for_what_they_were_made_for(
    local: LocalMedia, change: dict[str, object], later: int, *, passes: bool
) -> None:
    given = _signed(local, "a/b", b"x")
    asked: dict[str, object] = {
        "key": "a/b", "size": 1, "sha256": given["sha256"], "expires": int(given["expires"]), "code": given["code"],
    }  # fmt: skip
    asked |= change
    key, now = str(asked.pop("key")), NOW.replace(microsecond=0) + timedelta(seconds=later)
    if passes:
        local.check_put(key, now=now, **asked)  # type: ignore[arg-type]
        return
    with pytest.raises(AddressInvalidError):
        local.check_put(key, now=now, **asked)  # type: ignore[arg-type]


def test_an_address_to_read_does_not_write(local: LocalMedia) -> None:
    address = local.sign_get("a/b", now=NOW)
    given = {name: values[0] for name, values in parse_qs(urlsplit(address.urls["main"]).query).items()}
    expires, code = int(given["expires"]), given["code"]
    local.check_get("a/b", expires=expires, code=code, now=NOW)
    with pytest.raises(AddressInvalidError):
        local.check_put("a/b", size=0, sha256="", expires=expires, code=code, now=NOW)


async def _pieces(content: bytes, size: int = 70_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_a_stream_is_kept_whole_or_not_at_all(local: LocalMedia) -> None:
    content = os.urandom(900_000)
    sha256 = hashlib.sha256(content).hexdigest()
    for wrong in (content[:-1], content + b"x", bytes([content[0] ^ 1]) + content[1:], b""):
        with pytest.raises(HashMismatchError):
            await local.receive("a/b", _pieces(wrong), size=len(content), sha256=sha256)
        assert await local.list("") == []
    for _ in range(2):
        await local.receive("a/b", _pieces(content), size=len(content), sha256=sha256)
    assert await local.get("a/b") == content


async def test_a_stream_that_breaks_off_leaves_nothing(local: LocalMedia, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 300_000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await local.receive("a/b", broken(), size=400_000, sha256="0" * 64)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


async def test_room_that_belongs_to_answers_is_not_taken(tmp_path: Path) -> None:
    room = Room(tmp_path, 1 << 20)
    store = open_media_store(f"file://{tmp_path}/media", MediaSettings(), Keys(new_material()), room)
    assert isinstance(store, LocalMedia)
    (tmp_path / FILE).touch()  # the reserve is in use
    with pytest.raises(NoRoom):
        await store.receive("a/b", _pieces(b"x"), size=1, sha256=hashlib.sha256(b"x").hexdigest())


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    keys = Keys(new_material())
    with pytest.raises(ValueError, match="ftp"):
        open_media_store("ftp://x", MediaSettings(), keys)
    twice = MediaSettings(access_points=[POINTS[0], POINTS[0]])
    with pytest.raises(ValueError, match="same name"):
        open_media_store(f"file://{tmp_path}/media", twice, keys)
