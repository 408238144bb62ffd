"""`bench wall`: what a proctor's page receives over the real staff socket while it shows 16 and 48 tiles, one still a second each (S1.7).

Candidates send stills of the size that pages send (drawn, 240×180); the figure is what comes down the proctor's connection,
frames of the socket, events and answers included, without TLS.
"""

import asyncio
import io
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx
from PIL import Image, ImageDraw
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import LOGIN, PASSWORD, ROOM, open_room, seat_attempts
from invigil.app.bench.serving import running_server

TILES, MANY_TILES = 16, 48
# What media.md allows for 16 tiles: 6 kB a tile and second, with the head of each frame.
BUDGET_KBITS = 800.0
SECONDS = 10.0
BEAT_S = 3.0
LARGEST_STILL = 6_144


def run(database: str) -> BenchReport:
    """Measure 16 tiles, then 48."""
    return asyncio.run(_measure(database))


async def _measure(database: str) -> BenchReport:
    async with measuring_place(database) as ports:
        tickets = [ticket for _, ticket in await seat_attempts(ports, MANY_TILES, seats_per_room=MANY_TILES)]
        await open_room(ports, len(tickets), ports.clock.now() - timedelta(hours=1))
        async with running_server(ports, more={"INVIGIL_DEMO": "true"}) as (port, _), _sitting(port, tickets):
            cookie = await _log_in(port)
            few, per_second, largest = await _watch(port, cookie, TILES)
            many, many_per_second, _ = await _watch(port, cookie, MANY_TILES)
    note = (
        f"{TILES} tiles at one still a second ({per_second:.1f} stills/s came, the largest {largest} B): {few:.0f} kbit/s; "
        f"{MANY_TILES} tiles: {many:.0f} kbit/s ({many_per_second:.1f} stills/s); drawn stills, {database}, no TLS; "
        "baseline: the budget of the design for 16 tiles"
    )
    return BenchReport("wall", round(few, 1), "kbit/s", BUDGET_KBITS, round(few / BUDGET_KBITS, 3), note)


async def _log_in(port: int) -> str:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        answer = await client.post("/api/staff/login", json={"login_name": LOGIN, "password": PASSWORD})
        answer.raise_for_status()
    return "; ".join(one.partition(";")[0] for one in answer.headers.get_list("set-cookie"))


@asynccontextmanager
async def _sitting(port: int, tickets: list[str]) -> AsyncIterator[None]:
    """Candidates who sit, each with a page that beats and sends what is asked for."""
    async with AsyncExitStack() as stack:
        work = []
        for number, ticket in enumerate(tickets):
            page = await stack.enter_async_context(connect(f"ws://127.0.0.1:{port}/api/sit/socket", max_size=None))
            await page.send(json.dumps({"type": "hello", "ticket": ticket}))
            work.append(asyncio.create_task(_live(page, number)))
        yield
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def _live(page: ClientConnection, number: int) -> None:
    still = draw_still(number)
    hearing = asyncio.create_task(_hear(page))
    beaten = 0.0
    try:
        while True:
            if time.monotonic() - beaten > BEAT_S:
                beaten = time.monotonic()
                await page.send('{"type":"heartbeat","seq":1,"pending":false,"answered":1,"rtt_ms":40}')
            await page.send(b"\x01\x01" + int(time.time() * 1000).to_bytes(8) + still)
            await asyncio.sleep(1)
    finally:
        hearing.cancel()


async def _hear(page: ClientConnection) -> None:
    async for _ in page:
        pass


def draw_still(number: int) -> bytes:
    """Draw a noisy picture as a camera gives one, as large as a page may send it: the quality goes down until it fits."""
    source = random.Random(number)  # noqa: S311 - a picture, the same every time
    picture = Image.effect_noise((240, 180), 28).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((90, 30 + source.randrange(20), 150, 110), fill="#e0b998")
    pen.rectangle((60, 120, 180, 180), fill="#2f5d8a")
    for quality in range(70, 5, -5):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= LARGEST_STILL:
            return out.getvalue()
    raise RuntimeError("no quality makes the picture small enough")


async def _watch(port: int, cookie: str, tiles: int) -> tuple[float, float, int]:
    """Return kbit/s received, stills per second, and the largest still, once pictures of all tiles have come."""
    origin = f"http://127.0.0.1:{port}"
    url = f"ws://127.0.0.1:{port}/api/staff/socket"
    async with connect(url, origin=Origin(origin), additional_headers={"cookie": cookie}, max_size=None) as wall:
        await wall.send(json.dumps({"type": "watch", "topic": f"room/{ROOM}", "since": 0}))
        wanted = {"room_id": ROOM, "seats": list(range(1, tiles + 1)), "source": "camera", "interval_ms": 1000}
        while json.loads(await _text(wall))["type"] != "snapshot":
            pass
        await wall.send(json.dumps({"type": "want_stills", **wanted}))
        seen: set[int] = set()
        async with asyncio.timeout(30):
            while len(seen) < tiles:
                frame = await wall.recv()
                if isinstance(frame, bytes):
                    seen.add(int.from_bytes(frame[2:4]))
        return await _count(wall)


async def _text(wall: ClientConnection) -> str:
    while True:
        frame = await wall.recv()
        if isinstance(frame, str):
            return frame


async def _count(wall: ClientConnection) -> tuple[float, float, int]:
    began, received, stills, largest = time.monotonic(), 0, 0, 0
    while (elapsed := time.monotonic() - began) < SECONDS:
        try:
            frame = await asyncio.wait_for(wall.recv(), SECONDS - elapsed)
        except TimeoutError:
            break
        except ConnectionClosed as closed:
            raise RuntimeError(f"the wall was shut: {closed}") from closed
        data = frame if isinstance(frame, bytes) else frame.encode()
        received += len(data) + (2 if len(data) < 126 else 4)
        if isinstance(frame, bytes):
            stills, largest = stills + 1, max(largest, len(frame))
    elapsed = time.monotonic() - began
    return received * 8 / 1000 / elapsed, stills / elapsed, largest
