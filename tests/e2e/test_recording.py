"""What is recorded is kept: an outage, a reload and a kill lose nothing, nothing lies open on the computer, not a frame is changed."""

import base64
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from invigil.app.demo.devices import CHROMIUM
from invigil.app.demo.preparing import OPEN_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.capture import Computer
from tests.e2e.conftest import ROOT
from tests.e2e.recorded import (
    LONGEST_MS,
    TAP,
    TRACKS,
    Recorded,
    finish,
    picture,
    share_screen,
    wait_for_waiting,
    wait_until_drained,
)
from tests.e2e.recordings import PLAIN, Recording, find_in, frames_of, read_recordings, starts_on_key_frame

# Without a server: this long at least, and until so many segments of each track wait; half a minute in the long form.
OUTAGE_S, OUTAGE_SEGMENTS = (30, 6) if os.environ.get("INVIGIL_SLOW_TESTS") else (10, 2)
STARVED = ("device_lost", "muted")
# The header and three segments that must fit together.
LEAST_SEGMENTS = 4
NO_MP4 = """(() => {
  const isTypeSupported = MediaRecorder.isTypeSupported
  MediaRecorder.isTypeSupported = (type) => !type.includes('mp4') && isTypeSupported.call(MediaRecorder, type)
})()"""
RAW = """async (kind) => {
  const bytes = new Uint8Array(await new Blob(window.tapped.blobs[kind]).arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}"""


@pytest.fixture(scope="module")
def recorded(show: Demo) -> Recorded:
    """The examination."""
    return Recorded(show)


def test_an_outage_a_reload_and_a_kill_lose_nothing(recorded: Recorded, pc: Computer, tmp_path: Path) -> None:
    demo, ticket = recorded.demo, recorded.tickets[OPEN_SUBJECT][0]
    page = recorded.sit_down(pc, ticket, "第二场")
    picture(page, "recording-01-screen-missing")
    share_screen(page)
    attempt_id = recorded.attempt_id(recorded.prepared.open_id, ticket)
    stored = wait_for_waiting(page, 1)

    demo.stop()
    begun = time.monotonic()
    expect(page.get_by_text("已存本机")).to_be_visible(timeout=LONGEST_MS)
    page.keyboard.press("a")
    page.wait_for_timeout(max(0.0, begun + OUTAGE_S - time.monotonic()) * 1000)
    held = wait_for_waiting(page, OUTAGE_SEGMENTS)
    stored += held
    picture(page, "recording-02-outage")
    demo.serve()
    wait_until_drained(page, stored)
    candidate.expect_answered(page, 1)
    # How long a segment is depends on the machine; that each is there does not.
    tracks = recorded.coverage(attempt_id)
    assert sum(take["segment_count"] for name in TRACKS for take in tracks[name]["takes"]) >= len(held), tracks

    page.reload()
    candidate.expect_paper(page)
    # What the page before has left is not yet of the takes that are killed.
    stored += wait_for_waiting(page, 0)
    share_screen(page)
    stored += wait_for_waiting(page, 1, beside=stored)

    demo.stop()
    left = wait_for_waiting(page, 2, beside=stored)
    pc.kill()
    assert list(find_in(pc.profile, [PLAIN])) == []
    demo.serve()
    page = pc.open(CHROMIUM).pages[0]
    page.goto(f"{demo.origin}/sit/{recorded.prepared.open_id}")
    candidate.expect_paper(page)
    wait_until_drained(page, left)
    share_screen(page)
    stored += left + wait_for_waiting(page, 1, beside=stored + left)
    finish(page)
    picture(page, "recording-03-drained")
    pc.close()

    found = read_recordings(demo.settings, attempt_id)
    check_recordings(found, stored, tmp_path)
    keys = [re.compile(re.escape(one.key)) for one in found]
    assert list(find_in(pc.profile, [PLAIN, *keys])) == []
    check_coverage(recorded.coverage(attempt_id))


