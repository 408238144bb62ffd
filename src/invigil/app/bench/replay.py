"""`bench replay`: a reviewer jumps through 90 minutes of three tracks in Chromium, segments of four seconds, thousands of them (S3.19).

A candidate who answered and was heard of all the time is recorded (`long_films`); a browser then opens the screen of this attempt,
takes the keys, and jumps. Needs Playwright and Chromium, as the browser tests do.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from invigil.app.bench.long_films import TRACKS, Part, film, record
from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import LOGIN, PASSWORD, made_up_attempt, open_room, seat
from invigil.app.bench.serving import running_server
from invigil.app.bench.shown_films import Spread, expect_click, measure_distances, read_delay, watch_films
from invigil.app.demo.devices import ARGUMENTS, CHROMIUM
from invigil.kernel.ids import AttemptId
from invigil.platform.ports import Ports
from invigil.prepare.exams.api import Track
from invigil.sit.answering.api import TICKET_HEADER, Attempt
from invigil.sit.checkin.api import PHONE_HEADER, PhoneTicket, issue_phone_ticket
from invigil.sit.recording.api import to_ms
from invigil.watch.signals.api import RaisedSignal, raise_signals

MINUTES = 90
SAVES, STEPS, SIGNALS = 300, 400, 12
JUMPS = 16
WATCHED_S = 3
PROBES = 10
# Spread over the whole length, never twice into what is loaded: steps of the golden section.
_PLACES = [(0.07 + 0.618 * number) % 0.98 for number in range(JUMPS)]
_STARTS_WITHIN_MS = 1_500
# How long the answer with the timeline took, and its kilobytes.
_READ_TIMELINE = """() => {
  const [one] = performance.getEntriesByType('resource').filter(({ name }) => /attempts\\/att_\\w+$/.test(name))
  return [one.duration, one.encodedBodySize / 1000]
}"""
# How long it takes the page to fetch the segments it fetched last once more, without opening or showing them.
_FETCH = """async (count) => {
  const known = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/media/segments/'))
  const began = performance.now()
  await Promise.all(known.slice(-count).map(async ({ name }) => (await fetch(name, { cache: 'no-store' })).arrayBuffer()))
  return performance.now() - began
}"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was measured. Milliseconds, kilobytes, megabytes."""

    answer_ms: float
    answer_kb: float
    opened_ms: float
    seeks: Spread
    drift: Spread
    fetch_ms: float
    heap_mb: float
    renderer_mb: tuple[float, float]


def run(database: str) -> BenchReport:
    """Measure one reviewer on a quiet server."""
    return asyncio.run(_measure(database))


async def _measure(database: str) -> BenchReport:
    async with measuring_place(database) as ports:
        now = ports.clock.now()
        attempt = replace(made_up_attempt(0, now), starts_at=now - timedelta(minutes=MINUTES + 1))
        await open_room(ports, 1, attempt.starts_at)
        ((_, ticket),) = await seat(ports, [attempt])
        async with running_server(ports, more={"INVIGIL_DEMO": "true"}) as (port, _):
            origin = f"http://127.0.0.1:{port}"
            stored, segments = await asyncio.to_thread(_sit, ports, attempt, ticket, origin)
            await _raise(ports, attempt)
            seen = await asyncio.to_thread(_review, origin, attempt.id)
    return _report(database, seen, stored, segments)


