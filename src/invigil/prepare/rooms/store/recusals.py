"""SQL of what staff declare; names and identity numbers of relatives are sealed."""

from typing import Any

from sqlalchemy import Row, delete, insert, select

from invigil.kernel.ids import StaffId
from invigil.platform.db import Transaction
from invigil.prepare.rooms.model import Declaration, Relative
from invigil.prepare.rooms.model.entities import Relation
from invigil.prepare.rooms.store.tables import declarations, relatives


async def write_declaration(tx: Transaction, declaration: Declaration) -> None:
    """Write what a person declares, replacing an earlier declaration."""
    await tx.execute(delete(declarations).where(declarations.c.staff_id == declaration.staff_id))
    await tx.execute(
        insert(declarations).values(
            staff_id=declaration.staff_id, employer=declaration.employer, declared_at=declaration.declared_at
        )
    )


async def read_declarations(tx: Transaction) -> dict[StaffId, Declaration]:
    """Return what everybody has declared."""
    rows = await tx.execute(select(declarations))
    return {StaffId(row.staff_id): Declaration(StaffId(row.staff_id), row.employer, row.declared_at) for row in rows}


async def insert_relative(tx: Transaction, relative: Relative) -> None:
    """Write a relative."""
    await tx.execute(
        insert(relatives).values(
            id=relative.id,
            staff_id=relative.staff_id,
            relation=relative.relation,
            name=_seal(tx, relative.id, "name", relative.name),
            identity_number=_seal(tx, relative.id, "identity_number", relative.identity_number),
            declared_at=relative.declared_at,
        )
    )


async def delete_relative(tx: Transaction, staff_id: StaffId, relative_id: str) -> bool:
    """Remove a relative; false when the person has declared no such one."""
    same = (relatives.c.id == relative_id) & (relatives.c.staff_id == staff_id)
    return (await tx.execute(delete(relatives).where(same))).rowcount > 0


async def list_relatives(tx: Transaction, staff_id: StaffId | None = None) -> list[Relative]:
    """Return the relatives of one person, or of everybody."""
    statement = select(relatives).order_by(relatives.c.staff_id, relatives.c.declared_at)
    if staff_id is not None:
        statement = statement.where(relatives.c.staff_id == staff_id)
    return [_relative(tx, row) for row in await tx.execute(statement)]


def _relative(tx: Transaction, row: Row[Any]) -> Relative:
    return Relative(
        row.id,
        StaffId(row.staff_id),
        Relation(row.relation),
        _open(tx, row.id, "name", row.name),
        _open(tx, row.id, "identity_number", row.identity_number),
        row.declared_at,
    )


def _seal(tx: Transaction, relative_id: str, field: str, value: str) -> bytes:
    return tx.keys.seal_text(value, purpose=f"rooms.{field}", bound_to=f"rooms_relative/{field}/{relative_id}")


def _open(tx: Transaction, relative_id: str, field: str, sealed: bytes) -> str:
    return tx.keys.open_text(sealed, purpose=f"rooms.{field}", bound_to=f"rooms_relative/{field}/{relative_id}")
