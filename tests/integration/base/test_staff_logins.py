"""Staff logins, the second factor, lockout and the way back in (S2.3, P6, P7)."""

from datetime import timedelta

import pyotp
import pytest

from invigil.base.accounts.gate import CSRF_HEADER, STAFF_COOKIE
from invigil.base.accounts.service.staff import create_staff
from invigil.kernel.principals import SYSTEM, Role
from tests.world import Person, World

PASSWORD = "correct horse battery"


async def _make_account(world: World, roles: tuple[Role, ...] = (Role.ADMINISTRATOR,)) -> str:
    async with world.ports.db.transaction() as tx:
        account = await create_staff(
            tx, SYSTEM, login_name="zhang", display_name="张三", roles=roles, password=PASSWORD
        )
    return account.id


async def _log_in(world: World, password: str = PASSWORD, **more: str) -> tuple[int, dict, Person]:
    answer = await world.anonymous().post(
        "/api/staff/login", json={"login_name": "zhang", "password": password, **more}
    )
    body = answer.json()
    person = world.anonymous()
    if answer.status_code == 200:
        cookie = answer.cookies.get(STAFF_COOKIE)
        person.headers = {"cookie": f"{STAFF_COOKIE}={cookie}", CSRF_HEADER: body["csrf"]}
    world.client.cookies.clear()
    return answer.status_code, body, person


async def test_first_login_can_only_enrol_the_second_factor(world: World) -> None:
    await _make_account(world)
    status, body, person = await _log_in(world)
    assert status == 200
    assert body["needs_totp_enrolment"] is True
    refused = await person.get("/api/staff/accounts")
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.second_factor_not_enrolled")
    secret = (await person.post("/api/staff/totp")).json()["secret"]
    wrong = await person.post("/api/staff/totp/confirm", json={"code": "000000"})
    assert wrong.json()["code"] == "accounts.second_factor_wrong"
    code = pyotp.TOTP(secret).at(world.clock.now())
    assert (await person.post("/api/staff/totp/confirm", json={"code": code})).status_code == 204
    assert (await person.get("/api/staff/accounts")).status_code == 200


async def _enrol(world: World, person: Person) -> pyotp.TOTP:
    totp = pyotp.TOTP((await person.post("/api/staff/totp")).json()["secret"])
    code = totp.at(world.clock.now())
    assert (await person.post("/api/staff/totp/confirm", json={"code": code})).status_code == 204
    world.clock.advance(timedelta(minutes=1))
    return totp


async def test_a_password_of_somebody_elses_choosing_only_lets_its_owner_replace_it(world: World) -> None:
    administrator = await world.staff(Role.ADMINISTRATOR)
    form = {"login_name": "zhang", "display_name": "张三", "roles": ["administrator"], "password": PASSWORD}
    made = await administrator.post("/api/staff/accounts", json=form)
    _, body, person = await _log_in(world)
    assert body["needs_own_password"] is True
    early = await person.post("/api/staff/password", json={"password": "my own long password"})
    assert early.json()["code"] == "accounts.second_factor_not_enrolled"
    totp = await _enrol(world, person)
    for refused in (
        await person.get("/api/staff/accounts"),
        await person.get("/api/exams"),
        await person.post(
            f"/api/staff/accounts/{made.json()['id']}/password", json={"password": "my own long password"}
        ),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "accounts.password_not_own"), refused.url
    same = await person.post("/api/staff/password", json={"password": PASSWORD})
    assert (same.status_code, same.json()["code"]) == (422, "accounts.password_unchanged")
    weak = await person.post("/api/staff/password", json={"password": "short"})
    assert weak.json()["code"] == "accounts.weak_password"
    anonymous = await world.anonymous().post("/api/staff/password", json={"password": "my own long password"})
    assert anonymous.status_code == 401
    assert (await person.get("/api/staff/me")).json()["needs_own_password"] is True
    assert (await person.post("/api/staff/password", json={"password": "my own long password"})).status_code == 204
    assert (await person.get("/api/staff/me")).json()["needs_own_password"] is False
    assert (await person.get("/api/staff/accounts")).status_code == 200
    reset = await administrator.post(f"/api/staff/accounts/{made.json()['id']}/password", json={"password": PASSWORD})
    assert reset.status_code == 204
    assert (await person.get("/api/staff/me")).status_code == 401
    _, body, again = await _log_in(world, totp_code=totp.at(world.clock.now()))
    assert (body["needs_totp_enrolment"], body["needs_own_password"]) == (False, True)
    assert (await again.get("/api/exams")).json()["code"] == "accounts.password_not_own"


async def test_a_password_that_the_command_line_was_given_is_ones_own(world: World) -> None:
    await _make_account(world)
    _, body, _ = await _log_in(world)
    assert body["needs_own_password"] is False


