"""A candidate with a computer and a phone, in real browsers, doing by clicks what people do."""

import io
import re
from dataclasses import dataclass

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from invigil.app.demo.people import CANDIDATE_PASSWORD

WITHIN_MS = 90_000
# The counting of tones is by chance: three, here. Drawn microphones do not hear the loudspeaker; people count.
THREE_TONES = "Math.random = () => 0.5"
PHONE = "iPhone 13 landscape"


@dataclass
class BrowsedCandidate:
    """One candidate. computer: the page on the PC; phone: the page on the phone, once it is paired."""

    ticket_number: str
    computer: Page
    phone: Page | None = None

    def log_in(self, title: str) -> None:
        """Log in, choose the sitting, read and give the consent; check-in follows."""
        page = self.computer
        page.get_by_label("准考证号或身份证号").fill(self.ticket_number)
        page.get_by_label("密码", exact=True).fill(CANDIDATE_PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        card = page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))
        card.get_by_role("link", name=re.compile("进入考试|继续考试")).click()
        page.get_by_role("main").get_by_role("document").press("End")
        page.get_by_label("我已阅读并同意以上内容").check()
        page.get_by_role("button", name="同意并进入").click()
        expect(page.get_by_role("heading", name="考前检测")).to_be_visible(timeout=WITHIN_MS)

    def check_computer(self) -> None:
        """Pass every step of the check-in up to the phone."""
        page = self.computer
        _expect_verdict(page, "network", "pass|warn")
        page.get_by_role("button", name="下一步").click()
        _expect_verdict(page, "picture", "pass|warn")
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("button", name="检测麦克风").click()
        _expect_verdict(page, "microphone", "pass|warn")
        _count_tones(page, "播放提示音", "播放并计数", "听到 3 声")
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("button", name="共享整个屏幕").click()
        _expect_verdict(page, "screen", "pass|warn")
        page.get_by_role("button", name="下一步").click()

    def pair(self, playwright: Playwright, phones: Browser) -> None:
        """Read the code from the computer's screen with a phone, and pass the phone's checks until it records."""
        address = read_code(self.computer)
        context = phones.new_context(
            **playwright.devices[PHONE],
            ignore_https_errors=True,
            locale="zh-CN",
            permissions=["camera", "microphone"],
        )
        self.phone = phone = context.new_page()
        _prepare(phone)
        phone.goto(address)
        phone.get_by_role("button", name="允许拍摄，开始检测").click()
        for kind in ("picture", "microphone", "orientation"):
            _expect_verdict(phone, kind, "pass|warn")
        _count_tones(phone, "播放提示音", "听不到？播放并计数", "3 声")
        phone.get_by_role("button", name="已摆好，开始录制").click()
        expect(phone.get_by_test_id("recording-state")).to_have_text("录制中", timeout=WITHIN_MS)

    def go_in(self) -> None:
        """Leave the check-in: for the waiting room, or straight to the paper of a running sitting."""
        page = self.computer
        button = page.get_by_role("button", name=re.compile("^进入(候考室|考试)$"))
        palette = page.get_by_role("navigation", name="答题卡")
        expect(button.or_(palette).first).to_be_visible(timeout=WITHIN_MS)
        # Once the examination runs, the page goes on by itself.
        if not palette.is_visible():
            button.click()
        waiting_room = page.get_by_role("heading", name="候考室")
        expect(waiting_room.or_(palette).first).to_be_visible(timeout=WITHIN_MS)

    def is_answering(self) -> bool:
        """Tell whether the paper lies open."""
        return self.computer.get_by_role("navigation", name="答题卡").is_visible()

    def answer_one(self, key: str = "a") -> None:
        """Answer the question that is shown by a key, and go to the next."""
        self.computer.keyboard.press(key)
        self.computer.keyboard.press("ArrowRight")


def sit_down(computer: BrowserContext, origin: str, ticket_number: str) -> BrowsedCandidate:
    """Open the candidate's page on a computer."""
    page = computer.pages[0]
    _prepare(page)
    page.goto(origin)
    return BrowsedCandidate(ticket_number, page)


def read_code(page: Page) -> str:
    """Return the address in the QR code that the page shows, read from a picture of it, as a phone's camera does."""
    expect(page.get_by_test_id("qr")).to_be_visible(timeout=WITHIN_MS)
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    if len(found) != 1:
        raise RuntimeError(f"{len(found)} codes are shown")
    return found[0].text


def _prepare(page: Page) -> None:
    page.set_default_timeout(WITHIN_MS)
    page.add_init_script(THREE_TONES)


def _expect_verdict(page: Page, kind: str, verdict: str) -> None:
    row = page.locator(f'[data-check="{kind}"]')
    expect(row).to_have_attribute("data-verdict", re.compile(verdict), timeout=WITHIN_MS)


def _count_tones(page: Page, play: str, count: str, heard: str) -> None:
    page.get_by_role("button", name=play).click()
    _expect_verdict(page, "speaker", "pass|warn|fail")
    if page.locator('[data-check="speaker"]').get_attribute("data-verdict") != "fail":
        return
    page.get_by_role("button", name=count).click()
    page.get_by_role("button", name=heard).click()
    _expect_verdict(page, "speaker", "warn")
