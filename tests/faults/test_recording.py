"""F9: the media store refuses, is full, or is given something else; the server is killed while it takes segments (P3)."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from invigil.app.bench.seating import seat_attempts
from invigil.app.composition import build_ports, open_keys
from invigil.app.faults.server import VictimServer
from invigil.app.faults.wire import unverified_tls
from invigil.app.installation import check_installation
from invigil.platform.media import LocalMedia
from invigil.platform.ports import Ports
from invigil.platform.settings import Settings
from invigil.sit.answering.api import TICKET_HEADER
from invigil.sit.recording.api import verify_attempt
from tests.integration.sit.recording.studio import Studio
from tests.segments import MadeSegment, MadeTake
from tests.world import World

# A kill may come when every page has just been answered: killed until a page was interrupted, and so often at least and at most.
KILLS, MOST_KILLS, KEPT_BETWEEN = 2, 6, 30
SEGMENTS = 40


def _files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@dataclass
class _Refusing:
    """A store behind the real one that answers nothing for a while."""

    inner: LocalMedia

    async def read_sizes(self, _keys: Sequence[str]) -> dict[str, int]:
        raise OSError("503 Service Unavailable")


async def test_a_store_that_refuses_keeps_nothing_and_loses_nothing(world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([b"init", b"one"])
    for one in made:
        await studio.put(one)
    recorder = world.client._transport.app.state.recorder  # type: ignore[attr-defined]
    real = recorder._media
    recorder._media = _Refusing(real)
    for _ in range(3):
        answer = await studio.commit(*made)
        assert (answer.status_code, answer.json()["code"]) == (503, "recording.store_unavailable")
    recorder._media = real
    assert [one["state"] for one in (await studio.commit(*made)).json()["segments"]] == ["kept", "kept"]
    async with world.ports.db.reading() as tx:
        (verified,) = await verify_attempt(tx, real, studio.attempt.id)
    assert (verified.segment_count, verified.faults) == (2, [])


async def test_another_content_than_announced_is_refused_and_nothing_is_left(world: World, tmp_path: Path) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    (one,) = take.record([os.urandom(300_000)])
    spoilt = bytes([one.ciphertext[0] ^ 1]) + one.ciphertext[1:]
    for content in (spoilt, one.ciphertext[:-1]):
        answer = await studio.put(one, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "recording.hash_mismatch")
    answer = await studio.put(one, one.ciphertext + b"x")
    assert (answer.status_code, answer.json()["code"]) == (413, "recording.segment_too_large")
    assert _files(tmp_path / "data" / "media") == []
    assert [state["state"] for state in (await studio.commit(one)).json()["segments"]] == ["missing"]


async def test_replayed_and_swapped_segments_are_not_kept(world: World) -> None:
    studio = await Studio.open(world)
    take, other = await studio.begin(), await studio.begin()
    made, others = take.record([b"init", b"one", b"two"]), other.record([b"INIT", b"ONE", b"TWO"])
    await studio.keep(*made[:1])
    for one in (*made[1:], *others):
        await studio.put(one)
    swapped = MadeSegment(made[2].ciphertext, made[2].row | {"seq": 1})
    replayed = MadeSegment(others[1].ciphertext, others[1].row | {"take_id": take.take_id})
    for one in (swapped, replayed):
        await studio.put(one)
        assert [state["state"] for state in (await studio.commit(one)).json()["segments"]] == ["conflict"]
    await studio.keep(*made[1:])


@pytest.fixture
def small_folder(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB where recordings go."""
    place = tmp_path / "data" / "media"
    place.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


async def test_a_full_disk_refuses_segments_and_takes_them_when_there_is_room(small_folder: Path, world: World) -> None:
    studio = await Studio.open(world)
    take = await studio.begin()
    made = take.record([os.urandom(400_000) for _ in range(3)])
    ballast = small_folder / "ballast"
    ballast.write_bytes(bytes(700_000))
    answer = await studio.put(made[0])
    assert (answer.status_code, answer.json()["code"]) == (503, "recording.store_unavailable")
    assert answer.headers["retry-after"] == "5"
    assert _files(small_folder) == ["ballast"]
    ballast.unlink()
    await studio.keep(*made[:2])


