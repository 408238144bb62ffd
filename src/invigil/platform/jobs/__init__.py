"""Durable background jobs: a row written with the caller's transaction, carried out by a worker, surviving kill -9 (ADR-0003).

A feature declares `JobKind("candidates.import.run", run)`, registers it once per process (`jobs.register`), and leaves work
with `await jobs.enqueue(tx, kind, arguments, owner=who, title=Words("导入考生", "Import candidates"))`. The row is part of the caller's
transaction: no commit, no job. `run(ctx, arguments)` gets a `JobContext` to report progress, attach a file and open
transactions.

What a job's author must know:
- A job can run again from its beginning (crash, fault, restart). Make it idempotent: write in steps that can be repeated,
  or end with `await ctx.settle(tx, result)` inside the transaction that makes the effect, so that both stand or neither.
- Commit in short transactions: on SQLite a long one holds up the answers of a sitting.
- Jobs run in a worker process of their own (see `worker`), so heavy computing there does not hold up answers.
  Code that computes for longer than a few seconds without awaiting goes into `asyncio.to_thread`.
- Arguments, titles, messages and results are stored readably: ids, counts and blob keys, never personal data.
- Raise a Refusal for what the person who asked can mend; anything else is a fault, is logged, and is tried again.
"""

from invigil.platform.jobs.context import JobContext
from invigil.platform.jobs.model import (
    Job,
    JobFile,
    JobKind,
    JobNotFound,
    JobState,
)
from invigil.platform.jobs.port import Jobs

__all__ = ["Job", "JobContext", "JobFile", "JobKind", "JobNotFound", "JobState", "Jobs"]
