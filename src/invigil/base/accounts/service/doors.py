"""Doors: where failed logins are counted, so that guessing is slow and a stranger cannot keep anyone out (P6)."""

import hashlib
from dataclasses import dataclass

from invigil.base.accounts import store
from invigil.base.accounts.model import Guard
from invigil.base.accounts.rules import check_guard, compute_after_failure, compute_after_return
from invigil.platform.db import Database, Transaction
from invigil.platform.keys import Keys


@dataclass(frozen=True, slots=True)
class Door:
    """A counter of failures: of a login name from anywhere, or of one known device of that account."""

    key: bytes


def hash_token(token: str) -> bytes:
    """Return how an opaque token is kept: its SHA-256; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


def name_door(keys: Keys, kind: str, login_name: str) -> Door:
    """Return the door that everybody shares who types this login name; it exists for unknown names too."""
    return Door(keys.blind_index(f"{kind}/{login_name}", purpose="accounts.door"))


async def choose_door(tx: Transaction, shared: Door, principal_ids: list[str], device_token: str) -> Door:
    """Return the shared door, or the account's own door for a device it has used before.

    A stranger's guesses fill the shared door only, so the owner still enters from the device of an earlier login.
    """
    if device_token:
        device = hash_token(device_token)
        for principal_id in principal_ids:
            if await store.is_known_device(tx, device, principal_id):
                return Door(tx.keys.mac(shared.key + device, purpose="accounts.device_door"))
    return shared


async def take_attempt(db: Database, door: Door) -> Guard:
    """Count one failure before the password is looked at, and return the door after it.

    Counting first means that a thousand guesses sent at once are a thousand failures; a success undoes the count.
    Raises: LoginTooSoon, AccountLocked, AccountStopped.
    """
    async with db.reading() as tx:
        # Most requests of an attack end here, without a write.
        check_guard(await store.read_guard(tx, door.key), tx.now)
    async with db.transaction() as tx:
        await tx.lock(f"accounts.door/{door.key.hex()}")
        guard = await store.read_guard(tx, door.key)
        check_guard(guard, tx.now)
        counted = compute_after_failure(guard, tx.now)
        await store.write_guard(tx, door.key, counted)
    return counted


async def give_attempt_back(db: Database, door: Door) -> None:
    """Take back the count of one attempt that was no failure; the failures before it stay."""
    async with db.transaction() as tx:
        await tx.lock(f"accounts.door/{door.key.hex()}")
        await store.write_guard(tx, door.key, compute_after_return(await store.read_guard(tx, door.key)))


async def open_door(tx: Transaction, door: Door) -> None:
    """Forget a door's failures: after a success, or when staff unlock it."""
    await store.write_guard(tx, door.key, Guard())
