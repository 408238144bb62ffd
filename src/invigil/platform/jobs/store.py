"""SQL of jobs. The row is the truth; the engine that carries it out (DBOS) can be lost and is filled from here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.kernel.words import Words
from invigil.platform.db import JsonDocument, Sealed, Transaction, UtcInstant, metadata
from invigil.platform.jobs.model import Job, JobFile, JobState, Progress

NAME_PURPOSE = "jobs.owner_name"

jobs = Table(
    "jobs_job",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(96), nullable=False),
    Column("arguments", JsonDocument, nullable=False),
    Column("owner_kind", String(16), nullable=False),
    Column("owner_id", String(64), nullable=False, index=True),
    Column("owner_name", Sealed(NAME_PURPOSE, "jobs_job/owner_name/{id}"), nullable=False),
    Column("owner_roles", JsonDocument, nullable=False),
    Column("title_zh", String(200), nullable=False),
    Column("title_en", String(200), nullable=False, server_default=""),
    Column("state", String(16), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("message_zh", Text, nullable=False),
    Column("message_en", Text, nullable=False, server_default=""),
    Column("result", JsonDocument),
    Column("refusal_code", String(96), nullable=False),
    Column("refusal_zh", Text, nullable=False),
    Column("refusal_en", Text, nullable=False),
    Column("file_name", String(255)),
    Column("media_type", String(127)),
    Column("blob_key", String(255)),
    Column("queued_at", UtcInstant, nullable=False),
    Column("not_before", UtcInstant, nullable=False),
    Column("started_at", UtcInstant),
    Column("finished_at", UtcInstant),
    Column("is_cancel_requested", Boolean, nullable=False),
    # The process that carries the job out, and until when it may be silent before another takes over.
    Column("runner", String(160)),
    Column("leased_until", UtcInstant),
)

periodic = Table(
    "jobs_periodic",
    metadata,
    Column("kind", String(96), primary_key=True),
    Column("due_at", UtcInstant, nullable=False),
)


async def add(
    tx: Transaction, job_id: JobId, *, kind: str, arguments: Mapping[str, Any], owner: Principal, title: Words
) -> None:
    """Write a queued job."""
    name = tx.keys.seal(owner.display_name.encode(), purpose=NAME_PURPOSE, bound_to=f"jobs_job/owner_name/{job_id}")
    await tx.execute(
        insert(jobs).values(
            id=job_id,
            kind=kind,
            arguments=dict(arguments),
            owner_kind=owner.kind,
            owner_id=owner.id,
            owner_name=name,
            owner_roles=sorted(owner.roles),
            title_zh=title.zh,
            title_en=title.en,
            state=JobState.QUEUED,
            round=0,
            starts=0,
            faults=0,
            done=0,
            total=0,
            message_zh="",
            message_en="",
            refusal_code="",
            refusal_zh="",
            refusal_en="",
            queued_at=tx.now,
            not_before=tx.now,
            is_cancel_requested=False,
        )
    )


async def find(tx: Transaction, job_id: str) -> Job | None:
    """Return the job, or None."""
    row = (await tx.execute(select(jobs).where(jobs.c.id == job_id))).first()
    return None if row is None else _job(tx, row)


async def find_last(tx: Transaction, kind: str) -> Job | None:
    """Return the newest job of a kind, or None."""
    row = (await tx.execute(select(jobs).where(jobs.c.kind == kind).order_by(jobs.c.id.desc()).limit(1))).first()
    return None if row is None else _job(tx, row)


async def list_of(tx: Transaction, owner: Principal | None, *, offset: int, limit: int) -> tuple[list[Job], int]:
    """Return one page of a person's jobs (None: everybody's), newest first, and the total."""
    conditions = [] if owner is None else [jobs.c.owner_kind == owner.kind, jobs.c.owner_id == owner.id]
    total = (await tx.execute(select(func.count()).select_from(jobs).where(*conditions))).scalar_one()
    page = select(jobs).where(*conditions).order_by(jobs.c.id.desc()).offset(offset).limit(limit)
    return [_job(tx, row) for row in (await tx.execute(page)).all()], total


async def read_states(tx: Transaction, ids: Sequence[str]) -> dict[JobId, JobState]:
    """Return the states of these jobs; unknown ones are left out."""
    rows = await tx.execute(select(jobs.c.id, jobs.c.state).where(jobs.c.id.in_(ids)))
    return {JobId(row.id): JobState(row.state) for row in rows.all()}


async def list_queued(tx: Transaction, *, limit: int, is_impatient: bool = False) -> list[tuple[JobId, int]]:
    """Return id and round of what may begin now, oldest first; impatient: also what waits for its next attempt."""
    conditions = [jobs.c.state == JobState.QUEUED]
    if not is_impatient:
        conditions.append(jobs.c.not_before <= tx.now)
    due = select(jobs.c.id, jobs.c.round).where(*conditions).order_by(jobs.c.id).limit(limit)
    return [(JobId(row.id), row.round) for row in (await tx.execute(due)).all()]


async def claim(tx: Transaction, job_id: JobId, round_: int, runner: str, leased_until: datetime) -> Job | None:
    """Take a queued job for this process; None when it is not there to be taken."""
    taken = await tx.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.round == round_, jobs.c.state == JobState.QUEUED)
        .values(
            state=JobState.RUNNING,
            starts=jobs.c.starts + 1,
            started_at=tx.now,
            runner=runner,
            leased_until=leased_until,
        )
    )
    return await find(tx, job_id) if taken.rowcount else None


async def read_runner(tx: Transaction, job_id: JobId) -> tuple[str, datetime] | None:
    """Return who carries the job out and how long they may be silent; None when it is not running."""
    row = (
        await tx.execute(
            select(jobs.c.runner, jobs.c.leased_until).where(jobs.c.id == job_id, jobs.c.state == JobState.RUNNING)
        )
    ).first()
    return None if row is None else (row.runner, row.leased_until)


async def list_running(tx: Transaction) -> list[tuple[JobId, str, datetime]]:
    """Return id, runner and lease of every running job."""
    rows = await tx.execute(
        select(jobs.c.id, jobs.c.runner, jobs.c.leased_until).where(jobs.c.state == JobState.RUNNING)
    )
    return [(JobId(row.id), row.runner, row.leased_until) for row in rows.all()]


async def requeue(tx: Transaction, job_id: JobId, runner: str, *, not_before: datetime, is_fault: bool) -> bool:
    """Put a job that `runner` was carrying out back into the queue, as a new round; False when it is not theirs."""
    changed = await tx.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.runner == runner, jobs.c.state == JobState.RUNNING)
        .values(
            state=JobState.QUEUED,
            round=jobs.c.round + 1,
            faults=jobs.c.faults + (1 if is_fault else 0),
            not_before=not_before,
            runner=None,
            leased_until=None,
        )
    )
    return bool(changed.rowcount)


async def let_go(tx: Transaction, job_id: JobId, runner: str) -> None:
    """Put a dead process's job back into the queue in the same round, for the one who is about to claim it."""
    await tx.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.runner == runner, jobs.c.state == JobState.RUNNING)
        .values(state=JobState.QUEUED, runner=None, leased_until=None)
    )


