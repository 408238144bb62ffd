"""Staff accounts: made, changed, unlocked; every one of these acts is recorded."""

from collections.abc import Sequence

from invigil.base.accounts import store
from invigil.base.accounts.model import (
    AccountNotFound,
    LastAdministrator,
    LoginNameTaken,
    PasswordUnchanged,
    SecondFactorWrong,
    StaffAccount,
    WeakPassword,
)
from invigil.base.accounts.rules import is_acceptable_staff_password, normalise_login_name
from invigil.base.accounts.service.doors import name_door, open_door
from invigil.base.accounts.service.logins import end_logins
from invigil.base.accounts.service.totp import find_totp_step, new_totp_secret, totp_uri
from invigil.base.audit.api import record
from invigil.kernel.ids import StaffId
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.passwords import PasswordStrength, hash_password, is_password


async def create_staff(
    tx: Transaction, who: Principal, *, login_name: str, display_name: str, roles: Sequence[Role], password: str
) -> StaffAccount:
    """Make a staff account; a colleague's choice of password must be replaced at the first login.

    Raises: WeakPassword, LoginNameTaken.
    """
    name = normalise_login_name(login_name)
    if not is_acceptable_staff_password(password, name):
        raise WeakPassword
    if await store.read_staff_row(tx, login_name=name) is not None:
        raise LoginNameTaken(login_name=name)
    account = StaffAccount(
        StaffId(new_id("staff")),
        name,
        display_name,
        frozenset(roles),
        has_totp=False,
        is_active=True,
        has_own_password=who.kind is not PrincipalKind.STAFF,
        created_at=tx.now,
    )
    await store.insert_staff(tx, account, await hash_password(password, PasswordStrength.STAFF))
    await record(tx, who, act="accounts.staff.create", on=account.id, details={"roles": sorted(account.roles)})
    return account


async def access_staff(tx: Transaction, staff_id: StaffId) -> StaffAccount:
    """Return the account.

    Raises: AccountNotFound.
    """
    row = await store.read_staff_row(tx, staff_id=staff_id)
    if row is None:
        raise AccountNotFound
    return store.staff_account(row)


async def edit_staff(
    tx: Transaction, who: Principal, staff_id: StaffId, *, display_name: str, roles: Sequence[Role], is_active: bool
) -> StaffAccount:
    """Change a name, roles or whether the account is in use; logins end, so that new roles count at once.

    Raises: AccountNotFound, LastAdministrator.
    """
    before = await access_staff(tx, staff_id)
    stays_administrator = is_active and Role.ADMINISTRATOR in roles
    if Role.ADMINISTRATOR in before.roles and before.is_active and not stays_administrator:
        await _check_other_administrator(tx, staff_id)
    await store.update_staff(tx, staff_id, display_name=display_name, roles=sorted(roles), is_active=is_active)
    if before.roles != frozenset(roles) or not is_active:
        await end_logins(tx, staff_id)
    details = {"roles": sorted(roles), "is_active": is_active}
    await record(tx, who, act="accounts.staff.edit", on=staff_id, details=details)
    return await access_staff(tx, staff_id)


async def _check_other_administrator(tx: Transaction, staff_id: StaffId) -> None:
    for other in await store.list_staff(tx):
        if other.id != staff_id and other.is_active and Role.ADMINISTRATOR in other.roles:
            return
    raise LastAdministrator


async def set_password(
    tx: Transaction, who: Principal, staff_id: StaffId, password: str, *, but_login: str = ""
) -> None:
    """Set a staff password and end the account's other logins; what a colleague has chosen must be replaced at the next login.

    Raises: AccountNotFound, WeakPassword; PasswordUnchanged - one's own would be the one that was chosen by somebody else.
    """
    account, is_own = await access_staff(tx, staff_id), who.id == staff_id
    if not is_acceptable_staff_password(password, account.login_name):
        raise WeakPassword
    if is_own and not account.has_own_password and await _is_present_password(tx, staff_id, password):
        raise PasswordUnchanged
    hashed = await hash_password(password, PasswordStrength.STAFF)
    await store.update_staff(tx, staff_id, password_hash=hashed, has_own_password=is_own)
    await end_logins(tx, staff_id, but=but_login)
    await record(tx, who, act="accounts.staff.reset_password", on=staff_id)


async def _is_present_password(tx: Transaction, staff_id: StaffId, password: str) -> bool:
    row = await store.read_staff_row(tx, staff_id=staff_id)
    return row is not None and await is_password(password, row.password_hash)


async def unlock_staff(tx: Transaction, who: Principal, staff_id: StaffId, reason: str) -> None:
    """Open the account's door again.

    Raises: AccountNotFound.
    Source: S2.3.
    """
    account = await access_staff(tx, staff_id)
    await open_door(tx, name_door(tx.keys, "staff", account.login_name))
    await record(tx, who, act="accounts.staff.unlock", on=staff_id, details={"reason": reason})


async def reset_totp(tx: Transaction, who: Principal, staff_id: StaffId, reason: str) -> None:
    """Forget the second factor (a lost phone); the person enrols a new one at the next login.

    Raises: AccountNotFound.
    """
    await access_staff(tx, staff_id)
    await store.update_staff(tx, staff_id, totp_secret=None, totp_pending=None, totp_last_step=0)
    await end_logins(tx, staff_id)
    await record(tx, who, act="accounts.staff.reset_totp", on=staff_id, details={"reason": reason})


async def begin_totp(tx: Transaction, who: Principal) -> tuple[str, str]:
    """Draw a secret for the person's own authenticator; return it and its otpauth URI. It counts once confirmed."""
    account = await access_staff(tx, StaffId(who.id))
    secret = new_totp_secret()
    sealed = tx.keys.seal_text(secret, purpose="accounts.totp", bound_to=f"accounts_staff/totp/{who.id}")
    await store.update_staff(tx, who.id, totp_pending=sealed)
    return secret, totp_uri(secret, account.login_name)


async def confirm_totp(tx: Transaction, who: Principal, code: str) -> None:
    """Make the pending secret the second factor once it has given a right code.

    Raises: SecondFactorWrong.
    """
    row = await store.read_staff_row(tx, staff_id=who.id)
    if row is None or row.totp_pending is None:
        raise SecondFactorWrong
    secret = tx.keys.open_text(row.totp_pending, purpose="accounts.totp", bound_to=f"accounts_staff/totp/{who.id}")
    step = find_totp_step(secret, code, tx.now, after_step=0)
    if step is None:
        raise SecondFactorWrong
    await store.update_staff(tx, who.id, totp_secret=row.totp_pending, totp_pending=None, totp_last_step=step)
    await store.complete_login(tx, who.login_id)
    await record(tx, who, act="accounts.totp.enrol", on=who.id)
