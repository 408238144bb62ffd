"""Sealing anew, cell by cell and file by file; may be broken off anywhere and begun again.

What has been done shows in the ciphertexts themselves, which say their key version: there is no place to remember, and
nothing is done twice. A cell is only replaced while it is still the one that was read, so saves go on beside it.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from invigil.base.audit.api import record
from invigil.base.rekeying import store
from invigil.base.rekeying.model import (
    Holdings,
    KeyringJustChanged,
    KeyVersionNewest,
    KeyVersionStillNeeded,
    KeyVersionUnknown,
)
from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.blobs import BlobMissingError
from invigil.platform.db import SealedColumn, list_sealed_columns, metadata
from invigil.platform.keys import CannotOpenError, KeyringFile
from invigil.platform.ports import Ports

log = structlog.get_logger()

RESEAL = "rekeying.records.reseal"
# One short transaction each: a save waits for two or three milliseconds at most.
CELLS_AT_ONCE = 200
BLOBS_AT_ONCE = 8
# After this long every process has looked at the keyring many times (platform.keys.keyring_file.LOOK_EVERY_S).
SETTLED_AFTER = timedelta(seconds=60)

Report = Callable[[int, int, Words], Awaitable[None]]


async def order_resealing(ports: Ports, who: Principal) -> JobId:
    """Leave the job that seals everything anew under the newest key; recorded."""
    async with ports.db.transaction() as tx:
        job_id = await ports.jobs.enqueue(
            tx, RESEAL, {}, owner=who, title=Words("用新密钥重新加密", "Seal with the new key")
        )
        await record(tx, who, act="rekeying.records.order", on=job_id, details={"version": ports.keys.newest_version})
        return job_id


async def count_holdings(ports: Ports) -> Holdings:
    """Return how much stands under which key version; every one's first bytes are looked at."""
    cells: Counter[int] = Counter()
    async with ports.db.reading() as tx:
        for one in list_sealed_columns(metadata):
            cells += await store.count_by_version(tx, one)
    keys = await ports.blobs.list("")
    versions = [
        version
        for start in range(0, len(keys), BLOBS_AT_ONCE)
        for version in await asyncio.gather(*(_read_version(ports, key) for key in keys[start : start + BLOBS_AT_ONCE]))
    ]
    return Holdings(cells, Counter(version for version in versions if version is not None))


async def reseal_everything(ports: Ports, report: Report) -> dict[str, Any]:
    """Seal what stands under an older key anew; repeatable.

    report: done, total, what is being done.
    Returns the counts: `cells` and `blobs` sealed anew, `unreadable` that do not open where they stand and stay as they are.
    """
    await report(0, 0, Words("正在清点", "Counting"))
    newest = ports.keys.newest_version
    holdings = await count_holdings(ports)
    cells_total = holdings.cells.total() - holdings.cells[newest]
    total = cells_total + holdings.blobs.total() - holdings.blobs[newest]
    counts: Counter[str] = Counter()

    async def advance(kind: str, message: Words) -> None:
        counts[kind] += 1
        await report(min(counts.total(), total), total, message)

    for one in list_sealed_columns(metadata):
        await _reseal_column(ports, one, advance)
    for key in await ports.blobs.list(""):
        await _reseal_blob(ports, key, advance)
    return {name: counts[name] for name in ("cells", "blobs", "unreadable")} | {"version": ports.keys.newest_version}


Advance = Callable[[str, Words], Awaitable[None]]
_FILES = Words("文件", "Files")


async def _reseal_column(ports: Ports, one: SealedColumn, advance: Advance) -> None:
    said = Words(f"数据表 {one.table.name}", f"Table {one.table.name}")
    after: Sequence[Any] | None = None
    while True:
        async with ports.db.reading() as tx:
            newest = ports.keys.newest_version
            rows = await store.list_outdated(tx, one, newest, after=after, limit=CELLS_AT_ONCE)
        if not rows:
            return
        after = tuple(rows[-1])[:-1]
        fresh = [(row, ciphertext) for row in rows if (ciphertext := _reseal_cell(ports, one, row)) is not None]
        async with ports.db.transaction() as tx:
            await store.replace_cells(tx, one, fresh)
        for _ in fresh:
            await advance("cells", said)
        for _ in range(len(rows) - len(fresh)):
            await advance("unreadable", said)


def _reseal_cell(ports: Ports, one: SealedColumn, row: Row[Any]) -> bytes | None:
    """Return the new ciphertext; None when the old one does not open where it stands: sealing it anew would bless it."""
    place = one.sealed.place_of(row._asdict())
    try:
        return ports.keys.reseal(row[-1], purpose=one.sealed.purpose, bound_to=place)
    except CannotOpenError:
        log.exception("rekeying.cell_does_not_open", place=place)
        return None


async def _reseal_blob(ports: Ports, key: str, advance: Advance) -> None:
    version = await _read_version(ports, key)
    if version is None or version == ports.keys.newest_version:
        return
    try:
        if await ports.blobs.reseal(key):
            await advance("blobs", _FILES)
    except CannotOpenError:
        log.exception("rekeying.blob_does_not_open", key=key)
        await advance("unreadable", _FILES)


async def _read_version(ports: Ports, key: str) -> int | None:
    """Return the key version of a blob, None when it was deleted meanwhile."""
    try:
        return await ports.blobs.read_version(key)
    except BlobMissingError:
        return None


async def retire_key(ports: Ports, who: Principal, file: KeyringFile, version: int) -> None:
    """Drop an older master key for good; recorded.

    Raises: KeyVersionUnknown; KeyVersionNewest; KeyringJustChanged; KeyVersionStillNeeded - something stands under it.
    """
    if version not in ports.keys.versions:
        raise KeyVersionUnknown(version=version)
    if version == ports.keys.newest_version:
        raise KeyVersionNewest(version=version)
    wait = SETTLED_AFTER - (ports.clock.now() - file.changed_at)
    if wait > timedelta(0):
        raise KeyringJustChanged(seconds=int(wait.total_seconds()) + 1)
    holdings = await count_holdings(ports)
    if holdings.cells[version] or holdings.blobs[version]:
        raise KeyVersionStillNeeded(version=version, cells=holdings.cells[version], blobs=holdings.blobs[version])
    async with ports.db.transaction() as tx:
        await record(tx, who, act="rekeying.key.retire", on=f"key_{version}", details={"version": version})
        # Inside: when the keyring cannot be written, the record does not stand either.
        file.retire(version)
