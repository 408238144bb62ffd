"""SQL of blueprints."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, update

from invigil.platform.db import Transaction
from invigil.prepare.papers.model import Blueprint, StoredBlueprint
from invigil.prepare.papers.store.tables import blueprints


async def insert_blueprint(tx: Transaction, stored: StoredBlueprint) -> None:
    """Write a new blueprint."""
    await tx.execute(
        insert(blueprints).values(
            id=stored.id,
            version=stored.version,
            created_by=stored.created_by,
            created_at=stored.created_at,
            edited_at=stored.edited_at,
            **_columns(stored.blueprint),
        )
    )


async def replace_blueprint(tx: Transaction, blueprint_id: str, version: int, blueprint: Blueprint) -> bool:
    """Write an edit of version `version`; False when that version is not the present one."""
    changed = await tx.execute(
        update(blueprints)
        .where(blueprints.c.id == blueprint_id, blueprints.c.version == version, blueprints.c.archived_at.is_(None))
        .values(version=version + 1, edited_at=tx.now, **_columns(blueprint))
    )
    return bool(changed.rowcount)


async def archive_blueprint(tx: Transaction, blueprint_id: str, at: datetime) -> None:
    """Take a blueprint out of the offer."""
    await tx.execute(update(blueprints).where(blueprints.c.id == blueprint_id).values(archived_at=at))


async def find_blueprint(tx: Transaction, blueprint_id: str) -> StoredBlueprint | None:
    """Return a blueprint, archived or not."""
    row = (await tx.execute(select(blueprints).where(blueprints.c.id == blueprint_id))).first()
    return None if row is None else _stored(row)


async def search_blueprints(
    tx: Transaction, *, q: str, subject_code: str, offset: int, limit: int
) -> tuple[list[StoredBlueprint], int]:
    """Return one page of those not archived, last edited first, and the total."""
    conditions: list[ColumnElement[bool]] = [blueprints.c.archived_at.is_(None)]
    if q:
        conditions.append(or_(blueprints.c.title.contains(q, autoescape=True), blueprints.c.subject_code == q))
    if subject_code:
        conditions.append(blueprints.c.subject_code == subject_code)
    total = (await tx.execute(select(func.count()).select_from(blueprints).where(*conditions))).scalar_one()
    page = select(blueprints).where(*conditions).order_by(blueprints.c.edited_at.desc(), blueprints.c.id)
    rows = await tx.execute(page.offset(offset).limit(limit))
    return [_stored(row) for row in rows.all()], total


def _columns(blueprint: Blueprint) -> dict[str, Any]:
    return {
        "subject_code": blueprint.subject_code,
        "title": blueprint.title,
        "document": blueprint.model_dump(mode="json"),
    }


def _stored(row: Row[Any]) -> StoredBlueprint:
    return StoredBlueprint(
        row.id,
        Blueprint.model_validate(row.document),
        row.version,
        row.created_by,
        row.created_at,
        row.edited_at,
        row.archived_at,
    )
