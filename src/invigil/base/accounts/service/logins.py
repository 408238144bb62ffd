"""Logins: starting, recognising and ending them."""

from dataclasses import dataclass
from datetime import timedelta

from invigil.base.accounts import store
from invigil.base.accounts.model import (
    Guard,
    Login,
    LoginRevoked,
    LoginStarted,
    SecondFactorNeeded,
    SecretKind,
    SeveralRegistrations,
)
from invigil.base.accounts.rules import normalise_login_name, refuse_failure
from invigil.base.accounts.service.codes import is_code_of
from invigil.base.accounts.service.doors import (
    Door,
    choose_door,
    give_attempt_back,
    hash_token,
    name_door,
    open_door,
    take_attempt,
)
from invigil.base.accounts.service.totp import find_totp_step
from invigil.kernel.encoding import encode_base64url
from invigil.kernel.principals import PrincipalKind
from invigil.platform.db import Database, Transaction
from invigil.platform.entropy import new_id, new_token
from invigil.platform.keys import Keys
from invigil.platform.passwords import PasswordStrength, hash_password, is_password

LOGIN_LASTS = timedelta(hours=12)
# What a password is compared with when there is no such account, so that the answer takes as long.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$Tm9ib2R5IGlzIGhlcmUhIQ$1uDSU3/SpobXQZ4jNeX9gSCHKCFTwNnlPBqZuZYjL0o"


@dataclass(frozen=True, slots=True)
class StartedLogin:
    """A login that has just begun.

    token: for the login cookie, never stored in clear. device_token: for the device cookie.
    """

    login: Login
    token: str
    device_token: str


async def log_in_staff(
    db: Database, *, login_name: str, password: str, totp_code: str, device_token: str, is_demo: bool
) -> StartedLogin:
    """Start a staff login.

    is_demo: no second factor is asked for.
    Raises: as refuse_failure and check_guard; SecondFactorNeeded.
    Source: S2.3, P6.
    """
    name = normalise_login_name(login_name)
    async with db.reading() as tx:
        row = await store.read_staff_row(tx, login_name=name)
        door = await choose_door(tx, name_door(tx.keys, "staff", name), [row.id] if row else [], device_token)
    guard = await take_attempt(db, door)
    is_right = await is_password(password, row.password_hash if row else _NOBODY)
    if row is None or not is_right or not row.is_active:
        raise refuse_failure(guard)
    asks_for_code = row.totp_secret is not None and not is_demo
    if asks_for_code and not totp_code:
        await give_attempt_back(db, door)
        raise SecondFactorNeeded
    async with db.transaction() as tx:
        if asks_for_code:
            await _pass_second_factor(tx, row.id, totp_code, guard)
        await open_door(tx, door)
        is_complete = is_demo or row.totp_secret is not None
        return await _start(tx, PrincipalKind.STAFF, row.id, "", device_token, is_complete=is_complete)


async def _pass_second_factor(tx: Transaction, staff_id: str, code: str, guard: Guard) -> None:
    row = await store.read_staff_row(tx, staff_id=staff_id)
    assert row is not None  # noqa: S101 - accounts are never deleted
    secret = tx.keys.open_text(row.totp_secret, purpose="accounts.totp", bound_to=f"accounts_staff/totp/{staff_id}")
    step = find_totp_step(secret, code, tx.now, after_step=row.totp_last_step)
    if step is None:
        raise refuse_failure(guard)
    await store.update_staff(tx, staff_id, totp_last_step=step)


async def log_in_candidate(db: Database, *, login_name: str, password: str, device_token: str) -> StartedLogin:
    """Start a candidate's login by admission ticket or identity number, with the password or a one-time code.

    Raises: as refuse_failure and check_guard; SeveralRegistrations.
    Source: S2.3, P6.
    """
    name = normalise_login_name(login_name)
    async with db.reading() as tx:
        found = await store.find_credentials(tx, candidate_name_index(tx.keys, name))
        shared = name_door(tx.keys, "candidate", name)
        door = await choose_door(tx, shared, [row.candidate_id for row in found], device_token)
        by_code = [row for row in found if is_code_of(tx.keys, row, password, tx.now)]
    if by_code:
        return await _enter_by_code(db, by_code[0], device_token)
    guard = await take_attempt(db, door)
    hashes = {row.candidate_id: await _check_secret(db, row, password) for row in found}
    right = [row for row in found if hashes[row.candidate_id]]
    if not found:
        await is_password(password, _NOBODY)
    if not right:
        raise refuse_failure(guard)
    if len(right) > 1:
        async with db.transaction() as tx:
            await open_door(tx, door)
        raise SeveralRegistrations
    return await _enter_by_password(db, right[0], door, hashes[right[0].candidate_id], device_token)


