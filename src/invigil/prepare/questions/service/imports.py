"""Imports: receive a file, look at what was understood, adjust or skip, confirm or let go."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.keys import Keys
from invigil.platform.ports import Ports
from invigil.prepare.questions.importing.model import SourceLine
from invigil.prepare.questions.model import QuestionDraft
from invigil.prepare.questions.refusals import (
    IMPORT_STATES_ZH,
    ImportFilesDeleted,
    ImportHasProblems,
    ImportItemNotFound,
    ImportNotFound,
    ImportNotInState,
    ImportState,
    NothingToImport,
)
from invigil.prepare.questions.service.bank import fill_media_types
from invigil.prepare.questions.service.media import blob_key
from invigil.prepare.questions.service.staged import Defaults, StagedQuestion, fill_in_defaults, open_staged, stage_row
from invigil.prepare.questions.store import imports as store
from invigil.prepare.questions.store import media as media_store

READ_JOB, WRITE_JOB = "questions.import.read", "questions.import.write"


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it stands. counts: by name; job_id: the job under way, or the last."""

    id: str
    state: ImportState
    file_name: str
    file_bytes: int
    defaults: Defaults
    counts: dict[str, int]
    refusal_zh: str
    refusal_en: str
    job_id: str
    created_by: str
    created_at: datetime
    source_deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """A staged question with its place in the import. question_id: what it became, "" before."""

    position: int
    is_included: bool
    is_adjusted: bool
    staged: StagedQuestion
    question_id: str


def source_key(import_id: str) -> str:
    """Blob key of the uploaded file."""
    return f"questions/imports/{import_id}/source"


def lines_key(import_id: str) -> str:
    """Blob key of the source lines with their uses."""
    return f"questions/imports/{import_id}/lines"


async def receive_file(ports: Ports, who: Principal, file_name: str, content: bytes, defaults: Defaults) -> Import:
    """Keep an uploaded file sealed and leave the job that reads it; nothing enters the bank yet."""
    import_id = new_id("qimp")
    await ports.blobs.put(source_key(import_id), content)
    try:
        async with ports.db.transaction() as tx:
            job_id = await ports.jobs.enqueue(
                tx,
                READ_JOB,
                {"import_id": import_id},
                owner=who,
                title=Words("读取试题文件", "Read a file of questions"),
            )
            await store.insert_import(
                tx,
                id=import_id,
                state=ImportState.READING.value,
                file_name=_seal_name(tx.keys, import_id, file_name),
                file_bytes=len(content),
                defaults=msgspec.to_builtins(defaults),
                counts={},
                job_id=job_id,
                created_by=who.id,
            )
            await record(tx, who, act="questions.import.upload", on=import_id, details={"bytes": len(content)})
            return await access_import(tx, import_id)
    except BaseException:
        with contextlib.suppress(OSError):
            await ports.blobs.delete(source_key(import_id))
        raise


async def access_import(tx: Transaction, import_id: str) -> Import:
    """Return an import. Raises: ImportNotFound."""
    row = await store.read_import(tx, import_id)
    if row is None:
        raise ImportNotFound
    return _open_import(tx.keys, row)


async def list_imports(tx: Transaction, *, offset: int, limit: int) -> tuple[list[Import], int]:
    """Return one page of imports, newest first, and the total."""
    rows, total = await store.list_imports(tx, offset=offset, limit=limit)
    return [_open_import(tx.keys, row) for row in rows], total


async def list_items(
    tx: Transaction, who: Principal, import_id: str, *, only: str, offset: int, limit: int
) -> tuple[list[Item], int]:
    """Return one page of staged questions in the file's order, and the total; recorded.

    only: "" or one of doubtful, problems, duplicates, skipped, included.
    Raises: ImportNotFound.
    """
    await access_import(tx, import_id)
    rows, total = await store.list_items(tx, import_id, only=only, offset=offset, limit=limit)
    await record(tx, who, act="questions.import.view", on=import_id, details={"questions": len(rows)})
    return [_open_item(tx.keys, row) for row in rows], total


async def list_lines(
    tx: Transaction, ports: Ports, who: Principal, import_id: str, *, use: str, offset: int, limit: int
) -> tuple[list[SourceLine], int]:
    """Return one page of the source's lines and what became of each, and the total; recorded.

    use: "" for all lines, or a LineUse.
    Raises: ImportNotFound; ImportNotInState - not read yet, or discarded; ImportFilesDeleted.
    """
    found = await access_import(tx, import_id)
    _check_state(found, ImportState.READY, ImportState.WRITING, ImportState.WRITTEN)
    if found.source_deleted_at is not None:
        raise ImportFilesDeleted
    await record(tx, who, act="questions.import.view_source", on=import_id)
    lines = msgspec.json.decode(await ports.blobs.get(lines_key(import_id)), type=list[SourceLine])
    wanted = [line for line in lines if not use or line.use == use]
    return wanted[offset : offset + limit], len(wanted)


