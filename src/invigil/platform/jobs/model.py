"""What a job is, and the states that it passes through."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from invigil.kernel.ids import JobId
from invigil.kernel.principals import Principal
from invigil.kernel.refusals import Refusal
from invigil.kernel.words import Words

if TYPE_CHECKING:
    from invigil.platform.jobs.context import JobContext

# How often a job is begun again after a fault of ours, unless its kind says otherwise.
ATTEMPTS = 3
# How often a job may be begun at all: one that kills its process each time must not do so for ever. Generous, since
# restarts of the machine count as well.
MOST_STARTS = 20

Arguments = Mapping[str, Any]
# done, total, and what is being done.
Progress = tuple[int, int, Words]
Run = Callable[["JobContext", Arguments], Awaitable[Mapping[str, Any]]]


class JobState(StrEnum):
    """queued → running → done, refused, failed or cancelled; a crash, a fault or a restart leads from running to queued."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # the rules turned it down: the code and the sentence are kept
    FAILED = "failed"  # a fault of ours, tried as often as the kind allows
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing leads out of this state."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of work.

    name: "feature.object.action". run: must be repeatable, see the package's docstring.
    attempts: how often it is begun in all when faults of ours stop it, ≥ 1.
    """

    name: str
    run: Run
    attempts: int = ATTEMPTS


@dataclass(frozen=True, slots=True)
class JobFile:
    """A job's output for download: a blob and the name and type under which it is given out."""

    file_name: str
    media_type: str
    blob_key: str


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work as it stands.

    round: how often it has been given to the queue again, from 0. starts, faults: how often it began, and broke off.
    done, total: progress in whatever unit the message names; total 0 means not known yet.
    title, message: English empty for jobs of earlier releases. result: None until the job is done. refusal_code and the
    sentences: filled when refused or failed.
    """

    id: JobId
    kind: str
    arguments: Arguments
    owner: Principal
    title: Words
    state: JobState
    round: int
    starts: int
    faults: int
    done: int
    total: int
    message: Words
    result: Mapping[str, Any] | None
    refusal_code: str
    refusal_zh: str
    refusal_en: str
    file: JobFile | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_cancel_requested: bool


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that recurs: one process of all carries it out once per interval; it leaves no row."""

    kind: JobKind
    interval: timedelta


class JobNotFound(Refusal):
    """There is no such job, or it is not theirs."""

    code = "jobs.not_found"
    status = 404
    zh = "没有这个任务，或者它不属于您。"
    en = "There is no such job, or it is not yours."