async def beat(tx: Transaction, job_id: JobId, runner: str, leased_until: datetime, progress: Progress) -> None:
    """Renew the lease and write the progress, if the job is still the runner's."""
    await tx.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.runner == runner, jobs.c.state == JobState.RUNNING)
        .values(leased_until=leased_until, **_progress_values(progress))
    )


async def read_wish(tx: Transaction, job_id: JobId, runner: str) -> tuple[bool, bool]:
    """Return whether the job is still the runner's, and whether somebody asked it to stop."""
    row = (await tx.execute(select(jobs.c.runner, jobs.c.is_cancel_requested).where(jobs.c.id == job_id))).first()
    return (False, False) if row is None else (row.runner == runner, row.is_cancel_requested)


async def finish(
    tx: Transaction,
    job_id: JobId,
    runner: str | None,
    state: JobState,
    *,
    progress: Progress | None = None,
    result: Mapping[str, Any] | None = None,
    file: JobFile | None = None,
    refusal: tuple[str, str, str] = ("", "", ""),
) -> bool:
    """Write the end of a job that `runner` carries out (None: that is still queued); False when it is not theirs.

    refusal: code, Chinese sentence, English sentence.
    """
    held = [jobs.c.runner == runner, jobs.c.state == JobState.RUNNING] if runner else [jobs.c.state == JobState.QUEUED]
    values: dict[str, Any] = {
        "state": state, "finished_at": tx.now, "runner": None, "leased_until": None, "result": None if result is None else dict(result),
        "refusal_code": refusal[0], "refusal_zh": refusal[1], "refusal_en": refusal[2],
    }  # fmt: skip
    if progress is not None:
        values |= _progress_values(progress)
    if file is not None:
        values |= {"file_name": file.file_name, "media_type": file.media_type, "blob_key": file.blob_key}
    changed = await tx.execute(update(jobs).where(jobs.c.id == job_id, *held).values(**values))
    return bool(changed.rowcount)


