"""Argon2id in a bounded pool of threads: hashing never stalls the event loop and never takes more memory than planned."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from enum import Enum

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

_POOL = ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2), thread_name_prefix="argon2")


class PasswordStrength(Enum):
    """How dear one guess is (P6): 19 MiB for candidates (31 ms measured), 64 MiB for staff (199 ms measured)."""

    CANDIDATE = (19 * 1024, 2)
    STAFF = (64 * 1024, 3)


def _hasher(strength: PasswordStrength) -> PasswordHasher:
    memory_kib, rounds = strength.value
    return PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1, type=Type.ID)


_HASHERS = {strength: _hasher(strength) for strength in PasswordStrength}


async def hash_password(password: str, strength: PasswordStrength) -> str:
    """Return the encoded argon2id hash."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, _HASHERS[strength].hash, password)


async def is_password(password: str, encoded: str) -> bool:
    """Tell whether the password made this hash.

    Raises: ValueError - `encoded` is no argon2 hash: a damaged record, not a wrong password.
    """

    def verify() -> bool:
        try:
            return _HASHERS[PasswordStrength.STAFF].verify(encoded, password)
        except VerifyMismatchError:
            return False
        except (VerificationError, InvalidHashError) as fault:
            raise ValueError("damaged password hash") from fault

    return await asyncio.get_running_loop().run_in_executor(_POOL, verify)
