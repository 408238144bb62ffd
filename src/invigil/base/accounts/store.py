"""SQL of accounts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from invigil.base.accounts.model import Guard, Login, SecretKind, StaffAccount
from invigil.kernel.ids import StaffId
from invigil.kernel.principals import PrincipalKind, Role
from invigil.platform.db import JsonDocument, Sealed, Transaction, UtcInstant, metadata

staff = Table(
    "accounts_staff",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("login_name", String(64), nullable=False, unique=True),
    Column("display_name", String(64), nullable=False),
    Column("roles", JsonDocument, nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("totp_secret", Sealed("accounts.totp", "accounts_staff/totp/{id}")),
    Column("totp_pending", Sealed("accounts.totp", "accounts_staff/totp/{id}")),
    Column("totp_last_step", BigInteger, nullable=False, default=0),
    Column("is_active", Boolean(create_constraint=False), nullable=False, default=True),
    Column("has_own_password", Boolean(create_constraint=False), nullable=False, server_default=true()),
    Column("created_at", UtcInstant, nullable=False),
)

credentials = Table(
    "accounts_candidate_credential",
    metadata,
    Column("candidate_id", String(40), primary_key=True),
    Column("exam_id", String(40), nullable=False, index=True),
    Column("secret_kind", String(16), nullable=False),
    Column(
        "secret",
        Sealed(
            "accounts.initial_password",
            "accounts_credential/{candidate_id}",
            only=("secret_kind", SecretKind.SEALED.value),
        ),
        nullable=False,
    ),
    Column("code_mac", LargeBinary(32)),
    Column("code_expires_at", UtcInstant),
)

login_names = Table(
    "accounts_candidate_login_name",
    metadata,
    Column("name_index", LargeBinary(32), primary_key=True),
    Column("candidate_id", String(40), primary_key=True, index=True),
    Column("door", LargeBinary(32), nullable=False),
)

logins = Table(
    "accounts_login",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("principal_id", String(40), nullable=False, index=True),
    Column("exam_id", String(40), nullable=False, default=""),
    Column("is_complete", Boolean(create_constraint=False), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("expires_at", UtcInstant, nullable=False),
    Column("revoked_at", UtcInstant),
)

guards = Table(
    "accounts_guard",
    metadata,
    Column("door", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("last_failure_at", UtcInstant),
    Column("locked_until", UtcInstant),
)

devices = Table(
    "accounts_known_device",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("principal_id", String(40), primary_key=True),
    Column("seen_at", UtcInstant, nullable=False),
)


async def insert_staff(tx: Transaction, account: StaffAccount, password_hash: str) -> None:
    """Write a new account."""
    await tx.execute(
        insert(staff).values(
            id=account.id,
            login_name=account.login_name,
            display_name=account.display_name,
            roles=sorted(account.roles),
            password_hash=password_hash,
            totp_last_step=0,
            is_active=account.is_active,
            has_own_password=account.has_own_password,
            created_at=account.created_at,
        )
    )


async def read_staff_row(tx: Transaction, *, staff_id: str = "", login_name: str = "") -> Row[Any] | None:
    """Return the whole row by id or by login name."""
    condition = staff.c.id == staff_id if staff_id else staff.c.login_name == login_name
    return (await tx.execute(select(staff).where(condition))).first()


async def update_staff(tx: Transaction, staff_id: str, **changes: object) -> None:
    """Write some columns of one account."""
    await tx.execute(update(staff).where(staff.c.id == staff_id).values(**changes))


async def search_staff(tx: Transaction, *, q: str, offset: int, limit: int) -> tuple[list[StaffAccount], int]:
    """Return one page by login name, and the total."""
    conditions = []
    if q:
        conditions.append(
            or_(
                staff.c.login_name.contains(q.lower(), autoescape=True),
                staff.c.display_name.contains(q, autoescape=True),
            )
        )
    total = (await tx.execute(select(func.count()).select_from(staff).where(*conditions))).scalar_one()
    page = select(staff).where(*conditions).order_by(staff.c.login_name).offset(offset).limit(limit)
    return [staff_account(row) for row in (await tx.execute(page)).all()], total


async def list_staff(tx: Transaction) -> list[StaffAccount]:
    """Return every account, by login name."""
    return [staff_account(row) for row in (await tx.execute(select(staff).order_by(staff.c.login_name))).all()]


async def read_staff_names(tx: Transaction) -> dict[str, str]:
    """Return the name of everybody who has an account, by id."""
    return {row.id: row.display_name for row in await tx.execute(select(staff.c.id, staff.c.display_name))}


def staff_account(row: Row[Any]) -> StaffAccount:
    """Return the account of a row."""
    return StaffAccount(
        StaffId(row.id),
        row.login_name,
        row.display_name,
        frozenset(Role(role) for role in row.roles),
        row.totp_secret is not None,
        row.is_active,
        row.has_own_password,
        row.created_at,
    )


async def insert_login(tx: Transaction, login: Login, token_hash: bytes) -> None:
    """Write a login."""
    await tx.execute(
        insert(logins).values(
            id=login.id,
            token_hash=token_hash,
            kind=login.kind,
            principal_id=login.principal_id,
            exam_id=login.exam_id,
            is_complete=login.is_complete,
            created_at=login.created_at,
            expires_at=login.expires_at,
        )
    )


async def read_login(tx: Transaction, token_hash: bytes) -> Login | None:
    """Return the login of a token unless it has ended."""
    row = (
        await tx.execute(
            select(logins).where(
                logins.c.token_hash == token_hash, logins.c.revoked_at.is_(None), logins.c.expires_at > tx.now
            )
        )
    ).first()
    if row is None:
        return None
    kind = PrincipalKind(row.kind)
    return Login(row.id, kind, row.principal_id, row.exam_id, row.is_complete, row.created_at, row.expires_at)


async def is_open_login(tx: Transaction, login_id: str) -> bool:
    """Tell whether this login has neither been ended nor run out."""
    condition = (logins.c.id == login_id) & logins.c.revoked_at.is_(None) & (logins.c.expires_at > tx.now)
    return (await tx.execute(select(logins.c.id).where(condition))).first() is not None


async def list_logged_in_candidates(
    tx: Transaction, exam_id: str, candidate_ids: Sequence[str] | None = None
) -> set[str]:
    """Return the candidates of an examination, or those of them named, who have a login that has neither been ended nor run out."""
    is_open = logins.c.revoked_at.is_(None) & (logins.c.expires_at > tx.now)
    mine = (logins.c.exam_id == exam_id) & (logins.c.kind == PrincipalKind.CANDIDATE)
    if candidate_ids is not None:
        mine &= logins.c.principal_id.in_(candidate_ids)
    return {row.principal_id for row in await tx.execute(select(logins.c.principal_id).where(mine, is_open))}


async def list_open_logins(tx: Transaction, principal_id: str) -> list[str]:
    """Return the ids of a principal's logins that have not ended."""
    rows = await tx.execute(
        select(logins.c.id).where(logins.c.principal_id == principal_id, logins.c.revoked_at.is_(None))
    )
    return [row.id for row in rows]


