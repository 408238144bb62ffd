"""A candidate who is recorded, in a real browser: an examination on a server that can be taken away, and what waits on the computer."""

import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Response, WebSocket, expect

from invigil.app.demo.devices import CHROMIUM
from invigil.app.demo.preparing import OPEN_SUBJECT, QUICK_SUBJECT, Prepared, open_sittings
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.capture import Computer
from tests.e2e.conftest import ROOT
from tests.e2e.examination import find_exam, read_tickets, say_nothing

LONGEST_MS = 150_000
TRACKS = ("screen", "camera")
COMMIT, KEPT = "/api/sit/recording/commit", '"state":"kept"'
# The hashes of what waits, by track; headers are left out where only pictures count.
WAITING = """async (withHeaders) => {
  const open = indexedDB.open('invigil-recording')
  const database = await new Promise((done, failed) => { open.onsuccess = () => done(open.result); open.onerror = failed })
  const all = database.transaction('segments').objectStore('segments').getAll()
  const rows = await new Promise((done) => (all.onsuccess = () => done(all.result)))
  database.close()
  const waiting = { screen: [], camera: [], phone: [] }
  for (const row of rows) if (withHeaders || row.seq > 0) waiting[row.track].push(row.sha256)
  return waiting
}"""
# Keeps what the recorders hand out and the streams that were opened, for comparison and to break them.
TAP = """(() => {
  const tapped = (window.tapped = { blobs: {}, streams: [] })
  const Recorder = window.MediaRecorder
  window.MediaRecorder = class extends Recorder {
    constructor(stream, options) {
      super(stream, options)
      const kind = stream.getAudioTracks().length > 0 ? 'camera' : 'screen'
      tapped.blobs[kind] = []
      this.addEventListener('dataavailable', (event) => tapped.blobs[kind].push(event.data))
    }
  }
  for (const name of ['getUserMedia', 'getDisplayMedia']) {
    const ask = navigator.mediaDevices[name].bind(navigator.mediaDevices)
    navigator.mediaDevices[name] = async (wanted) => {
      const stream = await ask(wanted)
      tapped.streams.push([name, stream])
      return stream
    }
  }
})()"""


@dataclass
class Commits:
    """How a page declared what it had stored.

    by_socket: segments that the server kept. by_http: segments of requests that it answered.
    astray: requests over HTTP while a socket stood that had carried a commit.
    """

    by_socket: int = 0
    by_http: int = 0
    astray: list[str] = field(default_factory=list)
    _carries: bool = False

    def watch(self, page: Page) -> None:
        """Look at all that this page sends."""
        page.on("websocket", self._watch_socket)
        page.context.on("request", self._note_request)
        page.context.on("response", self._note_answer)

    def _watch_socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._note_frame)
        socket.on("close", lambda _: setattr(self, "_carries", False))

    def _note_frame(self, frame: str | bytes) -> None:
        if isinstance(frame, str) and frame.startswith('{"type":"committed"'):
            self._carries = True
            self.by_socket += frame.count(KEPT)

    def _note_request(self, request: Request) -> None:
        if self._carries and request.url.endswith(COMMIT):
            self.astray.append(request.post_data or "")

    def _note_answer(self, response: Response) -> None:
        if response.url.endswith(COMMIT) and response.ok:
            self.by_http += len(json.loads(response.request.post_data or "{}").get("segments", []))


class Recorded:
    """An examination that is recorded, on a server of its own that can be taken away."""

    def __init__(self, demo: Demo, tracks: Sequence[str] = TRACKS) -> None:
        self.demo = demo
        self._tracks = list(tracks)
        self.commits = Commits()
        self.prepared: Prepared = self._prepare()
        self.tickets = {
            subject: read_tickets(self.demo, self.prepared.exam_id, subject)
            for subject in (QUICK_SUBJECT, OPEN_SUBJECT)
        }

    def _prepare(self) -> Prepared:
        team = self.demo.team()
        recording = team.first.get("/api/exam-profiles")[0]["rules"]["recording"]
        rules = {
            "starts_in": timedelta(seconds=20),
            "duration_minutes": 60,
            "late_entry_within_minutes": 50,
            "early_hand_in_after_minutes": 0,
            "tracks_required": self._tracks,
        }
        pausing = rules | {"recording": recording | {"on_track_stopped": "pause"}}
        return open_sittings(team, say_nothing, find_exam(self.demo), quick=pausing, opened=rules)

    def attempt_id(self, sitting_id: str, ticket_number: str) -> str:
        """Find a candidate's attempt as staff do."""
        admin = self.demo.staff("admin")
        people = admin.get("/api/candidates", exam_id=self.prepared.exam_id, q=ticket_number)["items"]
        person = next(one for one in people if one["ticket_number"] == ticket_number)
        attempts = admin.get(f"/api/attempts/of-sitting/{sitting_id}")
        found: str = next(one["id"] for one in attempts if one["candidate_id"] == person["id"])
        return found

    def coverage(self, attempt_id: str) -> dict[str, dict[str, Any]]:
        """Return what is stored and what is not, by track."""
        return read_coverage(self.demo, attempt_id)

    def wait_until_stored(self, page: Page, attempt_id: str, segments: int) -> None:
        """Wait until the server has so many segments of each track of the computer."""
        wait_until_stored(self.demo, page, attempt_id, segments, TRACKS)

    def sit_down(self, pc: Computer, ticket: str, title: str, *scripts: str) -> Page:
        """Open the browser and enter; the paper lies on the desk."""
        context = pc.open(CHROMIUM)
        for script in scripts:
            context.add_init_script(script)
        page = context.pages[0]
        context.on("response", note_refusal)
        self.commits = Commits()
        self.commits.watch(page)
        page.goto(self.demo.origin)
        candidate.enter(page, ticket, title)
        expect(page.get_by_role("heading", name="考前检测")).to_be_visible()
        sitting_id = self.prepared.quick_id if title == "第一场" else self.prepared.open_id
        candidate.pass_check_in(page, self.demo, self.attempt_id(sitting_id, ticket))
        candidate.expect_paper(page)
        return page


