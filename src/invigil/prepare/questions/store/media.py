"""SQL of media."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from invigil.platform.db import Transaction
from invigil.prepare.questions.store.tables import media


async def insert_medium(tx: Transaction, **values: object) -> None:
    """Write a medium's row; its bytes stand in the blob store already."""
    await tx.execute(insert(media).values(**values))


async def read_media(tx: Transaction, ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Return the rows of these media by id; unknown ids are left out."""
    return {row.id: row for row in await tx.execute(select(media).where(media.c.id.in_(ids)))} if ids else {}


async def search_media(tx: Transaction, kind: str, *, offset: int, limit: int) -> tuple[list[Row[Any]], int]:
    """Return a page of the media that the bank keeps, newest first, and how many there are. kind: "image", "audio" or "video"."""
    wanted = (media.c.import_id == "") & media.c.media_type.startswith(f"{kind}/")
    total = (await tx.execute(select(func.count()).select_from(media).where(wanted))).scalar_one()
    page = select(media).where(wanted).order_by(media.c.created_at.desc(), media.c.id).offset(offset).limit(limit)
    return list(await tx.execute(page)), total


async def list_of_import(tx: Transaction, import_id: str) -> list[str]:
    """Return the ids of the media that an import brought and has not given to a question."""
    return list((await tx.execute(select(media.c.id).where(media.c.import_id == import_id))).scalars())


async def keep(tx: Transaction, ids: Sequence[str]) -> None:
    """Let these media outlive their import."""
    if ids:
        await tx.execute(update(media).where(media.c.id.in_(ids)).values(import_id=""))


async def delete_of_import(tx: Transaction, import_id: str) -> None:
    """Delete the rows of what an import brought and nobody uses."""
    await tx.execute(delete(media).where(media.c.import_id == import_id))