async def adjust_item(
    tx: Transaction,
    who: Principal,
    import_id: str,
    position: int,
    *,
    draft: QuestionDraft | None = None,
    is_included: bool | None = None,
) -> Item:
    """Change a staged question, or take it in or out of the import.

    Raises: ImportNotFound, ImportItemNotFound, ImportNotInState.
    """
    _check_state(await access_import(tx, import_id), ImportState.READY)
    row = await store.read_item(tx, import_id, position)
    if row is None:
        raise ImportItemNotFound
    item = _open_item(tx.keys, row)
    wanted = await fill_media_types(tx, draft or item.staged.draft)
    staged = msgspec.structs.replace(item.staged, draft=wanted)
    included = item.is_included if is_included is None else is_included
    changes = dict(stage_row(tx.keys, import_id, position, staged, is_included=included))
    changes["is_adjusted"] = item.is_adjusted or draft is not None
    await store.update_item(tx, import_id, position, changes)
    await _count(tx, import_id)
    await record(tx, who, act="questions.import.adjust", on=import_id, details={"position": position})
    changed = await store.read_item(tx, import_id, position)
    assert changed is not None  # noqa: S101 - written a moment ago
    return _open_item(tx.keys, changed)


async def fill_items(tx: Transaction, who: Principal, import_id: str, defaults: Defaults) -> Import:
    """Give subjects, knowledge area and source to every staged question that lacks them.

    Raises: ImportNotFound, ImportNotInState.
    """
    _check_state(await access_import(tx, import_id), ImportState.READY)
    rows, _ = await store.list_items(tx, import_id, only="", offset=0, limit=1_000_000)
    for item in (_open_item(tx.keys, row) for row in rows):
        filled = msgspec.structs.replace(item.staged, draft=fill_in_defaults(item.staged.draft, defaults))
        changes = dict(stage_row(tx.keys, import_id, item.position, filled, is_included=item.is_included))
        await store.update_item(tx, import_id, item.position, changes | {"is_adjusted": item.is_adjusted})
    await _count(tx, import_id)
    await record(tx, who, act="questions.import.fill", on=import_id)
    return await access_import(tx, import_id)


async def confirm_import(tx: Transaction, who: Principal, ports: Ports, import_id: str) -> Import:
    """Leave the job that writes every included question into the bank.

    Raises: ImportNotFound, ImportNotInState, NothingToImport; ImportHasProblems - an included question breaks a rule.
    """
    found = await access_import(tx, import_id)
    _check_state(found, ImportState.READY)
    counts = await store.count_items(tx, import_id)
    if not counts["included"]:
        raise NothingToImport
    if counts["included_problems"]:
        raise ImportHasProblems(count=counts["included_problems"])
    job_id = await ports.jobs.enqueue(
        tx, WRITE_JOB, {"import_id": import_id}, owner=who, title=Words("写入试题", "Write questions")
    )
    if not await store.move_import(tx, import_id, ImportState.READY, ImportState.WRITING, job_id=job_id):
        raise _not_in_state(found)
    await record(tx, who, act="questions.import.confirm", on=import_id, details={"questions": counts["included"]})
    return await access_import(tx, import_id)


async def discard_import(tx: Transaction, who: Principal, ports: Ports, import_id: str) -> Import:
    """Let an import go: its file, its questions and its media are deleted.

    Raises: ImportNotFound; ImportNotInState - it is being read or written, or has been written.
    """
    found = await access_import(tx, import_id)
    _check_state(found, ImportState.READY, ImportState.REFUSED)
    if not await store.move_import(tx, import_id, found.state, ImportState.DISCARDED):
        raise _not_in_state(found)
    await store.delete_items(tx, import_id)
    keys = [blob_key(one) for one in await media_store.list_of_import(tx, import_id)]
    await media_store.delete_of_import(tx, import_id)
    await record(tx, who, act="questions.import.discard", on=import_id)

    async def delete_files() -> None:
        for key in [*keys, *await ports.blobs.list(f"questions/imports/{import_id}")]:
            await ports.blobs.delete(key)

    tx.after_commit(delete_files)
    return await access_import(tx, import_id)


async def _count(tx: Transaction, import_id: str) -> None:
    row = await store.read_import(tx, import_id)
    kept = dict(row.counts) if row is not None else {}
    await store.set_counts(tx, import_id, kept | await store.count_items(tx, import_id))


def _check_state(found: Import, *states: ImportState) -> None:
    if found.state not in states:
        raise _not_in_state(found)


def _not_in_state(found: Import) -> ImportNotInState:
    return ImportNotInState(state=found.state.value, state_zh=IMPORT_STATES_ZH[found.state])


def _open_import(keys: Keys, row: Row[Any]) -> Import:
    return Import(
        id=row.id,
        state=ImportState(row.state),
        file_name=keys.open_text(row.file_name, purpose="questions.file_name", bound_to=_name_place(row.id)),
        file_bytes=row.file_bytes,
        defaults=msgspec.convert(row.defaults, Defaults),
        counts=dict(row.counts),
        refusal_zh=row.refusal_zh,
        refusal_en=row.refusal_en,
        job_id=row.job_id,
        created_by=row.created_by,
        created_at=row.created_at,
        source_deleted_at=row.source_deleted_at,
    )


def _open_item(keys: Keys, row: Row[Any]) -> Item:
    staged = open_staged(keys, row.import_id, row.position, row.staged)
    return Item(row.position, row.is_included, row.is_adjusted, staged, row.question_id)


def _seal_name(keys: Keys, import_id: str, file_name: str) -> bytes:
    return keys.seal_text(file_name[:200], purpose="questions.file_name", bound_to=_name_place(import_id))


def _name_place(import_id: str) -> str:
    return f"questions_import/file_name/{import_id}"