def check_recordings(found: list[Recording], stored: list[str], folder: Path) -> None:
    """Whatever the computer once held is at the server, opens, and can be watched; each segment stands for itself."""
    assert set(stored) <= {one for recording in found for one in recording.hashes}
    for track in TRACKS:
        ends = [one.take.end and one.take.end.cause for one in found if one.take.track == track]
        # A machine under load may starve a camera for seconds: that ends a take as well, with its own cause, and says so.
        assert [one for one in ends if one not in STARVED] == ["reload", "killed", "finished"], (track, ends)
    filmed = [one for one in found if len(one.plain) > 1]
    assert {one.take.track for one in filmed} == set(TRACKS)
    for recording in filmed:
        assert frames_of(recording.write(folder))
        middle = folder / f"middle-{recording.take.id}"
        middle.write_bytes(recording.plain[0] + recording.plain[-1])
        assert starts_on_key_frame(middle)


def check_coverage(tracks: dict[str, dict[str, Any]]) -> None:
    """Stored and gaps are the sitting; the gaps say what happened."""
    for track in TRACKS:
        covered = tracks[track]
        window = covered["window"]["to_ms"] - covered["window"]["from_ms"]
        assert abs(covered["stored_ms"] + covered["gap_ms"] - window) <= 1_000
        assert {"reload", "killed"} <= {gap["cause"] for gap in covered["gaps"] if gap["is_declared"]}
        assert all(one["is_intact"] and one["conflicts"] == 0 for one in covered["takes"])


def test_a_scanner_of_profiles_finds_what_lies_open(recorded: Recorded, pc: Computer) -> None:
    context = pc.open(CHROMIUM)
    page = context.pages[0]
    page.goto(recorded.demo.origin)
    content = (ROOT / "web/packages/media/tests/material/h264-opus.mp4").read_bytes()
    page.evaluate(
        """async (text) => {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
          const open = indexedDB.open('control')
          open.onupgradeneeded = () => open.result.createObjectStore('bodies')
          const database = await new Promise((done) => (open.onsuccess = () => done(open.result)))
          const writing = database.transaction('bodies', 'readwrite', { durability: 'strict' })
          writing.objectStore('bodies').put({ ciphertext: bytes }, 1)
          await new Promise((done) => (writing.oncomplete = done))
        }""",
        base64.b64encode(content).decode(),
    )
    pc.kill()
    assert list(find_in(pc.profile, [PLAIN]))


CONTAINERS = {"mp4": (TAP,), "webm": (NO_MP4, TAP)}


@pytest.mark.parametrize("container", CONTAINERS)
def test_what_is_stored_is_frame_by_frame_what_was_recorded(
    recorded: Recorded, pc: Computer, tmp_path: Path, container: str
) -> None:
    ticket = recorded.tickets[OPEN_SUBJECT][1 + list(CONTAINERS).index(container)]
    page = recorded.sit_down(pc, ticket, "第二场", *CONTAINERS[container])
    share_screen(page)
    attempt_id = recorded.attempt_id(recorded.prepared.open_id, ticket)
    recorded.wait_until_stored(page, attempt_id, LEAST_SEGMENTS)
    # Once a socket carries the manifest, nothing goes by the other way; what was ready before it stood did.
    commits = recorded.commits
    assert commits.astray == []
    finish(page)
    raw = {kind: base64.b64decode(page.evaluate(RAW, kind)) for kind in TRACKS}
    found = read_recordings(recorded.demo.settings, attempt_id)
    assert commits.by_socket > 0
    assert commits.by_socket + commits.by_http >= sum(len(one.hashes) for one in found), commits
    assert {one.take.track.value for one in found} == {"screen", "camera"}
    for one in found:
        assert container in one.take.mime
        assert len(one.plain) >= LEAST_SEGMENTS
        whole = tmp_path / f"raw.{container}"
        whole.write_bytes(raw[one.take.track.value])
        assert frames_of(one.write(tmp_path)) == frames_of(whole)
