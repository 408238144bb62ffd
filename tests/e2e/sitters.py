"""Candidates without a browser: they enter over HTTP, hold the page's socket open, beat, and send pictures that they draw."""

import asyncio
import io
import json
import ssl
import threading
import time
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from invigil.app.demo.candidates import DEVICE
from invigil.app.demo.people import CANDIDATE_PASSWORD
from invigil.app.demo.running import Demo

TRACKS = ("screen", "camera")
BEAT_S, STILL_S = 3.0, 1.0
# A machine on which other programs work answers late.
ANSWERS_WITHIN_S = 60
_COLOURS = ("#2f5d8a", "#3b7a57", "#8a5a2f", "#6a4c93", "#7a3b4e", "#40606e")


def draw_still(track: str, number: int) -> bytes:
    """Draw what a camera or a screen might show; a JPEG as small as those of a page."""
    picture = Image.new("RGB", (240, 180), "#20303f" if track == "camera" else "#f4f6f8")
    pen = ImageDraw.Draw(picture)
    colour = _COLOURS[number % len(_COLOURS)]
    if track == "camera":
        pen.ellipse((95, 35, 145, 95), fill="#e0b998")
        pen.pieslice((60, 95, 180, 240), 180, 360, fill=colour)
    else:
        pen.rectangle((0, 0, 240, 22), fill=colour)
        for line in range(6):
            pen.rectangle((16, 38 + line * 22, 60 + (line * 37 + number * 13) % 150, 46 + line * 22), fill="#9aa8b7")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=50)
    return out.getvalue()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the loop of all sitters: OpenSSL loses what one thread writes while another reads the same connection."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


def _do(what: Coroutine[Any, Any, None]) -> None:
    asyncio.run_coroutine_threadsafe(what, _loop()).result(ANSWERS_WITHIN_S)


class Sitter:
    """One candidate. is_silent: the computer has gone to sleep; the socket stays open and nothing is said any more."""

    def __init__(
        self,
        show: Demo,
        ticket_number: str,
        sitting_id: str,
        number: int,
        draw: Callable[[str, int], bytes] = draw_still,
    ) -> None:
        browser = show.browser()
        browser.log_in("/api/candidate/login", {"login_name": ticket_number, "password": CANDIDATE_PASSWORD})
        body: dict[str, object] = {"sitting_id": sitting_id, "device": DEVICE}
        door = browser.post("/api/sit/enter", body)
        self.entry = browser.post("/api/sit/enter", {**body, "consent_version": door["consent"]["version"]})
        self.is_silent = False
        self.ticket_number = ticket_number
        self._number = number
        self._since_ms = int(time.time() * 1000)
        self._stills = {track: draw(track, number) for track in TRACKS}
        _do(self._open(show))
        self._lives = [asyncio.run_coroutine_threadsafe(work(), _loop()) for work in (self._live, self._listen)]

    def raise_hand(self, call_id: str) -> None:
        """Call the proctor."""
        _do(self._say(type="raise_hand", id=call_id, is_raised=True))

    def close(self) -> None:
        """Leave."""
        for life in self._lives:
            life.cancel()
        _do(self._socket.close())

    async def _open(self, show: Demo) -> None:
        context = ssl.create_default_context(cafile=str(show.settings.data_folder / "tls" / "certificate.pem"))
        url = show.origin.replace("https", "wss") + "/api/sit/socket"
        self._socket = await connect(url, ssl=context, origin=Origin(show.origin), open_timeout=ANSWERS_WITHIN_S)
        await self._say(type="hello", ticket=self.entry["ticket"])

    async def _say(self, **message: Any) -> None:
        await self._socket.send(json.dumps(message))

    async def _live(self) -> None:
        beaten = 0.0
        while True:
            await asyncio.sleep(STILL_S)
            if self.is_silent:
                continue
            try:
                if time.monotonic() - beaten > BEAT_S:
                    beaten = time.monotonic()
                    await self._beat()
                for n, track in enumerate(TRACKS):
                    head = bytes((1, n)) + int(time.time() * 1000).to_bytes(8)
                    await self._socket.send(head + self._stills[track])
            except ConnectionClosed:
                return

    async def _beat(self) -> None:
        numbers = {"local_seq": 1, "pending_bytes": 0, "since_ms": self._since_ms}
        report = {"state": "live", "cause": "", "take_id": "", **numbers}
        await self._say(
            type="heartbeat", seq=1, pending=False, item="", answered=self._number, rtt_ms=40, battery_percent=70
        )
        await self._say(type="tracks", tracks=[{"track": track, **report} for track in TRACKS])

    async def _listen(self) -> None:
        try:
            async for _ in self._socket:
                pass
        except ConnectionClosed:
            return