async def _check_secret(db: Database, row: object, password: str) -> str:
    """Return the argon2id hash to keep when the password is right, otherwise ""."""
    secret, kind = row.secret, row.secret_kind  # type: ignore[attr-defined]
    if kind == SecretKind.ARGON2ID:
        encoded = secret.decode()
        return encoded if await is_password(password, encoded) else ""
    async with db.reading() as tx:
        initial = open_initial_password(tx.keys, row.candidate_id, secret)  # type: ignore[attr-defined]
    hashed = await hash_password(password, PasswordStrength.CANDIDATE)
    # Compared by hash: the time does not depend on how much of the password is right.
    return hashed if await is_password(initial, hashed) else ""


async def _enter_by_password(db: Database, row: object, door: Door, hashed: str, device_token: str) -> StartedLogin:
    candidate_id, exam_id = row.candidate_id, row.exam_id  # type: ignore[attr-defined]
    async with db.transaction() as tx:
        await open_door(tx, door)
        if row.secret_kind == SecretKind.SEALED:  # type: ignore[attr-defined]
            await store.update_credential(tx, candidate_id, secret_kind=SecretKind.ARGON2ID, secret=hashed.encode())
        return await _start(tx, PrincipalKind.CANDIDATE, candidate_id, exam_id, device_token, is_complete=True)


async def _enter_by_code(db: Database, row: object, device_token: str) -> StartedLogin:
    candidate_id, exam_id = row.candidate_id, row.exam_id  # type: ignore[attr-defined]
    async with db.transaction() as tx:
        await store.update_credential(tx, candidate_id, code_mac=None, code_expires_at=None)
        return await _start(tx, PrincipalKind.CANDIDATE, candidate_id, exam_id, device_token, is_complete=True)


async def _start(
    tx: Transaction, kind: PrincipalKind, principal_id: str, exam_id: str, device_token: str, *, is_complete: bool
) -> StartedLogin:
    token, device = new_token(), device_token or new_token()
    login = Login(new_id("login"), kind, principal_id, exam_id, is_complete, tx.now, tx.now + LOGIN_LASTS)
    await store.insert_login(tx, login, hash_token(token))
    await store.remember_device(tx, hash_token(device), principal_id, tx.now)
    tx.emit(LoginStarted(login.id, principal_id))
    return StartedLogin(login, token, device)


async def end_logins(tx: Transaction, principal_id: str, *, but: str = "") -> int:
    """End every login of this principal except `but`; return how many."""
    ids = [one for one in await store.list_open_logins(tx, principal_id) if one != but]
    await end(tx, ids)
    return len(ids)


async def end(tx: Transaction, login_ids: list[str]) -> None:
    """End these logins; their open sockets are told."""
    if login_ids:
        await store.revoke_logins(tx, login_ids)
    principals = await store.read_principals(tx, login_ids)
    for login_id in login_ids:
        tx.emit(LoginRevoked(login_id, principals.get(login_id, "")))


async def recognise(tx: Transaction, token: str) -> Login | None:
    """Return the login of a cookie's token unless it has ended."""
    return await store.read_login(tx, hash_token(token)) if token else None


async def is_open_login(tx: Transaction, login_id: str) -> bool:
    """Tell whether this login has not ended."""
    return await store.is_open_login(tx, login_id)


def compute_csrf_token(keys: Keys, login_id: str) -> str:
    """Return the proof that a request comes from a page we gave to this login."""
    return encode_base64url(keys.mac(login_id.encode(), purpose="accounts.csrf"))


def candidate_name_index(keys: Keys, normalised_name: str) -> bytes:
    """Return the blind index of a candidate's login name (ticket or identity number)."""
    return keys.blind_index(normalised_name, purpose="accounts.candidate_login_name")


def open_initial_password(keys: Keys, candidate_id: str, sealed: bytes) -> str:
    """Return an imported password that has not been used yet."""
    return keys.open_text(sealed, purpose="accounts.initial_password", bound_to=f"accounts_credential/{candidate_id}")
