"""Staff accounts outside demo mode, by clicking: a colleague is taken on, enrols the second factor, is locked out and let in again (P6, S2.3)."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect

from invigil.app.demo.people import PASSWORD
from invigil.app.demo.running import Demo
from tests.e2e import auditing, staff
from tests.e2e.conftest import served
from tests.e2e.desk import Desk

LOGIN_NAME, NAME, OWN_PASSWORD = "qian.li", "钱莉", "known-to-qian-li-alone"
# More wrong passwords than P6 forgives; those that come too soon are not counted.
MOST_TRIES = 12


class Strict(Demo):
    """The demonstration's people on a server outside demo mode: nobody gets in without the second factor."""

    def choose_environment(self) -> dict[str, str]:
        """As in real use."""
        return super().choose_environment() | {"INVIGIL_DEMO": "false"}


@pytest.fixture(scope="module")
def show(stock: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server as in real use."""
    with served(Strict, stock, tmp_path_factory.mktemp("strict")) as server:
        yield server


@pytest.fixture(scope="module")
def handed_over() -> dict[str, str]:
    """What the administrator hands to the new colleague."""
    return {}


def type_password(page: Page, login_name: str, password: str) -> None:
    """Send the login form."""
    page.get_by_label("登录名").fill(login_name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name=re.compile("^登录$|后可再试$")).click()


def refusal(page: Page) -> Locator:
    """Why the login was refused."""
    return page.get_by_role("main").get_by_role("alert").first


def bind(page: Page) -> str:
    """Bind an authenticator at the first login, and return its secret."""
    expect(page.get_by_role("heading", name="绑定动态验证码")).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("6 位数字").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="绑定", exact=True).click()
    return secret


def enrol(page: Page) -> str:
    """Bind an authenticator and stand in the console; return its secret."""
    secret = bind(page)
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
    return secret


def set_own_password(page: Page, password: str) -> None:
    """Replace the password that somebody else has chosen."""
    expect(page.get_by_role("heading", name="设置自己的密码")).to_be_visible()
    page.get_by_label("新密码").fill(password)
    page.get_by_label("再次输入").fill(password)
    page.get_by_role("button", name="设置密码").click()


def type_next_code(page: Page, secret: str) -> None:
    """Give the second factor: the authenticator's next code, since each counts once."""
    expect(page.get_by_role("heading", name="动态验证码")).to_be_visible()
    totp = pyotp.TOTP(secret)
    page.get_by_label("6 位数字").fill(totp.at(time.time(), counter_offset=1))
    page.get_by_role("button", name="验证并登录").click()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()


def log_out(page: Page) -> None:
    """Leave by the menu at the top right."""
    page.get_by_role("banner").get_by_text(NAME).click()
    page.get_by_role("menuitem", name="退出登录").click()
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


def test_a_colleague_is_taken_on(desk: Desk, handed_over: dict[str, str]) -> None:
    page = desk.computer("/console/", width=1440, height=900)
    type_password(page, "admin", PASSWORD)
    expect(page.get_by_role("heading", name="绑定动态验证码")).to_be_visible()
    desk.picture(page, "accounts-1-enrol")
    enrol(page)
    staff.open_menu(page, "账号")
    page.get_by_role("button", name="新建账号").click()
    dialog = page.get_by_role("dialog", name="新建账号")
    dialog.get_by_label("登录名").fill(LOGIN_NAME)
    dialog.get_by_label("姓名").fill(NAME)
    dialog.get_by_text("客服", exact=True).click()
    dialog.get_by_text("随机生成").click()
    handed_over["password"] = dialog.get_by_label("初始密码").input_value()
    assert len(handed_over["password"]) >= 12
    desk.picture(page, "accounts-2-new")
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_text(f"账号“{LOGIN_NAME}”已建立。")).to_be_visible()
    page.get_by_placeholder("登录名 / 姓名").fill(NAME)
    row = page.get_by_role("row").filter(has_text=LOGIN_NAME)
    expect(row).to_contain_text("未绑定")
    expect(page.get_by_role("row")).to_have_count(2)
    desk.picture(page, "accounts-3-list")


def test_the_colleague_binds_an_authenticator_and_logs_in_with_it(desk: Desk, handed_over: dict[str, str]) -> None:
    assert handed_over, "the colleague is taken on first: run the whole file"
    page = desk.computer("/console/", width=1280, height=800)
    type_password(page, LOGIN_NAME, handed_over["password"])
    secret = bind(page)
    expect(page.get_by_role("heading", name="设置自己的密码")).to_be_visible()
    desk.picture(page, "accounts-4-own-password")
    page.goto(f"{desk.origin}/console/candidates")
    set_own_password(page, handed_over["password"])
    expect(page.get_by_text("新密码不能与他人为您设置的密码相同。")).to_be_visible()
    set_own_password(page, OWN_PASSWORD)
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
    expect(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="成绩")).to_have_count(0)
    log_out(page)
    type_password(page, LOGIN_NAME, OWN_PASSWORD)
    page.get_by_label("6 位数字").fill("000000")
    desk.picture(page, "accounts-5-code")
    page.get_by_role("button", name="验证并登录").click()
    expect(refusal(page)).to_contain_text("账号或密码不正确")
    type_next_code(page, secret)


def test_five_wrong_passwords_lock_and_a_colleague_unlocks(desk: Desk, handed_over: dict[str, str]) -> None:
    assert handed_over, "the colleague is taken on first: run the whole file"
    page = desk.computer("/console/", width=1280, height=800)
    locked = page.get_by_text("连续输错密码，账号已锁定")
    for _ in range(MOST_TRIES):
        with page.expect_response("**/api/staff/login"):
            type_password(page, "reviewer", "wrong-password-1")
        expect(refusal(page)).to_be_visible()
        if locked.is_visible():
            break
    expect(locked).to_be_visible()
    desk.picture(page, "accounts-6-locked")
    admin = desk.computer("/console/", width=1440, height=900)
    type_password(admin, "admin2", PASSWORD)
    enrol(admin)
    staff.open_menu(admin, "账号")
    admin.get_by_placeholder("登录名 / 姓名").fill("reviewer")
    row = admin.get_by_role("row").filter(has_text="reviewer")
    row.get_by_role("button", name="解锁").click()
    dialog = admin.get_by_role("dialog", name=re.compile("^解锁"))
    expect(dialog.get_by_role("button", name="解锁")).to_be_disabled()
    dialog.get_by_text("本人来电，已核实身份").click()
    dialog.get_by_role("button", name="解锁").click()
    expect(admin.get_by_text("已解锁。")).to_be_visible()
    page.reload()
    type_password(page, "reviewer", PASSWORD)
    enrol(page)


def test_what_was_done_to_accounts_is_on_record(show: Demo, desk: Desk) -> None:
    page = desk.computer("/console/", width=1440, height=900)
    type_password(page, "auditor", PASSWORD)
    enrol(page)
    staff.open_menu(page, "审计")
    for act, said in (("账号 · 工作人员 · 新建", NAME), ("账号 · 工作人员 · 解锁", "本人来电，已核实身份")):
        staff.choose_option(page, page.get_by_role("combobox", name="操作", exact=True), act)
        expect(page.get_by_role("row").filter(has_text=act).first).to_be_visible()
        expect(page.locator("tbody")).to_contain_text(said)
    desk.picture(page, "accounts-7-audit")
    auditing.expect_intact(show)