def read_coverage(demo: Demo, attempt_id: str) -> dict[str, dict[str, Any]]:
    """Return what the server has of an attempt and what it has not, by track."""
    answer = demo.staff("admin").get(f"/api/recording/attempts/{attempt_id}/coverage")
    return {one["track"]: one for one in answer["tracks"]}


def wait_until_stored(demo: Demo, page: Page, attempt_id: str, segments: int, tracks: Sequence[str]) -> None:
    """Wait until the server has so many segments of each of these tracks."""
    until = time.monotonic() + LONGEST_MS / 1000
    while time.monotonic() < until:
        found = read_coverage(demo, attempt_id)
        counts = [sum(take["segment_count"] for take in found[name]["takes"]) for name in tracks]
        if min(counts) >= segments:
            return
        page.wait_for_timeout(1_000)
    pytest.fail(f"only {counts} segments are stored")


def note_refusal(response: Response) -> None:
    """Say what the server turned down: pytest shows it when a scenario fails."""
    if response.status >= 400 and ("/recording/" in response.url or "/media/" in response.url):
        declared = response.request.post_data if "/recording/" in response.url else ""
        sys.stderr.write(f"{response.status} {response.url.split('?')[0]} {declared}\n")


def share_screen(page: Page) -> None:
    """Share the whole screen; the camera comes back by itself."""
    page.get_by_role("button", name="恢复屏幕录制").click()
    expect_live(page, "screen")
    expect_live(page, "camera")


def expect_live(page: Page, track: str) -> None:
    """The light of this track says that it is recorded."""
    expect(page.locator(f"[data-track={track}]")).to_have_attribute("data-state", "live")


def wait_for_waiting(page: Page, of_each: int, beside: Sequence[str] = ()) -> list[str]:
    """Wait until so many segments with pictures of each track of the computer wait on it, beside those with these hashes.

    Return the hashes of all that waits.
    """
    enough = f"""async ([tracks, known]) => {{
      const waiting = await ({WAITING})(false)
      return tracks.every((track) => waiting[track].filter((one) => !known.includes(one)).length >= {of_each})
    }}"""
    _wait_until(page, enough, [list(TRACKS), list(beside)])
    found: dict[str, list[str]] = page.evaluate(WAITING, True)  # noqa: FBT003 - an argument of the script
    return [one for track in found.values() for one in track]


def wait_until_drained(page: Page, hashes: list[str]) -> None:
    """Wait until none of these segments waits any more."""
    gone = f"async (known) => !Object.values(await ({WAITING})(true)).flat().some((one) => known.includes(one))"
    _wait_until(page, gone, hashes)


def _wait_until(page: Page, predicate: str, arg: object) -> None:
    """Wait until an async predicate says yes: Playwright's own waiting ends with its first answer, whichever it is."""
    page.evaluate(
        f"""async ([arg, withinMs]) => {{
          const until = Date.now() + withinMs
          while (!(await ({predicate})(arg))) {{
            if (Date.now() > until) throw new Error('still not so')
            await new Promise((done) => setTimeout(done, 100))
          }}
        }}""",
        [arg, LONGEST_MS],
    )


def picture(page: Page, name: str) -> None:
    """Keep what the page shows, to be looked at by people."""
    folder = ROOT / "build/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", animations="disabled")


def finish(page: Page) -> None:
    """Hand in and stay until everything is uploaded."""
    page.get_by_role("banner").get_by_role("button", name="交卷").click()
    dialog = page.get_by_role("dialog", name="交卷前请确认")
    dialog.get_by_label(re.compile("题未答，仍要交卷")).check()
    dialog.get_by_role("button", name="确认交卷").click()
    candidate.read_receipt_number(page)
    expect(page.get_by_text("录制已全部上传，可以关闭页面")).to_be_visible(timeout=LONGEST_MS)