async def read_principals(tx: Transaction, ids: Sequence[str]) -> dict[str, str]:
    """Return whose logins these are, by login."""
    rows = await tx.execute(select(logins.c.id, logins.c.principal_id).where(logins.c.id.in_(ids)))
    return {row.id: row.principal_id for row in rows}


async def revoke_logins(tx: Transaction, ids: Sequence[str]) -> None:
    """End these logins."""
    await tx.execute(update(logins).where(logins.c.id.in_(ids)).values(revoked_at=tx.now))


async def complete_login(tx: Transaction, login_id: str) -> None:
    """The second factor has been enrolled: the login is a whole one."""
    await tx.execute(update(logins).where(logins.c.id == login_id).values(is_complete=True))


async def read_guard(tx: Transaction, door: bytes) -> Guard:
    """Return a door's failures; an unknown door has none."""
    row = (await tx.execute(select(guards).where(guards.c.door == door))).first()
    return Guard() if row is None else Guard(row.failures, row.total, row.last_failure_at, row.locked_until)


async def write_guard(tx: Transaction, door: bytes, guard: Guard) -> None:
    """Write a door's failures; call under the door's lock."""
    await tx.execute(delete(guards).where(guards.c.door == door))
    if guard != Guard():
        await tx.execute(
            insert(guards).values(
                door=door,
                failures=guard.failures,
                total=guard.total,
                last_failure_at=guard.last_failure_at,
                locked_until=guard.locked_until,
            )
        )


async def is_known_device(tx: Transaction, token_hash: bytes, principal_id: str) -> bool:
    """Tell whether this principal has logged in from this device before."""
    condition = (devices.c.token_hash == token_hash) & (devices.c.principal_id == principal_id)
    return (await tx.execute(select(devices.c.seen_at).where(condition))).first() is not None


async def remember_device(tx: Transaction, token_hash: bytes, principal_id: str, at: datetime) -> None:
    """Remember that this principal has logged in from this device."""
    condition = (devices.c.token_hash == token_hash) & (devices.c.principal_id == principal_id)
    await tx.execute(delete(devices).where(condition))
    await tx.execute(insert(devices).values(token_hash=token_hash, principal_id=principal_id, seen_at=at))


async def find_credentials(tx: Transaction, name_index: bytes) -> list[Row[Any]]:
    """Return the credentials of every candidate who answers to this login name."""
    query = (
        select(credentials)
        .join(login_names, login_names.c.candidate_id == credentials.c.candidate_id)
        .where(login_names.c.name_index == name_index)
    )
    return list((await tx.execute(query)).all())


async def read_credential(tx: Transaction, candidate_id: str) -> Row[Any] | None:
    """Return one candidate's credential."""
    return (await tx.execute(select(credentials).where(credentials.c.candidate_id == candidate_id))).first()


async def list_doors(tx: Transaction, candidate_id: str) -> list[bytes]:
    """Return the doors of the names one candidate answers to."""
    rows = await tx.execute(select(login_names.c.door).where(login_names.c.candidate_id == candidate_id))
    return [row.door for row in rows]


async def replace_credentials(
    tx: Transaction, rows: Sequence[dict[str, object]], names: Sequence[dict[str, object]]
) -> None:
    """Write credentials and login names of many candidates, replacing what they had."""
    ids = [{"old": row["candidate_id"]} for row in rows]
    if not ids:
        return
    await tx.execute(delete(login_names).where(login_names.c.candidate_id == bindparam("old")), ids)
    await tx.execute(delete(credentials).where(credentials.c.candidate_id == bindparam("old")), ids)
    await insert_credentials(tx, rows, names)


async def insert_credentials(
    tx: Transaction, rows: Sequence[dict[str, object]], names: Sequence[dict[str, object]]
) -> None:
    """Write credentials and login names of candidates who have none yet."""
    if rows:
        await tx.execute(insert(credentials), list(rows))
    if names:
        await tx.execute(insert(login_names), list(names))


async def update_credential(tx: Transaction, candidate_id: str, **changes: object) -> None:
    """Write some columns of one credential."""
    await tx.execute(update(credentials).where(credentials.c.candidate_id == candidate_id).values(**changes))
