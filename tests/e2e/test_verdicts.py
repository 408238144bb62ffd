"""A reviewer watches what was recorded, decides, and the recording is taken out: in Chromium, on a real server."""

import random
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from invigil.app.demo.candidates import SimulatedCandidate, enter
from invigil.app.demo.preparing import OPEN_SUBJECT
from invigil.app.demo.running import Demo
from invigil.kernel.encoding import decode_base64url
from tests.e2e import reviewing
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.reviewing import READ_VIDEOS
from tests.e2e.staff import log_in, open_menu
from tests.films import MIME, SECONDS_PER_PART, record_parts
from tests.segments import MadeTake

SECONDS = 24
TRACKS = ("screen", "camera", "phone")
# Tracks are held together this closely (S3.19).
MOST_DRIFT_S = 0.1


@pytest.fixture(scope="module")
def sat(show: Demo, examination: Examination) -> SimulatedCandidate:
    """A candidate whose three tracks were recorded, who left the page once, and who has handed in."""
    ticket = examination.tickets[OPEN_SUBJECT][-1]
    candidate = enter(show.browser(), ticket, examination.prepared.open_id)
    began_ms = int(datetime.now(UTC).timestamp() * 1000) - SECONDS * 1000
    with httpx.Client(base_url=show.origin, verify=False, timeout=60) as line:  # noqa: S501 - our own certificate
        for track in ("screen", "camera"):
            _record(line, candidate, track, began_ms)
        _leave_page(line, candidate, began_ms + 8_000)
    candidate.hand_in(candidate.answer_some(random.Random(7), 0.6))  # noqa: S311 - made-up answers
    return candidate


def _record(line: httpx.Client, candidate: SimulatedCandidate, track: str, began_ms: int) -> None:
    headers = {"Invigil-Ticket": candidate.entry["ticket"]}
    take = MadeTake(candidate.entry["attempt_id"], track)
    public_key = decode_base64url(candidate.entry["recording"]["public_key"])
    size = "1280x720" if track == "screen" else "640x480"

    def post(what: str, body: object) -> Any:
        answer = line.post(f"/api/sit/recording/{what}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    post("takes", take.form(public_key, mime=MIME))
    made = take.record(record_parts(SECONDS, size), began_ms=began_ms, length_ms=SECONDS_PER_PART * 1000)
    names = ("take_id", "seq", "sha256", "bytes")
    targets = post("targets", {"segments": [{name: one.row[name] for name in names} for one in made]})["targets"]
    for one, target in zip(made, targets, strict=True):
        url = next(iter(target["urls"].values()))
        assert line.put(url, content=one.ciphertext).is_success
    answer = post("commit", {"segments": [one.row for one in made]})
    assert {one["state"] for one in answer["segments"]} == {"kept"}


def _leave_page(line: httpx.Client, candidate: SimulatedCandidate, at_ms: int) -> None:
    at = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
    step = {"n": 1, "at_client": at, "kind": "screen_left", "detail": "hidden"}
    headers = {"Invigil-Ticket": candidate.entry["ticket"]}
    assert line.post("/api/sit/activity", json={"events": [step]}, headers=headers).is_success


def test_a_reviewer_watches_decides_and_finishes(desk: Desk, sat: SimulatedCandidate) -> None:
    page = desk.computer("/console/", width=1600, height=1000)
    log_in(page, "reviewer")
    open_menu(page, "录像复查")
    desk.picture(page, "review-queue")
    reviewing.open_candidate(page, sat.ticket_number)
    desk.picture(page, "review-locked")
    reviewing.unlock(page, films=2)
    expect(page.get_by_test_id("picture-phone")).to_contain_text("没有录制这一路")
    page.get_by_test_id("play").click()
    page.wait_for_function(f"() => ({READ_VIDEOS})().filter((video) => !video.isPaused).length >= 1")
    before = page.evaluate(READ_VIDEOS)[0]["at"]
    page.wait_for_function(f"(before) => ({READ_VIDEOS})()[0].at > before + 2", arg=before)
    playing = [video["at"] for video in page.evaluate(READ_VIDEOS) if video["width"] > 0]
    assert max(playing) - min(playing) <= MOST_DRIFT_S
    desk.picture(page, "review-playing")
    page.get_by_test_id("play").click()

    page.get_by_test_id("mark-signal").first.get_by_role("button").first.click()
    page.get_by_text("排除", exact=True).click()
    page.get_by_label("理由").fill("只是误触，随即返回")
    page.get_by_role("button", name="保存认定").click()
    expect(page.get_by_test_id("mark-signal").first).to_contain_text("排除")
    page.get_by_role("tab", name="操作日志").click()
    expect(page.get_by_role("button", name=re.compile("电脑 离开答题页面"))).to_be_visible()
    page.get_by_role("tab", name="录制缺口").click()
    expect(page.get_by_text("尚未开始录制").first).to_be_visible()
    desk.picture(page, "review-gaps")
    page.get_by_test_id("finish").click()
    page.get_by_role("dialog").get_by_role("button", name="完成本轮复查").click()
    expect(page.get_by_test_id("case-state")).to_have_text("未见违纪")


def test_the_recording_is_taken_out_as_films(desk: Desk, sat: SimulatedCandidate) -> None:
    page = desk.computer("/console/", width=1440, height=900)
    log_in(page, "admin")
    row = reviewing.order_package(page, sat.ticket_number)
    desk.picture(page, "review-downloads")
    names = [film["文件"] for film in reviewing.fetch_manifest(page, row)["考生"][0]["录像"]]
    assert len(names) == 2
    assert all(re.search(r"/(屏幕|电脑摄像头)_1_\d{6}\.mp4$", name) for name in names)
    page.get_by_role("tab", name="保存期限").click()
    expect(page.get_by_text("录像在考试结束后保存")).to_be_visible()
    desk.picture(page, "review-retention")
