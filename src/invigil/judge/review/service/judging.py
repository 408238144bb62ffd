"""Judging: verdicts, findings, the end of a round, opening a case again."""

from dataclasses import dataclass

from invigil.base.audit.api import record
from invigil.judge.review import store
from invigil.judge.review.model import (
    Case,
    CaseState,
    Decision,
    Finding,
    MarkKey,
    MarkSource,
    Round,
    Verdict,
)
from invigil.judge.review.rules.cases import check_may_judge, check_verdict, compute_case, compute_outcome
from invigil.judge.review.rules.refusals import CaseNotSettled, FindingMalformed, MarkUnknown, NotReviewable
from invigil.judge.review.service.marks import list_marks
from invigil.kernel.ids import AttemptId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.exams.api import access_sitting
from invigil.sit.answering.api import Attempt, access_attempt
from invigil.watch.proctoring.api import ReasonCategory

LONGEST_FINDING_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer says about one mark. breach: None when dismissed."""

    mark: MarkKey
    decision: Decision
    breach: ReasonCategory | None
    reason: str


async def read_case(tx: Transaction, attempt: Attempt) -> tuple[Case, int]:
    """Return where the case of an attempt stands, and its edition."""
    edition = await store.read_edition(tx, attempt.id)
    rules = (await access_sitting(tx, attempt.sitting_id)).rules
    finished = await store.list_rounds(tx, attempt.id, edition)
    return compute_case(finished, needs_second=rules.recording.needs_second_review), edition


async def judge(tx: Transaction, who: Principal, attempt_id: AttemptId, said: Judgement) -> Verdict:
    """Decide about one mark in the round that is due; said again, the last word counts.

    Raises: AttemptNotFound; NotReviewable; CaseSettled; AnotherReviewerNeeded; MarkUnknown; BreachMissing.
    Source: C5.2, S3.19.
    """
    attempt, number, edition = await _begin(tx, who, attempt_id)
    if said.mark not in {mark.key for mark in await list_marks(tx, attempt_id)}:
        raise MarkUnknown
    breach = said.breach if said.decision is Decision.CONFIRM else None
    verdict = Verdict(
        attempt_id, attempt.sitting_id, said.mark, number, said.decision, breach, said.reason, StaffId(who.id), tx.now
    )
    check_verdict(verdict)
    await store.write_verdict(tx, verdict, edition)
    details = {"mark": said.mark.id, "source": said.mark.source, "decision": said.decision, "breach": breach or ""}
    await record(tx, who, act="review.verdict.decide", on=attempt_id, details={**details, "round": number})
    return verdict


async def add_finding(
    tx: Transaction, who: Principal, attempt_id: AttemptId, *, from_ms: int, to_ms: int, text: str
) -> Finding:
    """Mark something that nobody had noticed; it has to be judged like everything else.

    Raises: AttemptNotFound; NotReviewable; CaseSettled; AnotherReviewerNeeded; FindingMalformed.
    """
    attempt, number, _ = await _begin(tx, who, attempt_id)
    if not 0 < to_ms - from_ms <= LONGEST_FINDING_MS:
        raise FindingMalformed
    finding = Finding(new_id("find"), attempt_id, attempt.sitting_id, from_ms, to_ms, text, StaffId(who.id), tx.now)
    await store.insert_finding(tx, finding)
    await record(tx, who, act="review.finding.add", on=attempt_id, details={"finding": finding.id, "round": number})
    return finding


async def take_back_finding(tx: Transaction, who: Principal, attempt_id: AttemptId, finding_id: str) -> None:
    """Take back one's own finding while the round goes on.

    Raises: AttemptNotFound; NotReviewable; CaseSettled; AnotherReviewerNeeded; MarkUnknown.
    """
    _, number, edition = await _begin(tx, who, attempt_id)
    if not await store.delete_finding(tx, finding_id, who.id):
        raise MarkUnknown
    # A breach that nobody sees any more must not decide the round.
    await store.delete_verdicts(tx, attempt_id, edition, number, MarkKey(MarkSource.FINDING, finding_id))
    await record(tx, who, act="review.finding.take_back", on=attempt_id, details={"finding": finding_id})


async def finish_round(tx: Transaction, who: Principal, attempt_id: AttemptId) -> Round:
    """End one's round: what was judged decides what it comes to.

    Raises: AttemptNotFound; NotReviewable; CaseSettled; AnotherReviewerNeeded; MarksUnjudged.
    """
    attempt, number, edition = await _begin(tx, who, attempt_id)
    verdicts = [one for one in await store.list_verdicts(tx, attempt_id, edition) if one.round == number]
    mine = [one for one in verdicts if one.reviewer == who.id]
    outcome = compute_outcome(await list_marks(tx, attempt_id), mine)
    finished = Round(attempt_id, attempt.sitting_id, number, StaffId(who.id), outcome, tx.now)
    await store.insert_round(tx, finished, edition)
    await record(tx, who, act="review.round.finish", on=attempt_id, details={"round": number, "outcome": outcome})
    return finished


async def open_again(tx: Transaction, who: Principal, attempt_id: AttemptId, reason: str) -> None:
    """Begin a settled case anew; what was decided stays on record.

    Raises: AttemptNotFound; CaseNotSettled.
    """
    attempt = await access_attempt(tx, attempt_id, is_locking=True)
    case, edition = await read_case(tx, attempt)
    if case.state is not CaseState.SETTLED:
        raise CaseNotSettled
    await store.insert_edition(tx, attempt_id, attempt.sitting_id, edition + 1, reason=reason, opened_by=who.id)
    await record(tx, who, act="review.case.open_again", on=attempt_id, details={"edition": edition + 1})


async def _begin(tx: Transaction, who: Principal, attempt_id: AttemptId) -> tuple[Attempt, int, int]:
    """Return the attempt, the round in which this person judges, and the edition; nobody else judges meanwhile."""
    attempt = await access_attempt(tx, attempt_id, is_locking=True)
    if attempt.ended_at is None:
        raise NotReviewable
    case, edition = await read_case(tx, attempt)
    return attempt, check_may_judge(case, who.id), edition
