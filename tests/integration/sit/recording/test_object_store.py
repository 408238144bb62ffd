"""S3 mode against a real S3-compatible store (OpenStack Swift): presigned PUTs, HEAD at the commit, access points, no media here."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from invigil.app.faults.server import free_port
from invigil.platform.clock import FixedClock
from invigil.platform.settings import AccessPointSettings, MediaSettings, Settings
from invigil.sit.recording.api import FaultKind, list_takes, verify_attempt
from tests.conftest import START
from tests.integration.sit.recording.studio import Studio
from tests.object_store import BUCKET, object_store_or_skip, use_object_store
from tests.segments import MadeSegment
from tests.world import World, open_world

PAGE = "https://exam.test"


class _Counting:
    """Counts what comes into the web process."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.bytes_in = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def counted() -> Any:
            message = await receive()
            self.bytes_in += len(message.get("body", b""))
            return message

        await self.app(scope, counted, send)


@pytest.fixture
async def s3_world(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A system whose recordings go to the object store by two access points, the first of which is down."""
    endpoint = object_store_or_skip()
    use_object_store(monkeypatch)
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "invigil.sqlite")
    points = [
        AccessPointSettings(name="down", origin=f"http://127.0.0.1:{free_port()}"),
        AccessPointSettings(name="up", origin=endpoint),
    ]
    media = MediaSettings(url=f"s3://{BUCKET}/{tmp_path.name}", endpoint=endpoint, access_points=points)
    async with open_world(Settings(data_folder=data, media=media), FixedClock(START)) as opened:
        yield opened


async def _targets(studio: Studio, one: MadeSegment) -> dict[str, Any]:
    row = {name: one.row[name] for name in ("take_id", "seq", "sha256", "bytes")}
    found: dict[str, Any] = (await studio.post("targets", {"segments": [row]})).json()
    return found


async def _put(target: dict[str, Any], content: bytes) -> str:
    """PUT as a page does: the next access point when one fails; return the one that took it."""
    async with httpx.AsyncClient() as plain:
        for name, url in target["urls"].items():
            try:
                (await plain.put(url, content=content, headers=target["headers"])).raise_for_status()
            except httpx.HTTPError:
                continue
            return name
    raise AssertionError("no access point took the segment")


async def _states(studio: Studio, *segments: MadeSegment) -> list[str]:
    return [one["state"] for one in (await studio.commit(*segments)).json()["segments"]]


async def test_segments_go_straight_to_the_store(s3_world: World) -> None:
    counting = _Counting(s3_world.client._transport.app)  # type: ignore[attr-defined]
    s3_world.client._transport.app = counting  # type: ignore[attr-defined]
    studio = await Studio.open(s3_world)
    take = await studio.begin()
    made = take.record([b"init", *(os.urandom(300_000) for _ in range(4))])
    assert await _states(studio, made[0]) == ["missing"]
    for one in made:
        answer = await _targets(studio, one)
        assert [point["name"] for point in answer["access_points"]] == ["down", "up"]
        assert await _put(answer["targets"][0], one.ciphertext) == "up"
    assert await _states(studio, *made) == ["kept"] * 5
    assert counting.bytes_in < 10_000 < sum(len(one.ciphertext) for one in made)
    async with s3_world.ports.db.reading() as tx:
        (verified,) = await verify_attempt(tx, s3_world.ports.media, studio.attempt.id)
    assert (verified.segment_count, verified.faults) == (5, [])


async def test_what_is_short_or_altered_never_gets_into_the_store(s3_world: World) -> None:
    studio = await Studio.open(s3_world)
    take = await studio.begin()
    made = take.record([b"init", os.urandom(10_000)])
    targets = [(await _targets(studio, one))["targets"][0] for one in made]
    await _put(targets[0], made[0].ciphertext)
    altered = made[1].ciphertext[:-1] + bytes([made[1].ciphertext[-1] ^ 1])
    for wrong in (made[1].ciphertext[:-1], altered):
        with pytest.raises(AssertionError, match="no access point"):
            await _put(targets[1], wrong)
        assert await _states(studio, *made) == ["kept", "missing"]
    await _put(targets[1], made[1].ciphertext)
    assert await _states(studio, *made) == ["kept", "kept"]
    # The address is good for a while: what was kept is not written over with anything else.
    with pytest.raises(AssertionError, match="no access point"):
        await _put(targets[1], altered)


async def test_what_is_altered_inside_the_store_is_found(s3_world: World) -> None:
    studio = await Studio.open(s3_world)
    made = (await studio.begin()).record([b"init", os.urandom(10_000)])
    for one in made:
        await _put((await _targets(studio, one))["targets"][0], one.ciphertext)
    assert await _states(studio, *made) == ["kept", "kept"]
    key = f"{await _prefix(s3_world, studio)}/000001-{made[1].row['sha256'][:16]}"
    await s3_world.ports.media.put(key, made[1].ciphertext[:-1] + bytes([made[1].ciphertext[-1] ^ 1]))
    async with s3_world.ports.db.reading() as tx:
        (verified,) = await verify_attempt(tx, s3_world.ports.media, studio.attempt.id)
    assert [(one.seq, one.kind) for one in verified.faults] == [(1, FaultKind.OBJECT_ALTERED)]


async def test_an_address_opens_nothing_else(s3_world: World) -> None:
    studio = await Studio.open(s3_world)
    take = await studio.begin()
    (one,) = take.record([b"init"])
    target = (await _targets(studio, one))["targets"][0]
    url, headers = target["urls"]["up"], target["headers"]
    other = urlsplit(url)._replace(path=urlsplit(url).path + "x").geturl()
    async with httpx.AsyncClient() as plain:
        assert (await plain.put(other, content=one.ciphertext, headers=headers)).status_code == 403
        assert (await plain.get(url)).status_code == 403
        named = ", ".join(headers)
        asked = {"Origin": PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": named}
        allowed = await plain.options(url, headers=asked)
        assert allowed.headers["access-control-allow-origin"] in {"*", PAGE}
        assert named in allowed.headers["access-control-allow-headers"]
        assert (await plain.put(url, content=one.ciphertext, headers=headers)).status_code == 200
        read = s3_world.ports.media.sign_get(
            f"{(await _prefix(s3_world, studio))}/000000-{one.row['sha256'][:16]}", now=START
        )
        assert (await plain.get(read.urls["up"])).content == one.ciphertext


async def _prefix(world: World, studio: Studio) -> str:
    async with world.ports.db.reading() as tx:
        return (await list_takes(tx, studio.attempt.id))[0].prefix


async def test_our_own_route_takes_nothing_in_this_mode(s3_world: World) -> None:
    answer = await s3_world.client.put("/api/media/segments/a/b?bytes=1&sha256=0&expires=1&code=x", content=b"x")
    assert (answer.status_code, answer.json()["code"]) == (404, "recording.not_local")


async def test_pages_may_connect_to_the_access_points_alone(s3_world: World) -> None:
    policy = (await s3_world.client.get("/api/health")).headers["content-security-policy"]
    connect = next(part for part in policy.split("; ") if part.startswith("connect-src"))
    origins = [point.origin for point in s3_world.ports.media.access_points]
    assert connect == f"connect-src 'self' {' '.join(origins)}"


@pytest.fixture
async def lost_world(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A system whose object store does not answer."""
    use_object_store(monkeypatch)
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "invigil.sqlite")
    media = MediaSettings(url=f"s3://{BUCKET}/x", endpoint=f"http://127.0.0.1:{free_port()}")
    async with open_world(Settings(data_folder=data, media=media), FixedClock(START)) as opened:
        yield opened


async def test_a_store_that_does_not_answer_is_said_so(lost_world: World) -> None:
    studio = await Studio.open(lost_world)
    take = await studio.begin()
    answer = await studio.commit(*take.record([b"init"]))
    assert (answer.status_code, answer.json()["code"]) == (503, "recording.store_unavailable")
