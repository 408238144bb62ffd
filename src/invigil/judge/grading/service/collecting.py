"""Everything a run marks: the final sheets, proven to be their receipts', with papers and keys."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from invigil.judge.grading.model import Correction, Grid
from invigil.judge.grading.rules.keys import correct_keys, make_keys
from invigil.judge.grading.rules.marking import KeyTable, make_key_table
from invigil.judge.grading.rules.refusals import (
    NothingToGrade,
    PapersMissing,
    SheetDiffersFromReceipt,
    SheetsStillOpen,
)
from invigil.kernel.ids import SittingId
from invigil.platform.db import Transaction
from invigil.prepare.papers.api import (
    GradingSet,
    ItemPlace,
    Pool,
    QuestionType,
    list_places,
    load_grading_set,
    load_papers,
    open_answer_keys,
    open_contents,
)
from invigil.sit.answering.api import FinalSheet, Outcome, SignedReceipt, list_final_sheets, read_receipts


@dataclass(frozen=True, slots=True)
class Stack:
    """The sheets of one paper set, ready to be marked; `papers` in the order of `sheets`.

    option_counts: int64 [question, part], options as written; 2 for true/false, 0 without options.
    """

    grading_set: GradingSet
    sheets: tuple[FinalSheet, ...]
    papers: tuple[bytes, ...]
    places: tuple[ItemPlace, ...]
    table: KeyTable
    option_counts: Grid


async def collect(tx: Transaction, sitting_id: SittingId, corrections: Sequence[Correction]) -> list[Stack]:
    """Return what is to be marked, one stack per paper set, in the order of their ids.

    Raises: NothingToGrade; SheetsStillOpen; SheetDiffersFromReceipt; PapersMissing.
    Source: P2 "graded hash = receipt hash".
    """
    sheets = sorted(await list_final_sheets(tx, sitting_id), key=lambda final: final.candidate_id)
    sat = [final for final in sheets if final.outcome is not Outcome.ABSENT]
    if not sat:
        raise NothingToGrade
    check_sheets(sat, await read_receipts(tx, sitting_id))
    stacks = []
    for paper_set_id in sorted({final.paper_set_id for final in sat}):
        chosen = tuple(final for final in sat if final.paper_set_id == paper_set_id)
        stacks.append(await _make_stack(tx, paper_set_id, chosen, corrections))
    return stacks


def check_sheets(sheets: Sequence[FinalSheet], receipts: dict[tuple[str, int], SignedReceipt]) -> None:
    """Refuse to mark anything but what the receipts speak of.

    receipts: by attempt and round; the last round counts.
    Raises: SheetsStillOpen; SheetDiffersFromReceipt.
    """
    still_open = sum(final.outcome is Outcome.OPEN for final in sheets)
    if still_open:
        raise SheetsStillOpen(count=still_open)
    latest = {attempt: signed.receipt.sheet_sha256 for (attempt, _), signed in sorted(receipts.items())}
    wrong = [final for final in sheets if not _is_receipts(final, latest)]
    if wrong:
        raise SheetDiffersFromReceipt(count=len(wrong), attempt_id=wrong[0].attempt_id)


def _is_receipts(final: FinalSheet, latest: dict[str, str]) -> bool:
    """Tell whether the sheet hashes to what it claims and to what its receipt says.

    Without a sheet there must be no receipt; a terminated attempt may have a sheet without one.
    """
    digest = "" if final.sheet is None else hashlib.sha256(final.sheet).hexdigest()
    promised = latest.get(str(final.attempt_id))
    needs_receipt = final.sheet is not None and final.outcome is not Outcome.TERMINATED
    is_promised = promised == digest if needs_receipt else promised in (None, digest)
    return digest == final.sheet_sha256 and is_promised


async def _make_stack(
    tx: Transaction, paper_set_id: str, sheets: tuple[FinalSheet, ...], corrections: Sequence[Correction]
) -> Stack:
    grading_set = await load_grading_set(tx, paper_set_id)
    pool = grading_set.pool
    papers = await load_papers(tx, paper_set_id, [final.candidate_id for final in sheets])
    if len(papers) < len(sheets):
        raise PapersMissing(count=len(sheets) - len(papers))
    versions = [question.version_id for question in pool.questions]
    keys = correct_keys(make_keys(pool, await open_answer_keys(tx, versions)), pool, corrections, strict=False)
    parts = max(len(question.option_counts) for question in pool.questions)
    return Stack(
        grading_set,
        sheets,
        tuple(papers[final.candidate_id] for final in sheets),
        list_places(grading_set.blueprint),
        make_key_table(keys, len(pool.questions), parts),
        await _count_options(tx, pool, parts),
    )


async def _count_options(tx: Transaction, pool: Pool, parts: int) -> Grid:
    contents = await open_contents(tx, [question.version_id for question in pool.questions])
    counts = np.zeros((len(pool.questions), parts), np.int64)
    for place, question in enumerate(pool.questions):
        content = contents[question.version_id]
        for part, item in enumerate(content.get("sub_questions") or [content]):
            is_judged = item["type"] == QuestionType.TRUE_FALSE
            counts[place, part] = 2 if is_judged else len(item.get("options", ()))
    return counts
