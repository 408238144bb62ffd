"""A recording is watched over: a track that stops is said at once, and answering is as quick as ever."""

import json
import re
import statistics
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from invigil.app.demo.preparing import OPEN_SUBJECT, QUICK_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.capture import Computer
from tests.e2e.conftest import ROOT
from tests.e2e.recorded import (
    LONGEST_MS,
    TAP,
    TRACKS,
    Recorded,
    expect_live,
    finish,
    picture,
    share_screen,
    wait_for_waiting,
    wait_until_drained,
)

STOP_SHOWN_WITHIN_MS = 5_000
# What the log says of the two stops, once each: the server alone writes it.
STOPS = ("屏幕：考生停止了录制", "摄像头：设备断开")
# A pressed key is on the screen within this much more than without recording, whatever else the machine does.
SLOWER_AT_MOST, SLOWER_BY_MS = 2.0, 40.0
# What else the machine does makes a series slower, never quicker: while recording one as quick as wanted is looked for in many.
SERIES, SERIES_RECORDING, PRESSES = 3, 12, 30
# Filled within seconds while nothing can be sent.
SMALL_DISK_BYTES = 500_000
# No track needs more of a line (S3.3: 150 to 300 kbit/s a stream).
MOST_KBPS = 300
# From the key's own time to the frame after the one that shows it.
MEASURE = """() => {
  window.delays = []
  addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
    const shown = new MessageChannel()
    shown.port1.onmessage = () => window.delays.push(performance.now() - timeStamp)
    shown.port2.postMessage(0)
  }), { capture: true })
}"""


@pytest.fixture(scope="module")
def recorded(show: Demo) -> Recorded:
    """The examination."""
    return Recorded(show)


def test_a_track_that_stops_is_said_at_once_and_holds_where_the_sitting_wants_it(
    recorded: Recorded, pc: Computer
) -> None:
    ticket = recorded.tickets[QUICK_SUBJECT][0]
    page = recorded.sit_down(pc, ticket, "第一场", TAP)
    veil = page.get_by_role("dialog", name="录制中断，答题暂停")
    veil.get_by_role("button", name="恢复屏幕录制").click()
    expect(veil).to_be_hidden()
    expect_live(page, "camera")
    page.keyboard.press("a")
    candidate.expect_answered(page, 1)

    took = page.evaluate(
        """async () => {
          const begun = performance.now()
          for (const [name, stream] of window.tapped.streams) if (name === 'getDisplayMedia') stream.getTracks().forEach((one) => one.stop())
          while (!document.querySelector('[data-testid=recording-veil]')) await new Promise(requestAnimationFrame)
          return performance.now() - begun
        }"""
    )
    assert took < STOP_SHOWN_WITHIN_MS
    expect(veil.get_by_text("屏幕录制已停止")).to_be_visible()
    picture(page, "recording-04-held")
    before = page.get_by_role("timer").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("timer")).not_to_have_text(before)
    veil.get_by_role("button", name="恢复屏幕录制").click()
    expect(veil).to_be_hidden()
    expect(page.get_by_role("heading", name=re.compile("^第 1 题"))).to_be_visible()

    # A lost camera comes back without anybody's hand.
    page.evaluate(
        "() => window.tapped.streams.filter(([name]) => name === 'getUserMedia').at(-1)[1].getTracks().forEach((one) => one.stop())"
    )
    expect(page.locator("[data-track=camera][data-state=live]")).to_have_count(0)
    expect_live(page, "camera")
    expect(veil).to_be_hidden()
    finish(page)
    attempt_id = recorded.attempt_id(recorded.prepared.quick_id, ticket)
    tracks = recorded.coverage(attempt_id)
    ends = {name: [take["end_cause"] for take in tracks[name]["takes"]] for name in TRACKS}
    assert ends == {"screen": ["ended_by_user", "finished"], "camera": ["device_lost", "finished"]}
    stops = read_stops(recorded, attempt_id)
    assert [stops.count(one) for one in STOPS] == [1, 1], stops
    assert not any("正常结束" in one for one in stops), stops


def read_stops(recorded: Recorded, attempt_id: str) -> list[str]:
    """Return what the log says of interruptions."""
    steps = recorded.demo.staff("admin").get(f"/api/activity/of-attempt/{attempt_id}")
    return [one["detail_zh"] for one in steps if one["kind"] == "recording_stopped"]