@dataclass
class _Page:
    """A page that records and sends for as long as the test lasts: what was kept, it forgets; everything else it sends again."""

    attempt_id: str
    ticket: str
    take: MadeTake
    made: list[MadeSegment]
    kept: set[int] = field(default_factory=set)
    interrupted: int = 0
    has_kept: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_all(self, client: httpx.AsyncClient) -> None:
        """Send until everything is kept, through whatever happens to the server."""
        while len(self.kept) < len(self.made):
            try:
                await self._send_some(client)
            except (httpx.TransportError, httpx.HTTPStatusError):
                self.interrupted += 1
                await asyncio.sleep(0.05)

    async def _send_some(self, client: httpx.AsyncClient) -> None:
        waiting = [one for one in self.made if one.row["seq"] not in self.kept][:4]
        rows = [{name: one.row[name] for name in ("take_id", "seq", "sha256", "bytes")} for one in waiting]
        targets = (await self.post(client, "targets", {"segments": rows}))["targets"]
        for one, target in zip(waiting, targets, strict=True):
            (await client.put(target["urls"]["main"], content=one.ciphertext)).raise_for_status()
        answers = (await self.post(client, "commit", {"segments": [one.row for one in waiting]}))["segments"]
        self.kept |= {int(str(one["seq"])) for one in answers if one["state"] == "kept"}
        self.has_kept.set()

    async def post(self, client: httpx.AsyncClient, what: str, body: object) -> dict[str, Any]:
        """POST as this page. Raises: httpx.HTTPError - no answer, or another than success."""
        answer = await client.post(f"/api/sit/recording/{what}", json=body, headers={TICKET_HEADER: self.ticket})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def place(sqlite_template: Path, tmp_path: Path) -> Settings:
    """An installation whose server may be killed."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "invigil.sqlite")
    return Settings(data_folder=folder)


async def _begin(ports: Ports, client: httpx.AsyncClient) -> list[_Page]:
    pages = []
    for attempt_id, ticket in await seat_attempts(ports, 6):
        take = MadeTake(attempt_id, "camera")
        pages.append(_Page(attempt_id, ticket, take, take.record([os.urandom(60_000) for _ in range(SEGMENTS)])))
        await pages[-1].post(client, "takes", take.form(ports.keys.recording_public_key))
    return pages


async def test_the_server_is_killed_while_it_takes_segments(place: Settings, tmp_path: Path) -> None:
    ports = build_ports(place, await open_keys(place))
    async with ports.db.transaction() as tx:
        await check_installation(tx)
    server = VictimServer(place, tmp_path / "server.log")
    await server.start()
    try:
        async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{server.port}", verify=unverified_tls()) as client:
            pages = await _begin(ports, client)
            sending = asyncio.gather(*(page.send_all(client) for page in pages))
            for number in range(1, MOST_KILLS + 1):
                await asyncio.wait_for(_wait_for_kept(pages, number * KEPT_BETWEEN), 60)
                if number > KILLS and any(page.interrupted for page in pages):
                    break
                await server.kill_web()
            await asyncio.wait_for(sending, 90)
    finally:
        await server.kill()
    assert sum(page.interrupted for page in pages) > 0, "the kills hit nothing"
    async with ports.db.reading() as tx:
        for page in pages:
            (verified,) = await verify_attempt(tx, ports.media, page.attempt_id)
            assert (verified.segment_count, verified.faults) == (len(page.made), [])
    await ports.db.dispose()


async def _wait_for_kept(pages: list[_Page], count: int) -> None:
    while sum(len(page.kept) for page in pages) < count:
        for page in pages:
            page.has_kept.clear()
        await asyncio.wait(
            [asyncio.create_task(page.has_kept.wait()) for page in pages], return_when=asyncio.FIRST_COMPLETED
        )
