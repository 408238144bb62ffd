"""The network check measures every access point as segments go there; what it sends is swept away, with what broke off (S1.6, S3.9)."""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from invigil.kernel.ids import JobId
from invigil.kernel.principals import SYSTEM
from invigil.platform.jobs import JobContext
from invigil.platform.media import PROBES, AccessPoint, LocalMedia
from invigil.sit.checkin.api import PHONE_HEADER, PhoneTicket, issue_phone_ticket
from invigil.sit.recording.jobs import SWEEP_MEDIA
from invigil.sit.recording.model.forms import MAX_PARCEL_BYTES
from invigil.sit.recording.service.probing import KEPT_FOR
from tests.integration.sit.recording.studio import Studio
from tests.world import World

POINTS = (AccessPoint("east", "https://east.test"), AccessPoint("west", "https://west.test"))


def parcel(content: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def media_of(world: World) -> LocalMedia:
    media = world.ports.media
    assert isinstance(media, LocalMedia)
    return media


async def sweep(world: World) -> dict[str, int]:
    """What the recurring job does."""
    return dict(await SWEEP_MEDIA.run(JobContext(JobId(""), SYSTEM, world.ports, "test"), {}))


async def test_parcels_go_to_each_access_point(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_of(world), "access_points", POINTS)
    studio = await Studio.open(world)
    small, large = os.urandom(1000), os.urandom(5000)
    answer = (await studio.post("probe", {"parcels": [parcel(small), parcel(large)]})).json()
    assert [one["name"] for one in answer["access_points"]] == ["east", "west"]
    for content, one in zip((small, large), answer["parcels"], strict=True):
        for name, url in one["urls"].items():
            parts = urlsplit(url)
            assert parts.netloc == f"{name}.test"
            sent = await world.client.put(f"{parts.path}?{parts.query}", content=content)
            assert (sent.status_code, sent.headers["access-control-allow-origin"]) == (200, "*")
    kept = await world.ports.media.list(PROBES)
    assert kept == [f"{PROBES}/{studio.attempt.id}-pc-{place}" for place in (0, 1)]
    assert [await world.ports.media.get(one) for one in kept] == [small, large]


async def test_measuring_again_writes_over_what_the_device_sent_before(world: World) -> None:
    studio = await Studio.open(world)
    phone = {PHONE_HEADER: issue_phone_ticket(world.ports.keys, PhoneTicket(studio.attempt.id, 1))}
    for _ in range(3):
        content = os.urandom(100)
        answer = (await studio.post("probe", {"parcels": [parcel(content)]})).json()
        assert (await world.client.put(answer["parcels"][0]["urls"]["main"], content=content)).status_code == 200
    asked = await world.client.post("/api/sit/recording/probe", json={"parcels": [parcel(content)]}, headers=phone)
    assert (await world.client.put(asked.json()["parcels"][0]["urls"]["main"], content=content)).status_code == 200
    assert await world.ports.media.list(PROBES) == [
        f"{PROBES}/{studio.attempt.id}-{device}-0" for device in ("pc", "phone")
    ]


@pytest.mark.parametrize(
    "parcels", [[], [parcel(b"x")] * 5, [{"sha256": "x", "bytes": 1}], [parcel(b"x") | {"bytes": MAX_PARCEL_BYTES + 1}]]
)
async def test_parcels_are_few_and_small(world: World, parcels: list[dict[str, object]]) -> None:
    studio = await Studio.open(world)
    answer = await studio.post("probe", {"parcels": parcels})
    assert (answer.status_code, answer.json()["code"]) == (422, "recording.invalid")


def files_below(world: World, pattern: str) -> list[Path]:
    return list(Path(world.ports.settings.data_folder).rglob(pattern))


async def break_off() -> AsyncIterator[bytes]:
    yield b"half"
    raise KeyboardInterrupt


@pytest.mark.parametrize("age", [timedelta(0), KEPT_FOR - timedelta(minutes=1), KEPT_FOR + timedelta(minutes=1)])
async def test_what_a_kill_broke_off_is_swept_by_its_age(
    world: World, monkeypatch: pytest.MonkeyPatch, age: timedelta
) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", b"one"])
    await studio.keep(*made)
    media = media_of(world)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_args, **_given: None)  # the process is gone: nobody cleans up after it
        with pytest.raises(KeyboardInterrupt):
            await media.receive("recording/a/b", break_off(), size=8, sha256="0" * 64)
    content = os.urandom(100)
    answer = (await studio.post("probe", {"parcels": [parcel(content)]})).json()
    await world.client.put(answer["parcels"][0]["urls"]["main"], content=content)
    written_at = (world.clock.now() - age).timestamp()
    drafts, probes = (files_below(world, f"{name}/*") for name in (".drafts", PROBES))
    assert (len(drafts), len(probes)) == (1, 1)
    for path in (*drafts, *probes):
        os.utime(path, (written_at, written_at))
    assert await sweep(world) == ({"drafts": 1, "probes": 1} if age > KEPT_FOR else {"drafts": 0, "probes": 0})
    assert await sweep(world) == {"drafts": 0, "probes": 0}
    # Segments are never swept, however old; and no list of what there is shows an upload under way.
    keys = await media.list("")
    assert len([one for one in keys if one.startswith("recording/")]) == len(made)
    assert len(keys) == len(made) + (age <= KEPT_FOR)


async def test_an_upload_under_way_is_never_swept(world: World) -> None:
    media, content = media_of(world), os.urandom(1000)

    async def pieces() -> AsyncIterator[bytes]:
        yield content[:500]
        assert await sweep(world) == {"drafts": 0, "probes": 0}
        yield content[500:]

    world.clock.advance(datetime.now(UTC) - world.clock.now())  # files bear the machine's time
    await media.receive("recording/a/b", pieces(), size=1000, sha256=hashlib.sha256(content).hexdigest())
    assert await media.get("recording/a/b") == content
