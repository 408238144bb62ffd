"""The second step of a workbook import: write the accepted rows, sealed, in short transactions."""

from collections.abc import Sequence
from dataclasses import dataclass

from invigil.base.accounts.api import InitialCredential, add_initial_credentials
from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id, new_number
from invigil.platform.jobs import JobContext
from invigil.platform.keys import Keys
from invigil.prepare.candidates.model import CandidateState, ImportState, Registration
from invigil.prepare.candidates.rules.tickets import make_ticket_number
from invigil.prepare.candidates.service import imports as use
from invigil.prepare.candidates.service.protecting import protect
from invigil.prepare.candidates.service.reading import load_findings
from invigil.prepare.candidates.store import imports as store
from invigil.prepare.candidates.store import registrations

# 1,000 rows take about 0.2 s: long enough to be quick in all, short enough not to hold up a sitting's answers.
BATCH = 1_000
PASSWORD_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row ready to be written, sealed outside the transaction; `columns` lacks only the ticket number."""

    candidate_id: CandidateId
    registration: Registration
    columns: dict[str, object]


async def write_candidates(ctx: JobContext, import_id: str) -> dict[str, object]:
    """Write every accepted row of a confirmed import. Repeatable: rows written by an earlier attempt stay.

    Rows that somebody else registered since the preview are left out and counted.
    """
    ports = ctx.ports
    async with ports.db.reading() as tx:
        found = await use.access_import(tx, import_id)
    rows = (await load_findings(ports, import_id)).registrations
    written = there = 0
    for at in range(0, len(rows), BATCH):
        await ctx.report(at, len(rows), Words("正在写入考生", "Writing candidates"))
        sealed = [seal(ports.keys, found.exam_id, import_id, one) for one in rows[at : at + BATCH]]
        async with ports.db.transaction() as tx:
            new, known = await _write_batch(tx, found.exam_id, import_id, sealed)
        written, there = written + new, there + known
    counts = found.counts | {"written": written, "taken_since": there}
    async with ports.db.transaction() as tx:
        await store.move_import(tx, import_id, ImportState.WRITING, ImportState.WRITTEN, counts=counts)
        details: dict[str, object] = {"written": written, "taken_since": there}
        await record(tx, ctx.owner, act="candidates.workbook.write", on=import_id, details=details)
        await ctx.conclude(Words(f"已写入 {written} 名考生", f"Candidates written: {written}"))
        await ctx.settle(tx, counts)
    return dict(counts)


def seal(keys: Keys, exam_id: ExamId, import_id: str, one: Registration) -> Sealed:
    """Return the registration with its protected columns sealed under a new id."""
    candidate_id = CandidateId(new_id("cand"))
    clear = {"name": one.name, "identity_number": one.identity_number, "phone": one.phone}
    columns: dict[str, object] = {
        "id": candidate_id,
        "exam_id": exam_id,
        "subject_code": one.subject_code,
        "state": CandidateState.REGISTERED,
        "employer": one.employer,
        "import_id": import_id,
        "photo_key": "",
        "photo_width": 0,
        "photo_height": 0,
    }
    return Sealed(candidate_id, one, columns | protect(keys, candidate_id, clear))


async def _write_batch(tx: Transaction, exam_id: ExamId, import_id: str, batch: Sequence[Sealed]) -> tuple[int, int]:
    """Write one batch; return how many of it this import has written (now or in an earlier attempt), and how many others had."""
    await tx.lock(f"candidates/{exam_id}")
    taken = await registrations.read_taken(tx, exam_id, [_identity(one) for one in batch])
    mine: set[tuple[bytes, str]] = set()
    others: set[tuple[bytes, str]] = set()
    for identity, there in taken.items():
        for one in there:
            (mine if one.import_id == import_id else others).add((identity, one.subject_code))
    fresh = [one for one in batch if (_identity(one), one.registration.subject_code) not in mine | others]
    fresh = await _without_taken_tickets(tx, exam_id, fresh)
    if fresh:
        await _insert(tx, exam_id, fresh)
    already = sum((_identity(one), one.registration.subject_code) in mine for one in batch)
    return len(fresh) + already, len(batch) - len(fresh) - already


async def _without_taken_tickets(tx: Transaction, exam_id: ExamId, rows: list[Sealed]) -> list[Sealed]:
    given = [one.registration.ticket_number for one in rows if one.registration.ticket_number]
    taken = await registrations.find_taken_tickets(tx, exam_id, given) if given else set()
    return [one for one in rows if one.registration.ticket_number not in taken]


async def _insert(tx: Transaction, exam_id: ExamId, rows: Sequence[Sealed]) -> None:
    tickets = await assign_tickets(tx, exam_id, [one.registration for one in rows])
    columns = [
        one.columns | {"ticket_number": ticket, "created_at": tx.now, "changed_at": tx.now}
        for one, ticket in zip(rows, tickets, strict=True)
    ]
    await registrations.insert_candidates(tx, columns)
    await add_initial_credentials(
        tx,
        [
            InitialCredential(
                one.candidate_id,
                exam_id,
                (ticket, one.registration.identity_number),
                one.registration.password or new_number(PASSWORD_DIGITS),
            )
            for one, ticket in zip(rows, tickets, strict=True)
        ],
    )


async def assign_tickets(tx: Transaction, exam_id: ExamId, rows: Sequence[Registration]) -> list[str]:
    """Return a ticket number for every row: its own, or one made from the examination's next serial numbers.

    A made number that a board's own number happens to equal is passed over. The caller holds the examination's lock.
    """
    needed = sum(not one.ticket_number for one in rows)
    made: list[str] = []
    asked = [one for one in rows if not one.ticket_number]
    while len(made) < needed:
        missing = asked[len(made) :]
        first = await registrations.take_serials(tx, exam_id, len(missing))
        tried = [make_ticket_number(exam_id, one.subject_code, first + at) for at, one in enumerate(missing)]
        own = {one.ticket_number for one in rows}
        taken = await registrations.find_taken_tickets(tx, exam_id, tried) | own
        made.extend(_until_taken(tried, taken))
    supply = iter(made)
    return [one.ticket_number or next(supply) for one in rows]


def _until_taken(tried: Sequence[str], taken: set[str]) -> list[str]:
    """Return the numbers before the first taken one; the rest is made anew from later serials."""
    for at, ticket in enumerate(tried):
        if ticket in taken:
            return list(tried[:at])
    return list(tried)


def _identity(one: Sealed) -> bytes:
    index = one.columns["identity_index"]
    assert isinstance(index, bytes)  # noqa: S101 - `protect` made it
    return index
