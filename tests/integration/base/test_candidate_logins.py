"""Candidates' logins: guessing is stopped, and nobody else's guessing keeps a candidate out (S2.3, P6)."""

from datetime import timedelta

import pytest

from invigil.base.accounts.api import InitialCredential, StartedLogin, issue_code, log_in_candidate, unlock_candidate
from invigil.base.accounts.api import set_initial_credentials as give
from invigil.base.accounts.model import AccountLocked, AccountStopped, LoginFailed
from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.principals import SYSTEM
from invigil.kernel.refusals import Refusal
from tests.world import World

TICKET, PASSWORD = "110500000017", "654321"
WHO = CandidateId("cand_1")


async def _try(world: World, password: str = PASSWORD, device: str = "") -> StartedLogin:
    return await log_in_candidate(world.ports.db, login_name=TICKET, password=password, device_token=device)


async def _guess(world: World, times: int) -> list[str]:
    """Guess wrongly, each time after any delay; return the codes of the refusals."""
    codes = []
    for _ in range(times):
        world.clock.advance(timedelta(seconds=5))
        with pytest.raises(Refusal) as refused:
            await _try(world, "000000")
        codes.append(refused.value.code)
    return codes


@pytest.fixture
async def registered(world: World) -> World:
    """A world in which one candidate can log in."""
    async with world.ports.db.transaction() as tx:
        await give(tx, [InitialCredential(WHO, ExamId("exam_1"), (TICKET,), PASSWORD)])
    return world


async def test_five_failures_lock_and_time_or_staff_open_again(registered: World) -> None:
    assert await _guess(registered, 6) == ["accounts.login_failed"] * 4 + ["accounts.locked"] * 2
    with pytest.raises(AccountLocked):
        await _try(registered)
    async with registered.ports.db.transaction() as tx:
        await unlock_candidate(tx, SYSTEM, WHO, "本人来电，已核实身份")
    assert (await _try(registered)).login.principal_id == WHO
    await _guess(registered, 5)
    registered.clock.advance(timedelta(minutes=15))
    await _try(registered)


async def test_a_hundred_failures_stop_until_staff_unlock(registered: World) -> None:
    for _ in range(20):
        await _guess(registered, 5)
        registered.clock.advance(timedelta(minutes=16))
    with pytest.raises(AccountStopped):
        await _try(registered)


async def test_a_stranger_cannot_keep_a_known_device_out(registered: World) -> None:
    device = (await _try(registered)).device_token
    await _guess(registered, 5)
    with pytest.raises(AccountLocked):
        await _try(registered, device="another")
    assert (await _try(registered, device=device)).login.principal_id == WHO


async def test_a_one_time_code_enters_once_and_passes_the_lock(registered: World) -> None:
    await _guess(registered, 5)
    async with registered.ports.db.transaction() as tx:
        code = await issue_code(tx, SYSTEM, WHO, "忘记密码，已核实身份")
    spoken = f"{code[:5]}-{code[5:].lower()}"
    assert (await _try(registered, spoken)).login.principal_id == WHO
    registered.clock.advance(timedelta(minutes=15))
    with pytest.raises(LoginFailed):
        await _try(registered, spoken)


async def test_a_one_time_code_runs_out(registered: World) -> None:
    async with registered.ports.db.transaction() as tx:
        code = await issue_code(tx, SYSTEM, WHO, "忘记密码，已核实身份")
    registered.clock.advance(timedelta(minutes=15))
    with pytest.raises(LoginFailed):
        await _try(registered, code)