async def test_second_factor_is_asked_for_and_counts_once(world: World) -> None:
    await _make_account(world)
    _, _, person = await _log_in(world)
    secret = (await person.post("/api/staff/totp")).json()["secret"]
    totp = pyotp.TOTP(secret)
    await person.post("/api/staff/totp/confirm", json={"code": totp.at(world.clock.now())})
    assert (await _log_in(world))[1]["code"] == "accounts.second_factor_needed"
    world.clock.advance(timedelta(minutes=1))
    code = totp.at(world.clock.now())
    assert (await _log_in(world, totp_code=code))[0] == 200
    assert (await _log_in(world, totp_code=code))[1]["code"] == "accounts.login_failed"


async def test_a_right_password_without_its_digits_is_no_failure_and_forgives_none(world: World) -> None:
    await _make_account(world)
    _, _, person = await _log_in(world)
    totp = pyotp.TOTP((await person.post("/api/staff/totp")).json()["secret"])
    await person.post("/api/staff/totp/confirm", json={"code": totp.at(world.clock.now())})
    for _ in range(6):
        assert (await _log_in(world))[1]["code"] == "accounts.second_factor_needed"
    for left in (4, 3, 2, 1):
        assert (await _log_in(world, "wrong"))[1]["details"] == {"attempts_left": left}
        world.clock.advance(timedelta(seconds=10))
        # Forgets nothing either: whoever knows the password cannot win digits to guess with it.
        assert (await _log_in(world))[1]["code"] == "accounts.second_factor_needed"
        world.clock.advance(timedelta(seconds=10))
    assert (await _log_in(world, totp_code="000000"))[1]["code"] == "accounts.locked"
    world.clock.advance(timedelta(minutes=15))
    assert (await _log_in(world))[1]["code"] == "accounts.second_factor_needed"
    assert (await _log_in(world, totp_code=totp.at(world.clock.now())))[0] == 200


async def test_five_failures_lock_for_fifteen_minutes_and_staff_unlock(world: World) -> None:
    account_id = await _make_account(world)
    codes = []
    for _ in range(5):
        status, body, _person = await _log_in(world, "wrong")
        codes.append((status, body["code"]))
        world.clock.advance(timedelta(seconds=10))
    assert codes == [(401, "accounts.login_failed")] * 4 + [(423, "accounts.locked")]
    status, body, _person = await _log_in(world)
    assert (status, body["code"]) == (423, "accounts.locked")
    assert body["details"]["retry_after_s"] == 15 * 60 - 10
    administrator = await world.staff(Role.ADMINISTRATOR)
    done = await administrator.post(f"/api/staff/accounts/{account_id}/unlock", json={"reason": "本人来电核实"})
    assert done.status_code == 204
    assert (await _log_in(world))[0] == 200


async def test_third_failure_slows_down(world: World) -> None:
    await _make_account(world)
    for _ in range(3):
        await _log_in(world, "wrong")
    assert (await _log_in(world))[1]["code"] == "accounts.login_too_soon"
    world.clock.advance(timedelta(seconds=2))
    assert (await _log_in(world))[0] == 200


@pytest.mark.parametrize("header", [{}, {CSRF_HEADER: "forged"}])
async def test_change_without_csrf_token_is_refused(world: World, header: dict[str, str]) -> None:
    await _make_account(world)
    _, _, person = await _log_in(world)
    person.headers.pop(CSRF_HEADER)
    answer = await person.post("/api/staff/logout", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.forged_request")


async def test_other_origin_is_refused(world: World) -> None:
    _ = await _make_account(world)
    _, _, person = await _log_in(world)
    answer = await person.post("/api/staff/logout", headers={"origin": "https://evil.test"})
    assert answer.json()["code"] == "accounts.forged_request"


async def test_logged_out_cookie_is_worthless(world: World) -> None:
    await _make_account(world)
    _, _, person = await _log_in(world)
    assert (await person.post("/api/staff/logout")).status_code == 204
    assert (await person.get("/api/staff/me")).json()["code"] == "accounts.not_logged_in"


async def test_last_administrator_stays(world: World) -> None:
    administrator = await world.staff(Role.ADMINISTRATOR)
    answer = await administrator.put(
        f"/api/staff/accounts/{administrator.principal.id}",
        json={"display_name": "甲", "roles": ["proctor"], "is_active": True},
    )
    assert answer.json()["code"] == "accounts.last_administrator"


async def test_staff_learn_each_others_names_and_nothing_more(world: World) -> None:
    official = await world.staff(Role.BOARD_OFFICIAL, name="甲方代表")
    assert (await world.anonymous().get("/api/staff/accounts/names")).status_code == 401
    assert (await official.get("/api/staff/accounts/names")).json() == [
        {"id": official.principal.id, "display_name": "甲方代表"}
    ]
