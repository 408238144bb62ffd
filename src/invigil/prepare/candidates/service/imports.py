"""What workbook and photo imports share: receiving the file, fetching an import, letting it go."""

import contextlib
from dataclasses import dataclass
from datetime import datetime

from invigil.base.audit.api import record
from invigil.kernel.ids import ExamId, JobId
from invigil.kernel.principals import Principal
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.keys import Keys
from invigil.platform.ports import Ports
from invigil.prepare.candidates.model import (
    IMPORT_STATES_ZH,
    ImportFilesDeleted,
    ImportKind,
    ImportNotFound,
    ImportNotInState,
    ImportState,
    NothingToImport,
)
from invigil.prepare.candidates.store import imports as store

_READ_JOBS = {
    ImportKind.WORKBOOK: ("candidates.import.read", Words("读取考生名单", "Read a list of candidates")),
    ImportKind.PHOTOS: ("candidates.photos.read", Words("检查考生照片", "Check photos")),
}
_WRITE_JOBS = {
    ImportKind.WORKBOOK: ("candidates.import.write", Words("写入考生名单", "Write candidates")),
    ImportKind.PHOTOS: ("candidates.photos.write", Words("写入考生照片", "Write photos")),
}


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it stands.

    options: how to read. counts: what was found, and after writing what was written. job_id: the job under way, or the last.
    source_deleted_at: when its files were deleted by date, None while they are there.
    """

    id: str
    exam_id: ExamId
    kind: ImportKind
    state: ImportState
    file_name: str
    file_bytes: int
    options: dict[str, object]
    counts: dict[str, int]
    refusal_zh: str
    refusal_en: str
    job_id: JobId
    created_by: str
    created_at: datetime
    source_deleted_at: datetime | None


def source_key(import_id: str) -> str:
    """Blob key of the uploaded file."""
    return f"candidates/imports/{import_id}/source"


def findings_key(import_id: str) -> str:
    """Blob key of what was found in it."""
    return f"candidates/imports/{import_id}/findings"


def photos_folder(import_id: str) -> str:
    """Blob folder of the pictures that a photo import has accepted."""
    return f"candidates/photos/{import_id}"


async def receive_file(
    ports: Ports,
    who: Principal,
    exam_id: ExamId,
    *,
    kind: ImportKind,
    file_name: str,
    content: bytes,
    options: dict[str, object],
) -> Import:
    """Keep an uploaded file sealed and leave the job that reads it; nothing is written to the examination yet."""
    import_id = new_id("imp")
    await ports.blobs.put(source_key(import_id), content)
    name, title = _READ_JOBS[kind]
    try:
        async with ports.db.transaction() as tx:
            job_id = await ports.jobs.enqueue(tx, name, {"import_id": import_id}, owner=who, title=title)
            await store.insert_import(
                tx,
                id=import_id,
                exam_id=exam_id,
                kind=kind,
                state=ImportState.READING,
                file_name=_seal_name(tx.keys, import_id, file_name),
                file_bytes=len(content),
                options=options,
                counts={},
                job_id=job_id,
                created_by=who.id,
            )
            details: dict[str, object] = {"exam": exam_id, "bytes": len(content)}
            await record(tx, who, act=f"candidates.{kind}.upload", on=import_id, details=details)
            return await access_import(tx, import_id)
    except BaseException:
        with contextlib.suppress(OSError):
            await ports.blobs.delete(source_key(import_id))
        raise


async def access_import(tx: Transaction, import_id: str, kind: ImportKind | None = None) -> Import:
    """Return an import.

    Raises: ImportNotFound - there is none, or it is of another kind.
    """
    row = await store.read_import(tx, import_id)
    if row is None or (kind is not None and row.kind != kind):
        raise ImportNotFound
    return open_import(tx.keys, row)


def open_import(keys: Keys, row: object) -> Import:
    """Return the import of a row, its file name in clear."""
    read = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name
    file_name = keys.open_text(read["file_name"], purpose="candidates.file_name", bound_to=_name_place(read["id"]))
    return Import(
        id=read["id"],
        exam_id=ExamId(read["exam_id"]),
        kind=ImportKind(read["kind"]),
        state=ImportState(read["state"]),
        file_name=file_name,
        file_bytes=read["file_bytes"],
        options=read["options"],
        counts=read["counts"],
        refusal_zh=read["refusal_zh"],
        refusal_en=read["refusal_en"],
        job_id=JobId(read["job_id"]),
        created_by=read["created_by"],
        created_at=read["created_at"],
        source_deleted_at=read["source_deleted_at"],
    )


def check_has_files(found: Import) -> None:
    """Pass while the upload and its preview are kept.

    Raises: ImportFilesDeleted.
    """
    if found.source_deleted_at is not None:
        raise ImportFilesDeleted


async def list_imports(tx: Transaction, exam_id: ExamId, *, offset: int, limit: int) -> tuple[list[Import], int]:
    """Return one page of an examination's imports, newest first, and the total."""
    rows, total = await store.list_imports(tx, exam_id, offset=offset, limit=limit)
    return [open_import(tx.keys, row) for row in rows], total