async def request_cancel(tx: Transaction, job_id: JobId) -> None:
    """Ask the process that carries the job out to stop."""
    await tx.execute(update(jobs).where(jobs.c.id == job_id).values(is_cancel_requested=True))


async def list_old_files(tx: Transaction, before: datetime, *, limit: int) -> list[tuple[JobId, str]]:
    """Return id and blob key of jobs that ended before this instant and still have their file."""
    old = select(jobs.c.id, jobs.c.blob_key).where(jobs.c.finished_at < before, jobs.c.blob_key.is_not(None))
    rows = await tx.execute(old.order_by(jobs.c.id).limit(limit))
    return [(JobId(row.id), row.blob_key) for row in rows.all()]


async def forget_file(tx: Transaction, job_id: JobId) -> None:
    """Write that the job's file is gone."""
    await tx.execute(update(jobs).where(jobs.c.id == job_id).values(file_name=None, media_type=None, blob_key=None))


async def delete_old(tx: Transaction, before: datetime) -> int:
    """Delete jobs that ended before this instant and have no file; return how many."""
    gone = await tx.execute(delete(jobs).where(jobs.c.finished_at < before, jobs.c.blob_key.is_(None)))
    return gone.rowcount


async def take_turn(tx: Transaction, kind: str, next_due_at: datetime) -> bool:
    """Tell whether recurring work is due and now ours; it is then due again at `next_due_at`."""
    changed = await tx.execute(
        update(periodic).where(periodic.c.kind == kind, periodic.c.due_at <= tx.now).values(due_at=next_due_at)
    )
    if changed.rowcount:
        return True
    await tx.lock("jobs_periodic")
    known = (await tx.execute(select(periodic.c.kind).where(periodic.c.kind == kind))).first()
    if known is None:
        await tx.execute(insert(periodic).values(kind=kind, due_at=next_due_at))
        return True
    return False


def _progress_values(progress: Progress) -> dict[str, Any]:
    done, total, message = progress
    return {"done": done, "total": total, "message_zh": message.zh, "message_en": message.en}


def _job(tx: Transaction, row: Row[Any]) -> Job:
    name = tx.keys.open(row.owner_name, purpose=NAME_PURPOSE, bound_to=f"jobs_job/owner_name/{row.id}").decode()
    roles = frozenset(Role(role) for role in row.owner_roles)
    return Job(
        id=JobId(row.id),
        kind=row.kind,
        arguments=row.arguments,
        owner=Principal(PrincipalKind(row.owner_kind), row.owner_id, name, roles),
        title=Words(row.title_zh, row.title_en),
        state=JobState(row.state),
        round=row.round,
        starts=row.starts,
        faults=row.faults,
        done=row.done,
        total=row.total,
        message=Words(row.message_zh, row.message_en),
        result=row.result,
        refusal_code=row.refusal_code,
        refusal_zh=row.refusal_zh,
        refusal_en=row.refusal_en,
        file=None if row.blob_key is None else JobFile(row.file_name, row.media_type, row.blob_key),
        queued_at=row.queued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        is_cancel_requested=row.is_cancel_requested,
    )
