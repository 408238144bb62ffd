"""What has to be judged about an attempt: signals, notes of proctors, findings of reviewers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from invigil.judge.review import store
from invigil.judge.review.model import Mark, MarkKey, MarkSource
from invigil.kernel.ids import AttemptId, SittingId
from invigil.platform.db import Transaction
from invigil.watch.proctoring.api import list_notes
from invigil.watch.signals.api import WEIGHTS, Signal, list_signals

# What a person took the trouble to write weighs as much as the most serious signal.
WRITTEN_WEIGHT = WEIGHTS["high"]


def mark_of_signal(signal: Signal) -> Mark:
    """Return the mark of a signal; the light ones may be judged and need not be."""
    key = MarkKey(MarkSource.SIGNAL, signal.id)
    return Mark(key, WEIGHTS[signal.severity], must_judge=signal.severity != "low")


def mark_of_text(source: MarkSource, mark_id: str) -> Mark:
    """Return the mark of a note or a finding: it has to be judged."""
    return Mark(MarkKey(source, mark_id), WRITTEN_WEIGHT, must_judge=True)


async def list_marks(tx: Transaction, attempt_id: AttemptId) -> list[Mark]:
    """Return everything on the timeline of an attempt that can be judged."""
    signals = await list_signals(tx, attempt_id=attempt_id)
    notes = await list_notes(tx, attempt_id=attempt_id)
    findings = await store.list_findings(tx, attempt_id)
    return [
        *map(mark_of_signal, signals),
        *(mark_of_text(MarkSource.NOTE, one.id) for one in notes),
        *(mark_of_text(MarkSource.FINDING, one.id) for one in findings),
    ]


async def list_marks_of_sitting(tx: Transaction, sitting_id: SittingId) -> Mapping[str, list[Mark]]:
    """Return the marks of a sitting by attempt."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for signal in await list_signals(tx, sitting_id=sitting_id):
        found[signal.attempt_id].append(mark_of_signal(signal))
    for note in await list_notes(tx, sitting_id=sitting_id):
        found[note.attempt_id].append(mark_of_text(MarkSource.NOTE, note.id))
    for finding_id, attempt_id in await store.list_findings_of_sitting(tx, sitting_id):
        found[attempt_id].append(mark_of_text(MarkSource.FINDING, finding_id))
    return found


def sum_risk(marks: Iterable[Mark]) -> int:
    """Return how serious it all looks together."""
    return sum(mark.weight for mark in marks)