async def confirm(tx: Transaction, who: Principal, ports: Ports, import_id: str) -> Import:
    """Leave the job that writes what was found acceptable; rows with errors stay out.

    Raises: ImportNotFound; ImportNotInState - it is not waiting for confirmation; NothingToImport.
    """
    found = await access_import(tx, import_id)
    if found.state is ImportState.READY and not found.counts["accepted"]:
        raise NothingToImport
    name, title = _WRITE_JOBS[found.kind]
    job_id = await ports.jobs.enqueue(tx, name, {"import_id": import_id}, owner=who, title=title)
    await _move(tx, found, ImportState.READY, ImportState.WRITING, job_id=job_id)
    await record(tx, who, act=f"candidates.{found.kind}.confirm", on=import_id, details=dict(found.counts))
    return await access_import(tx, import_id)


async def discard(tx: Transaction, who: Principal, ports: Ports, import_id: str) -> Import:
    """Let an import go: nothing is written, its file and its findings are deleted.

    Raises: ImportNotFound; ImportNotInState - it is being written, or has been.
    """
    found = await access_import(tx, import_id)
    leaving = found.state if found.state is ImportState.REFUSED else ImportState.READY
    await _move(tx, found, leaving, ImportState.DISCARDED)
    await record(tx, who, act=f"candidates.{found.kind}.discard", on=import_id)

    async def delete_files() -> None:
        for folder in (f"candidates/imports/{import_id}", photos_folder(import_id)):
            for key in await ports.blobs.list(folder):
                await ports.blobs.delete(key)

    tx.after_commit(delete_files)
    return await access_import(tx, import_id)


async def order_correction(
    tx: Transaction, who: Principal, ports: Ports, import_id: str, *, only_errors: bool
) -> JobId:
    """Leave the job that marks the errors in the uploaded workbook; the download is recorded.

    Raises: ImportNotFound; ImportNotInState - it has not been read, or has been discarded; ImportFilesDeleted.
    """
    found = await access_import(tx, import_id, ImportKind.WORKBOOK)
    if found.state not in (ImportState.READY, ImportState.WRITING, ImportState.WRITTEN):
        raise ImportNotInState(state=found.state, state_zh=IMPORT_STATES_ZH[found.state])
    check_has_files(found)
    arguments = {"import_id": import_id, "only_errors": only_errors}
    title = Words("标注名单中的错误", "Mark the errors of a list")
    job_id = await ports.jobs.enqueue(tx, "candidates.import.correct", arguments, owner=who, title=title)
    await record(tx, who, act="candidates.workbook.correct", on=import_id, details={"only_errors": only_errors})
    return job_id


async def refuse(ports: Ports, import_id: str, refusal: Refusal) -> None:
    """Mark an import whose file cannot be read."""
    async with ports.db.transaction() as tx:
        said = {"refusal_zh": refusal.message_zh[:500], "refusal_en": refusal.message_en[:500]}
        await store.move_import(tx, import_id, ImportState.READING, ImportState.REFUSED, **said)


async def _move(tx: Transaction, found: Import, leaving: ImportState, entering: ImportState, **changes: object) -> None:
    if not await store.move_import(tx, found.id, leaving, entering, **changes):
        raise ImportNotInState(state=found.state, state_zh=IMPORT_STATES_ZH[found.state])


def _seal_name(keys: Keys, import_id: str, file_name: str) -> bytes:
    return keys.seal_text(file_name[:200], purpose="candidates.file_name", bound_to=_name_place(import_id))


def _name_place(import_id: str) -> str:
    return f"candidates_import/file_name/{import_id}"
