"""SQL of checking in."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, Row, String, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from invigil.kernel.ids import AttemptId
from invigil.platform.db import Sealed, Transaction, UtcInstant, metadata
from invigil.sit.checkin.model import (
    CheckKind,
    Device,
    Measured,
    Pairing,
    PhoneChange,
    RegisteredPhone,
    StoredCheck,
    Verdict,
)

MEASURED_PURPOSE, MEASURED_PLACE = "checkin.measured", "checkin_check/{attempt_id}/{device}/{kind}"

pairings = Table(
    "checkin_pairing",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("made_at", UtcInstant, nullable=False),
    Column("expires_at", UtcInstant, nullable=False, index=True),
    Column("used_at", UtcInstant),
)

phones = Table(
    "checkin_phone",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("phone_epoch", Integer, primary_key=True, autoincrement=False),
    Column("device_key", String(64), nullable=False),
    Column("user_agent", String(400), nullable=False),
    Column("label", String(80), nullable=False),
    Column("claimed_at", UtcInstant, nullable=False),
)

phone_changes = Table(
    "checkin_phone_change",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("asked_at", UtcInstant),
    Column("label", String(80), nullable=False, default=""),
    Column("allowed_by", String(40), nullable=False, default=""),
    Column("allowed_at", UtcInstant),
    Column("allowed_until", UtcInstant),
    Column("reason", String(200), nullable=False, default=""),
)

checks = Table(
    "checkin_check",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("device", String(8), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("verdict", String(8), nullable=False),
    Column("reason", String(40), nullable=False),
    # Sealed: a device's name often holds its owner's (“张三的 iPhone”).
    Column("measured", Sealed(MEASURED_PURPOSE, MEASURED_PLACE), nullable=False),
    Column("checked_at", UtcInstant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("waived_by", String(40), nullable=False, default=""),
    Column("waived_at", UtcInstant),
    Column("waive_reason", String(200), nullable=False, default=""),
)


async def insert_pairing(tx: Transaction, pairing: Pairing) -> None:
    """Write a new token, and forget those that expired: they open nothing any more."""
    await tx.execute(
        delete(pairings).where(pairings.c.attempt_id == pairing.attempt_id, pairings.c.expires_at <= tx.now)
    )
    await tx.execute(
        insert(pairings).values(
            token_hash=pairing.token_hash,
            attempt_id=pairing.attempt_id,
            made_at=pairing.made_at,
            expires_at=pairing.expires_at,
            used_at=pairing.used_at,
        )
    )


async def count_live_pairings(tx: Transaction, attempt_id: str) -> int:
    """Return how many tokens of the attempt hold now, used ones included."""
    query = select(func.count()).where(pairings.c.attempt_id == attempt_id, pairings.c.expires_at > tx.now)
    return int((await tx.execute(query)).scalar_one())


async def read_pairing(tx: Transaction, token_hash: bytes) -> Pairing | None:
    """Return the token of this hash."""
    row = (await tx.execute(select(pairings).where(pairings.c.token_hash == token_hash))).first()
    if row is None:
        return None
    return Pairing(bytes(row.token_hash), AttemptId(row.attempt_id), row.made_at, row.expires_at, row.used_at)


async def use_pairing(tx: Transaction, token_hash: bytes) -> None:
    """Note that the token has been used."""
    await tx.execute(update(pairings).where(pairings.c.token_hash == token_hash).values(used_at=tx.now))


async def insert_phone(tx: Transaction, phone: RegisteredPhone) -> None:
    """Write a claim."""
    await tx.execute(
        insert(phones).values(
            attempt_id=phone.attempt_id,
            phone_epoch=phone.phone_epoch,
            device_key=phone.device_key,
            user_agent=phone.user_agent,
            label=phone.label,
            claimed_at=phone.claimed_at,
        )
    )


async def list_phones(tx: Transaction, attempt_id: str) -> list[RegisteredPhone]:
    """Return every claim of the attempt in order; the last one sends."""
    query = select(phones).where(phones.c.attempt_id == attempt_id).order_by(phones.c.phone_epoch)
    return [
        RegisteredPhone(
            AttemptId(row.attempt_id), row.phone_epoch, row.device_key, row.user_agent, row.label, row.claimed_at
        )
        for row in await tx.execute(query)
    ]


async def read_phone(tx: Transaction, attempt_id: str) -> RegisteredPhone | None:
    """Return the phone that sends."""
    found = await list_phones(tx, attempt_id)
    return found[-1] if found else None


async def read_change(tx: Transaction, attempt_id: str) -> PhoneChange | None:
    """Return the wish to change the phone and what became of it."""
    row = (await tx.execute(select(phone_changes).where(phone_changes.c.attempt_id == attempt_id))).first()
    if row is None:
        return None
    return PhoneChange(
        AttemptId(row.attempt_id),
        row.asked_at,
        row.label,
        row.allowed_by,
        row.allowed_at,
        row.allowed_until,
        row.reason,
    )


async def write_change(tx: Transaction, attempt_id: str, **values: object) -> None:
    """Write some columns of the attempt's change of phone."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    new = {"label": "", "allowed_by": "", "reason": ""} | {"attempt_id": attempt_id} | values
    statement = dialect.insert(phone_changes).values(**new)
    await tx.execute(statement.on_conflict_do_update(index_elements=["attempt_id"], set_=values))


