"""SQL of packages and their files."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, select, update

from invigil.kernel.ids import JobId, SittingId
from invigil.platform.db import Transaction
from invigil.serve.recordings.model import Package, PackagedFile, Scope
from invigil.serve.recordings.store.tables import NAME_PLACE, PATH_PLACE, files, packages

_NAME, _PATH = "recordings.ordered_by_name", "recordings.path"


async def insert_package(tx: Transaction, one: Package) -> None:
    """Write a new entry of the register."""
    name = tx.keys.seal_text(one.ordered_by_name, purpose=_NAME, bound_to=NAME_PLACE.format(id=one.id))
    await tx.execute(
        insert(packages).values(
            id=one.id,
            sitting_id=one.sitting_id,
            scope=one.scope,
            scope_id=one.scope_id,
            purpose=one.purpose,
            job_id=one.job_id,
            ordered_by=one.ordered_by,
            ordered_by_name=name,
            ordered_at=one.ordered_at,
            file_count=0,
            fault_count=0,
            total_bytes=0,
            downloads=0,
        )
    )


async def read_package(tx: Transaction, package_id: str) -> Package | None:
    """Return an entry."""
    row = (await tx.execute(select(packages).where(packages.c.id == package_id))).first()
    return None if row is None else _package(tx, row)


async def list_packages(tx: Transaction, sitting_id: str, *, offset: int, limit: int) -> tuple[list[Package], int]:
    """Return one page of the register, newest first, and the total. sitting_id: "" for all."""
    condition = and_(True, *([packages.c.sitting_id == sitting_id] if sitting_id else []))  # noqa: FBT003 - SQL's true
    total = int((await tx.execute(select(func.count()).select_from(packages).where(condition))).scalar_one())
    query = select(packages).where(condition).order_by(packages.c.ordered_at.desc()).offset(offset).limit(limit)
    return [_package(tx, row) for row in await tx.execute(query)], total


async def write_made(tx: Transaction, package_id: str, values: dict[str, Any]) -> None:
    """Enter what the package has become."""
    await tx.execute(update(packages).where(packages.c.id == package_id).values(values))


async def count_download(tx: Transaction, package_id: str) -> None:
    """Count one download."""
    await tx.execute(update(packages).where(packages.c.id == package_id).values(downloads=packages.c.downloads + 1))


async def list_expired(tx: Transaction, *, limit: int) -> list[Package]:
    """Return packages whose date has come and whose files are still there."""
    condition = and_(packages.c.expires_at <= tx.now, packages.c.destroyed_at.is_(None))
    return [_package(tx, row) for row in await tx.execute(select(packages).where(condition).limit(limit))]


async def write_destroyed(tx: Transaction, package_id: str, at: datetime) -> None:
    """Enter that the files are gone, and forget their names."""
    await tx.execute(delete(files).where(files.c.package_id == package_id))
    await tx.execute(update(packages).where(packages.c.id == package_id).values(destroyed_at=at))


async def insert_file(tx: Transaction, package_id: str, one: PackagedFile) -> None:
    """Enter a file that is made and kept."""
    place = PATH_PLACE.format(package_id=package_id, source=one.source)
    await tx.execute(
        insert(files).values(
            package_id=package_id,
            source=one.source,
            path=tx.keys.seal_text(one.path, purpose=_PATH, bound_to=place),
            file_bytes=one.file_bytes,
            crc32=one.crc32,
            sha256=one.sha256,
            pieces=one.pieces,
            fault=one.fault,
        )
    )


async def replace_file(tx: Transaction, package_id: str, one: PackagedFile) -> None:
    """Enter a file in the place of what was made of the same source before."""
    await tx.execute(delete(files).where(files.c.package_id == package_id, files.c.source == one.source))
    await insert_file(tx, package_id, one)


async def list_files(tx: Transaction, package_id: str) -> list[PackagedFile]:
    """Return the files of a package by path."""
    rows = await tx.execute(select(files).where(files.c.package_id == package_id))
    found = [
        PackagedFile(
            source=row.source,
            path=tx.keys.open_text(
                row.path, purpose=_PATH, bound_to=PATH_PLACE.format(package_id=package_id, source=row.source)
            ),
            file_bytes=row.file_bytes,
            crc32=row.crc32,
            sha256=row.sha256,
            pieces=row.pieces,
            fault=row.fault,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.path)


def _package(tx: Transaction, row: Row[Any]) -> Package:
    return Package(
        id=row.id,
        sitting_id=SittingId(row.sitting_id),
        scope=Scope(row.scope),
        scope_id=row.scope_id,
        purpose=row.purpose,
        job_id=JobId(row.job_id),
        ordered_by=row.ordered_by,
        ordered_by_name=tx.keys.open_text(row.ordered_by_name, purpose=_NAME, bound_to=NAME_PLACE.format(id=row.id)),
        ordered_at=row.ordered_at,
        made_at=row.made_at,
        expires_at=row.expires_at,
        destroyed_at=row.destroyed_at,
        file_count=row.file_count,
        fault_count=row.fault_count,
        total_bytes=row.total_bytes,
        downloads=row.downloads,
    )