def _sit(ports: Ports, attempt: Attempt, ticket: str, origin: str) -> tuple[int, int]:
    """Answer and be recorded; return the bytes and the number of segments."""
    began_ms, stored, segments = to_ms(attempt.starts_at), 0, 0
    store = Path(ports.settings.media_url.removeprefix("file://"))
    with (
        httpx.Client(base_url=origin, headers={TICKET_HEADER: ticket}, timeout=60) as line,
        TemporaryDirectory() as folder,
    ):
        phone = issue_phone_ticket(ports.keys, PhoneTicket(attempt.id, 1))
        films: dict[str, list[Part]] = {}
        for filmed in TRACKS:
            # The phone's film is the camera's, sealed anew.
            parts = films.get(filmed.size) or film(filmed, MINUTES, Path(folder))
            films[filmed.size] = parts
            segments += len(parts)
            line.headers[PHONE_HEADER] = phone if filmed.track is Track.PHONE else ""
            stored += record(
                line, attempt.id, ports.keys.recording_public_key, filmed, parts, began_ms=began_ms, store=store
            )
        for seq in range(1, SAVES + 1):
            answers = {f"i{item}": {"c": "ABCD"[(item + seq // item) % 4]} for item in range(1, seq // 3 + 1)}
            sheet = {"answers": answers, "attempt": attempt.id, "flags": [], "seq": seq, "v": 1}
            line.post("/api/sit/save", json={"sheet": sheet}).raise_for_status()
        for start in range(0, STEPS, 100):
            events = [_step(attempt, number) for number in range(start, start + 100)]
            line.post("/api/sit/activity", json={"events": events}).raise_for_status()
    return stored, segments


def _step(attempt: Attempt, number: int) -> dict[str, object]:
    at = attempt.starts_at + timedelta(minutes=MINUTES) * (number + 1) / STEPS
    return {"n": number + 1, "at_client": at.isoformat(), "kind": "screen_left", "detail": "hidden"}


async def _raise(ports: Ports, attempt: Attempt) -> None:
    times = [attempt.starts_at + timedelta(minutes=MINUTES) * number / SIGNALS for number in range(1, SIGNALS)]
    async with ports.db.transaction() as tx:
        await raise_signals(tx, attempt, [RaisedSignal("copy", at, "pc") for at in times])


def _review(origin: str, attempt_id: AttemptId) -> Replayed:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            page = browser.new_page(locale="zh-CN", viewport={"width": 1600, "height": 1000})
            page.goto(f"{origin}/console/")
            form = {"login_name": LOGIN, "password": PASSWORD}
            said = page.request.post(f"{origin}/api/staff/login", data=form, headers={"origin": origin})
            if not said.ok:
                raise RuntimeError(f"nobody could log in: {said.status} {said.text()}")
            page.goto(f"{origin}/console/review/{attempt_id}")
            return _watch(browser, page)
        finally:
            browser.close()


def _watch(browser: Browser, page: Page) -> Replayed:
    page.get_by_test_id("unlock").wait_for()
    answer_ms, answer_kb = page.evaluate(_READ_TIMELINE)
    before = _read_renderer_mb(browser)
    watch_films(page)
    page.get_by_test_id("unlock").click()
    page.get_by_text("日常复查", exact=True).click()
    expect_click(page, len(TRACKS))
    page.get_by_role("button", name="取得密钥并播放").click()
    opened = read_delay(page)
    seeks = Spread.of([_jump(page, place) for place in _PLACES])
    page.get_by_test_id("play").click()
    page.wait_for_timeout(_STARTS_WITHIN_MS)
    drift = measure_distances(page, WATCHED_S)
    page.get_by_test_id("play").click()
    fetched = Spread.of([page.evaluate(_FETCH, len(TRACKS)) for _ in range(PROBES)])
    memory = (before, _read_renderer_mb(browser))
    return Replayed(answer_ms, answer_kb, opened, seeks, drift, fetched.median, _read_heap_mb(page), memory)


def _jump(page: Page, place: float) -> float:
    """Click on the timeline at this share; return the milliseconds until every film shows that place."""
    stored = page.get_by_test_id("lane-screen").locator(".stored")
    box = stored.bounding_box()
    if box is None:
        raise RuntimeError("nothing was recorded")
    expect_click(page, len(TRACKS))
    stored.click(position={"x": box["width"] * place, "y": box["height"] / 2})
    return read_delay(page)


def _read_heap_mb(page: Page) -> float:
    with _session(page) as line:
        line.send("HeapProfiler.collectGarbage")
        used: float = line.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6


@contextmanager
def _session(page: Page) -> Iterator[CDPSession]:
    line = page.context.new_cdp_session(page)
    try:
        yield line
    finally:
        line.detach()


def _read_renderer_mb(browser: Browser) -> float:
    """Return the resident memory of the browser's largest page process."""
    line = browser.new_browser_cdp_session()
    found = [one["id"] for one in line.send("SystemInfo.getProcessInfo")["processInfo"] if one["type"] == "renderer"]
    line.detach()
    return max(_read_resident_kb(pid) for pid in found) / 1000


def _read_resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def _report(database: str, seen: Replayed, stored: int, segments: int) -> BenchReport:
    note = (
        f"{MINUTES} minutes, {len(TRACKS)} tracks, {segments} segments, {stored / 1e6:.0f} MB, {database}; the timeline came in "
        f"{seen.answer_ms:.0f} ms and is {seen.answer_kb:.0f} kB; from the keys to pictures {seen.opened_ms:.0f} ms; "
        f"{JUMPS} jumps, the slowest {seen.seeks.highest:.0f} ms; films {seen.drift.median:.0f} ms apart, {seen.drift.highest:.0f} ms at "
        f"most; heap {seen.heap_mb:.0f} MB, page process {seen.renderer_mb[0]:.0f} MB before the keys and {seen.renderer_mb[1]:.0f} MB after the jumps; "
        "baseline: the page fetches one segment of each track, nothing opened or shown"
    )
    return BenchReport(
        "replay", seen.seeks.median, "ms", round(seen.fetch_ms, 1), round(seen.seeks.median / seen.fetch_ms, 2), note
    )