async def write_check(tx: Transaction, check: StoredCheck) -> None:
    """Write the newest result of a check over the one before."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    key = {"attempt_id": check.attempt_id, "device": check.device.value, "kind": check.kind.value}
    values = {
        "verdict": check.verdict.value,
        "reason": check.reason,
        "measured": _seal(tx, check),
        "checked_at": check.checked_at,
        "tries": check.tries,
        "failures": check.failures,
        "waived_by": check.waived_by,
        "waived_at": check.waived_at,
        "waive_reason": check.waive_reason,
    }
    statement = dialect.insert(checks).values(**key, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


async def list_checks(tx: Transaction, attempt_id: str, device: Device | None = None) -> list[StoredCheck]:
    """Return the newest result of every check that was made, of one device or both."""
    query = select(checks).where(checks.c.attempt_id == attempt_id).order_by(checks.c.device, checks.c.kind)
    if device is not None:
        query = query.where(checks.c.device == device.value)
    return [_check(tx, row) for row in await tx.execute(query)]


async def read_check(tx: Transaction, attempt_id: str, device: Device, kind: CheckKind) -> StoredCheck | None:
    """Return the newest result of one check."""
    query = select(checks).where(
        checks.c.attempt_id == attempt_id, checks.c.device == device.value, checks.c.kind == kind.value
    )
    row = (await tx.execute(query)).first()
    return None if row is None else _check(tx, row)


async def forget_checks(tx: Transaction, attempt_id: str, device: Device) -> None:
    """Forget the results of a device that is no longer in use."""
    await tx.execute(delete(checks).where(checks.c.attempt_id == attempt_id, checks.c.device == device.value))


def _place(attempt_id: str, device: str, kind: str) -> str:
    return MEASURED_PLACE.format(attempt_id=attempt_id, device=device, kind=kind)


def _seal(tx: Transaction, check: StoredCheck) -> bytes:
    text = json.dumps(dict(check.measured), ensure_ascii=False)
    place = _place(check.attempt_id, check.device.value, check.kind.value)
    return tx.keys.seal_text(text, purpose=MEASURED_PURPOSE, bound_to=place)


def _check(tx: Transaction, row: Row[Any]) -> StoredCheck:
    place = _place(row.attempt_id, row.device, row.kind)
    measured: Mapping[str, Any] = json.loads(
        tx.keys.open_text(bytes(row.measured), purpose=MEASURED_PURPOSE, bound_to=place)
    )
    return StoredCheck(
        attempt_id=row.attempt_id,
        device=Device(row.device),
        kind=CheckKind(row.kind),
        verdict=Verdict(row.verdict),
        reason=row.reason,
        measured=_measured(measured),
        checked_at=row.checked_at,
        tries=row.tries,
        failures=row.failures,
        waived_by=row.waived_by,
        waived_at=row.waived_at,
        waive_reason=row.waive_reason,
    )


def _measured(values: Mapping[str, Any]) -> Measured:
    return dict(values)