def test_a_computer_that_is_full_says_so_and_goes_on_by_itself(recorded: Recorded, pc: Computer) -> None:
    demo, ticket = recorded.demo, recorded.tickets[OPEN_SUBJECT][4]
    page = recorded.sit_down(pc, ticket, "第二场")
    browser = page.context.new_cdp_session(page)
    share_screen(page)
    demo.stop()
    # The page knows that it is alone before there is no room: otherwise others would be to blame.
    expect(page.get_by_text("已存本机")).to_be_visible(timeout=LONGEST_MS)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": demo.origin, "quotaSize": SMALL_DISK_BYTES})
    full = page.get_by_text("本机已存满录像").first
    expect(full).to_be_visible(timeout=LONGEST_MS)
    picture(page, "recording-05-full")
    page.keyboard.press("b")
    # Somebody makes room, and the network is back.
    browser.send("Storage.overrideQuotaForOrigin", {"origin": demo.origin})
    demo.serve()
    expect(full).to_be_hidden(timeout=LONGEST_MS)
    expect_live(page, "screen")
    expect_live(page, "camera")
    candidate.expect_answered(page, 1)
    finish(page)
    tracks = recorded.coverage(recorded.attempt_id(recorded.prepared.open_id, ticket))
    causes = {gap["cause"] for name in TRACKS for gap in tracks[name]["gaps"]}
    assert "offline_over_quota" in causes, tracks


def test_answering_is_as_quick_while_recording(recorded: Recorded, pc: Computer) -> None:
    no_camera = "navigator.permissions.query = async () => ({ state: window.isAllowed ? 'granted' : 'prompt' })"
    page = recorded.sit_down(pc, recorded.tickets[OPEN_SUBJECT][3], "第二场", no_camera)
    page.evaluate(MEASURE)
    without = min(press_keys(page) for _ in range(SERIES))
    expect(page.locator("[data-state=live]")).to_have_count(0)
    page.evaluate("() => (window.isAllowed = true)")
    share_screen(page)
    wait_for_waiting(page, 2)
    wanted = without * SLOWER_AT_MOST + SLOWER_BY_MS
    during = look_for_quick(page, wanted)
    assert during <= wanted, (during, without)
    cost = measure_cost(pc, page)
    finish(page)
    tracks = recorded.coverage(recorded.attempt_id(recorded.prepared.open_id, recorded.tickets[OPEN_SUBJECT][3]))
    cost |= {"key_to_screen_ms": {"without": without, "recording": during}}
    for track in TRACKS:
        stored_bytes = sum(take["total_bytes"] for take in tracks[track]["takes"])
        cost[f"{track}_kbps"] = round(stored_bytes * 8 / tracks[track]["stored_ms"], 1)
    (ROOT / "build/recording-cost.json").write_text(json.dumps(cost, indent=2))
    assert 0 < cost["screen_kbps"] < MOST_KBPS
    assert 0 < cost["camera_kbps"] < MOST_KBPS


def measure_cost(pc: Computer, page: Page) -> dict[str, Any]:
    """Return the processor time of the whole browser while a few segments come: recording, then neither recorded nor captured."""
    begun, seconds = time.monotonic(), pc.cpu_seconds()
    for _ in range(2):
        wait_until_drained(page, wait_for_waiting(page, 2))
    recording = (pc.cpu_seconds() - seconds) / (time.monotonic() - begun)
    return {"cores_while_recording": round(recording, 3)}


def look_for_quick(page: Page, wanted_ms: float) -> float:
    """Press keys until a series is as quick as wanted; return the quickest series in milliseconds."""
    quickest = press_keys(page)
    for _ in range(SERIES_RECORDING - 1):
        if quickest <= wanted_ms:
            break
        quickest = min(quickest, press_keys(page))
    return quickest


def press_keys(page: Page) -> float:
    """Answer and walk by keys; return the median delay from key to screen in milliseconds."""
    page.evaluate("() => (window.delays.length = 0)")
    for number in range(PRESSES):
        page.keyboard.press("ab"[number % 2] if number % 3 else "m")
    page.wait_for_function(f"() => window.delays.length >= {PRESSES}")
    delays: list[float] = page.evaluate("() => window.delays")
    return statistics.median(delays)
