"""Checking in with two devices, as people see it: PC and phone in real browsers, the QR code read from the screen (S3.0, S3.8, S3.9, S3.12)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from invigil.app.demo.browsing import THREE_TONES, read_code
from invigil.app.demo.devices import ARGUMENTS, CHROMIUM
from invigil.app.demo.preparing import QUICK_SUBJECT
from invigil.app.demo.running import Demo
from tests.e2e import candidate
from tests.e2e.conftest import HAS_FAILED, ROOT
from tests.e2e.desk import Desk
from tests.e2e.examination import Examination
from tests.e2e.filming import open_filmed

MOCK = "模拟考核"
Filmed = Callable[..., Desk]


@pytest.fixture
def filmed(show: Demo, playwright: Playwright, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Filmed]:
    """Desks in browsers of their own, by what their camera shows."""
    opened: list[tuple[Browser, Desk]] = []

    def make(film: str = "room") -> Desk:
        browser = open_filmed(playwright, CHROMIUM, ARGUMENTS, tmp_path, film=film)
        desk = Desk(show.origin, browser, ROOT / "build/screenshots")
        opened.append((browser, desk))
        return desk

    yield make
    for browser, desk in opened:
        desk.close(has_failed=request.node.stash.get(HAS_FAILED, False))
        browser.close()
    assert [fault for _, desk in opened for fault in desk.faults] == []


def enter_mock(desk: Desk, ticket_number: str, *scripts: str) -> Page:
    """Log in, book the mock slot, consent; return the page at its check-in."""
    page = desk.computer()
    for script in (THREE_TONES, *scripts):
        page.add_init_script(script)
    page.reload()
    candidate.log_in(page, ticket_number)
    book = page.get_by_role("button", name="预约", exact=True).first
    book.click()
    candidate.sitting_card(page, MOCK).get_by_role("link", name=re.compile("进入考试|继续考试")).click()
    recorded = page.get_by_test_id("recorded")
    expect(recorded).to_contain_text("整个电脑屏幕、电脑摄像头与麦克风、手机摄像头与麦克风")
    expect(recorded).to_contain_text("180 天")
    desk.picture(page, "checkin-00-consent")
    candidate.agree(page)
    expect(page.get_by_role("heading", name="考前检测")).to_be_visible()
    return page


def expect_verdict(page: Page, kind: str, verdict: str) -> None:
    expect(page.locator(f'[data-check="{kind}"]')).to_have_attribute("data-verdict", re.compile(verdict))


def go_on(page: Page) -> None:
    page.get_by_role("button", name="下一步").click()


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="考前检测").get_by_role("button", name=name).click()


def open_phone(desk: Desk, playwright: Playwright, address: str, device: str = "iPhone 13") -> Page:
    phone = playwright.devices[device]
    context = desk._browser.new_context(
        **phone, ignore_https_errors=True, locale="zh-CN", permissions=["camera", "microphone"]
    )
    context.set_default_timeout(60_000)
    desk._contexts.append(context)
    page = context.new_page()
    page.add_init_script(THREE_TONES)
    page.on("pageerror", desk._note_error)
    page.on("console", desk._note_message)
    page.goto(address)
    return page


def count_tones(page: Page, play: str, count: str, heard: str) -> None:
    """The fake microphone hears no loudspeaker: the candidate counts."""
    page.get_by_role("button", name=play).click()
    expect_verdict(page, "speaker", "fail")
    page.get_by_role("button", name=count).click()
    page.get_by_role("button", name=heard).click()
    expect_verdict(page, "speaker", "warn")


def test_two_devices_are_checked_and_lead_to_the_waiting_room(
    filmed: Filmed, playwright: Playwright, examination: Examination, show: Demo
) -> None:
    desk = filmed()
    page = enter_mock(desk, examination.tickets[QUICK_SUBJECT][-1])
    expect_verdict(page, "browser", "pass|warn")
    expect_verdict(page, "network", "pass|warn")
    desk.picture(page, "checkin-01-network")
    go_on(page)
    expect_verdict(page, "camera", "pass")
    expect_verdict(page, "picture", "pass")
    desk.picture(page, "checkin-02-camera")
    go_on(page)
    page.get_by_role("button", name="检测麦克风").click()
    expect_verdict(page, "microphone", "pass")
    count_tones(page, "播放提示音", "播放并计数", "听到 3 声")
    desk.picture(page, "checkin-03-sound")
    go_on(page)
    desk.picture(page, "checkin-04-screen")
    page.get_by_role("button", name="共享整个屏幕").click()
    expect_verdict(page, "screen", "pass")
    desk.picture(page, "checkin-05-screen-shared")
    go_on(page)

    address = read_code(page)
    assert address.startswith(f"{show.origin}/phone/#")
    desk.picture(page, "checkin-06-code")
    phone = open_phone(desk, playwright, address)
    expect(phone.get_by_role("heading", name="已连接")).to_be_visible()
    # The token left the address before anything else; used again it opens nothing.
    assert phone.url == f"{show.origin}/phone/"
    again = {"token": address.partition("#")[2], "device": {"device_id": "x" * 30, "user_agent": "another"}}
    assert httpx.post(f"{show.origin}/api/phone/claim", json=again, verify=False).status_code == 410  # noqa: S501
    desk.picture(phone, "phone-01-welcome")
    phone.get_by_role("button", name="允许拍摄，开始检测").click()
    expect_verdict(phone, "picture", "pass")
    expect_verdict(phone, "microphone", "pass")
    expect_verdict(phone, "orientation", "fail")
    expect(page.locator('[data-phone-check="orientation"]')).to_have_class(re.compile("fail"))
    expect(page.get_by_test_id("phone-picture")).to_be_visible()
    desk.picture(phone, "phone-02-upright")
    desk.picture(page, "checkin-07-phone-checking")
    turn(phone)
    expect_verdict(phone, "orientation", "pass")
    count_tones(phone, "播放提示音", "听不到？播放并计数", "3 声")
    desk.picture(phone, "phone-03-checks")
    phone.get_by_role("button", name="已摆好，开始录制").click()
    expect(phone.get_by_role("heading", name="请勿离开此页面")).to_be_visible()
    expect(page.get_by_test_id("phone-state")).to_have_text(re.compile("手机正在录制|手机已就绪"))
    desk.picture(page, "checkin-08-all-green")

    # More is filmed than the candidate sees (S3.12): the sitting shows 60 % of the width.
    expect(phone.get_by_test_id("recording-state")).to_have_text("录制中")
    seen = phone.evaluate(SEEN)
    assert seen["recorded_width"] == 640
    assert seen["visible"] == pytest.approx(0.6, abs=0.02)
    desk.picture(phone, "phone-04-recording")

    page.get_by_role("button", name="进入候考室").click()
    expect(page.get_by_role("heading", name="候考室")).to_be_visible()
    report = read_report(show, examination)
    assert {"model", "camera", "picture", "microphone", "placement"} <= {
        one["kind"] for one in report["checks"] if one["device"] == "phone"
    }
    assert "iPhone" in report["phone"]["label"]

    # After a reload only the screen is asked for again.
    page.reload()
    expect(page.get_by_role("heading", name="考前检测")).to_be_visible()
    page.get_by_role("button", name="共享整个屏幕").click()
    page.get_by_role("button", name="进入候考室").click()
    expect(page.get_by_role("heading", name="候考室")).to_be_visible()


def expect_step(page: Page, name: str) -> None:
    """The check-in stands at this step."""
    current = page.get_by_role("navigation", name="考前检测").locator("[aria-current=step]")
    expect(current).to_contain_text(name)


def test_a_reload_in_the_middle_comes_back_to_where_it_was(
    filmed: Filmed, playwright: Playwright, examination: Examination
) -> None:
    desk = filmed()
    page = enter_mock(desk, examination.tickets[QUICK_SUBJECT][-7])
    expect_verdict(page, "network", "pass|warn")
    go_on(page)
    expect_verdict(page, "picture", "pass")
    go_on(page)
    expect_step(page, "麦克风与扬声器")
    page.reload()
    # The camera comes back by itself: nobody checks it twice.
    expect_step(page, "麦克风与扬声器")
    desk.picture(page, "checkin-13-reloaded-at-the-sound")
    page.get_by_role("button", name="检测麦克风").click()
    expect_verdict(page, "microphone", "pass")
    count_tones(page, "播放提示音", "播放并计数", "听到 3 声")
    go_on(page)
    page.get_by_role("button", name="共享整个屏幕").click()
    expect_verdict(page, "screen", "pass")
    go_on(page)
    phone = open_phone(desk, playwright, read_code(page))
    phone.get_by_role("button", name="允许拍摄，开始检测").click()
    expect_verdict(phone, "picture", "pass")
    phone.reload()
    # Not scanned again: one tap, for a browser opens no camera without.
    expect(phone.get_by_role("heading", name="已连接")).to_be_visible()
    desk.picture(phone, "phone-06-reloaded")
    phone.get_by_role("button", name="允许拍摄，开始检测").click()
    turn(phone)
    expect_verdict(phone, "orientation", "pass")
    expect(page.get_by_test_id("phone-state")).to_have_text("手机正在检测")
    page.reload()
    # A browser forgets a shared screen; the phone is still there.
    expect_step(page, "共享屏幕")
    desk.picture(page, "checkin-14-reloaded-at-the-phone")
    page.get_by_role("button", name="共享整个屏幕").click()
    expect_verdict(page, "screen", "pass")
    go_on(page)
    expect_step(page, "手机")
    expect(page.get_by_test_id("phone-state")).to_have_text("手机正在检测")


SEEN = """() => {
  const crop = document.querySelector('[data-testid=preview]'), video = crop.querySelector('video')
  return { visible: crop.clientWidth / video.clientWidth, recorded_width: video.videoWidth }
}"""


def turn(phone: Page) -> None:
    """Lay the phone on its side."""
    size = phone.viewport_size
    assert size is not None
    phone.set_viewport_size({"width": size["height"] + 150, "height": size["width"]})


def read_report(show: Demo, examination: Examination) -> dict[str, object]:
    """The report as support reads it."""
    admin = show.staff("admin")
    [attempt] = admin.get(f"/api/attempts/of-sitting/{examination.prepared.mock_id}")[:1]
    report: dict[str, object] = admin.get(f"/api/checkin/attempts/{attempt['id']}")
    return report


def test_another_phone_needs_the_proctor(
    filmed: Filmed, playwright: Playwright, examination: Examination, show: Demo
) -> None:
    desk = filmed()
    page = enter_mock(desk, examination.tickets[QUICK_SUBJECT][-2])
    step(page, "手机")
    open_phone(desk, playwright, read_code(page))
    expect(page.get_by_test_id("phone-state")).to_have_text("手机正在检测")
    page.get_by_role("button", name="重新扫码连接").click()
    other = open_phone(desk, playwright, read_code(page), "Pixel 7")
    expect(other.get_by_role("alert")).to_contain_text("已绑定另一部手机")
    desk.picture(other, "phone-05-other-refused")
    expect(page.get_by_role("alert")).to_contain_text("更换手机须经监考人员同意")
    desk.picture(page, "checkin-09-other-phone")
    admin = show.staff("admin")
    attempts = admin.get(f"/api/attempts/of-sitting/{examination.prepared.mock_id}")
    newest = max(attempts, key=lambda one: one["entered_at"])
    admin.post(f"/api/checkin/attempts/{newest['id']}/allow-phone", {"reason": "原手机没电"})
    expect(page.get_by_text("监考人员已同意更换手机")).to_be_visible()
    page.get_by_role("button", name="更新二维码").click()
    third = open_phone(desk, playwright, read_code(page), "Pixel 7")
    expect(third.get_by_role("heading", name="已连接")).to_be_visible()


@pytest.mark.parametrize(("film", "hint"), [("dark", "请打开房间的灯"), ("covered", "请移开镜头盖")])
def test_a_bad_picture_fails_with_the_right_hint(
    filmed: Filmed, examination: Examination, film: str, hint: str
) -> None:
    desk = filmed(film)
    place = -3 if film == "dark" else -4
    page = enter_mock(desk, examination.tickets[QUICK_SUBJECT][place])
    step(page, "摄像头")
    expect_verdict(page, "picture", "fail")
    expect(page.locator('[data-check="picture"]')).to_contain_text(hint)
    expect(page.get_by_role("button", name="下一步")).to_be_disabled()
    desk.picture(page, f"checkin-10-{film}")


CHOOSES_A_WINDOW = """() => {
  const told = MediaStreamTrack.prototype.getSettings
  MediaStreamTrack.prototype.getSettings = function () { return { ...told.call(this), displaySurface: 'window' } }
}"""


def test_a_window_is_not_the_whole_screen(filmed: Filmed, examination: Examination) -> None:
    desk = filmed()
    page = enter_mock(desk, examination.tickets[QUICK_SUBJECT][-5])
    step(page, "共享屏幕")
    # The browser's stand-in for a screen is always what the page prefers: a candidate who chooses a window is played here.
    page.evaluate(CHOOSES_A_WINDOW)
    page.get_by_role("button", name="共享整个屏幕").click()
    expect_verdict(page, "screen", "fail")
    expect(page.locator('[data-check="screen"]')).to_contain_text("共享的不是整个屏幕")
    expect(page.get_by_test_id("screen-guide")).to_be_visible()
    desk.picture(page, "checkin-11-window-refused")


SEVERAL_SCREENS = (
    "Object.defineProperty(Screen.prototype, 'isExtended', { configurable: true, get: () => window.hasTwo ?? true })"
)


def test_several_screens_are_refused_until_one_is_unplugged(filmed: Filmed, examination: Examination) -> None:
    desk = filmed()
    page = enter_mock(desk, examination.tickets[QUICK_SUBJECT][-6], SEVERAL_SCREENS)
    step(page, "共享屏幕")
    page.get_by_role("button", name="共享整个屏幕").click()
    expect_verdict(page, "screen", "fail")
    expect(page.locator('[data-check="screen"]')).to_contain_text("屏幕")
    expect(page.get_by_role("button", name="下一步")).to_be_disabled()
    desk.picture(page, "checkin-12-several-screens")
    page.evaluate("() => (window.hasTwo = false)")
    page.get_by_role("button", name="共享整个屏幕").click()
    expect_verdict(page, "screen", "pass")
