"""Verdicts, findings, rounds."""

from datetime import datetime

from pydantic import BaseModel, Field

from invigil.judge.review.http.queue import RoundAnswer, answer_round
from invigil.judge.review.model import BREACHES, Decision, Finding, MarkKey, MarkSource, Verdict
from invigil.judge.review.service import judging
from invigil.kernel.ids import AttemptId
from invigil.platform.http import ManagementRouter, Tx, Who
from invigil.watch.proctoring.api import ReasonCategory

router = ManagementRouter(prefix="/api/review/attempts", tags=["review"])
words_router = ManagementRouter(prefix="/api/review", tags=["review"])


class VerdictForm(BaseModel):
    """What a reviewer says about one mark. breach: needed when confirmed."""

    source: MarkSource
    mark_id: str = Field(min_length=1, max_length=40)
    decision: Decision
    breach: ReasonCategory | None = None
    reason: str = Field(min_length=2, max_length=400)


class VerdictAnswer(BaseModel):
    """A verdict."""

    source: MarkSource
    mark_id: str
    round: int
    decision: Decision
    breach: ReasonCategory | None
    reason: str
    reviewer: str
    decided_at: datetime


class FindingForm(BaseModel):
    """A stretch of the recording; milliseconds since 1970, server's clock."""

    from_ms: int = Field(ge=0, le=7_258_118_400_000)
    to_ms: int = Field(ge=0, le=7_258_118_400_000)
    text: str = Field(min_length=2, max_length=400)


class FindingAnswer(BaseModel):
    """A finding."""

    id: str
    from_ms: int
    to_ms: int
    text: str
    reviewer: str
    made_at: datetime


class ReopeningForm(BaseModel):
    """Why a settled case is opened again."""

    reason: str = Field(min_length=2, max_length=400)


class BreachAnswer(BaseModel):
    """A kind of breach that can be confirmed."""

    id: ReasonCategory
    zh: str
    en: str


@words_router.get("/breaches", name="review.breaches.list", summary="违纪类型")
async def list_breaches() -> list[BreachAnswer]:
    """List what can be confirmed."""
    return [BreachAnswer(id=one, zh=words.zh, en=words.en) for one, words in BREACHES.items()]


@router.put("/{attempt_id}/verdicts", name="review.verdicts.decide", summary="认定或排除一条标记")
async def decide(attempt_id: AttemptId, form: VerdictForm, tx: Tx, who: Who) -> VerdictAnswer:
    """Confirm or dismiss a mark in the round that is due."""
    mark = MarkKey(form.source, form.mark_id)
    said = judging.Judgement(mark, form.decision, form.breach, form.reason.strip())
    return answer_verdict(await judging.judge(tx, who, attempt_id, said))


@router.post("/{attempt_id}/findings", name="review.findings.add", summary="在录像上添加标记", status_code=201)
async def add_finding(attempt_id: AttemptId, form: FindingForm, tx: Tx, who: Who) -> FindingAnswer:
    """Mark something that nobody had noticed."""
    span = {"from_ms": form.from_ms, "to_ms": form.to_ms}
    return answer_finding(await judging.add_finding(tx, who, attempt_id, **span, text=form.text.strip()))


@router.delete(
    "/{attempt_id}/findings/{finding_id}", name="review.findings.take_back", summary="撤回自己的标记", status_code=204
)
async def take_back_finding(attempt_id: AttemptId, finding_id: str, tx: Tx, who: Who) -> None:
    """Take one's own finding back."""
    await judging.take_back_finding(tx, who, attempt_id, finding_id)


@router.post("/{attempt_id}/rounds", name="review.rounds.finish", summary="完成本轮复查", status_code=201)
async def finish(attempt_id: AttemptId, tx: Tx, who: Who) -> RoundAnswer:
    """End one's round."""
    finished = await judging.finish_round(tx, who, attempt_id)
    return answer_round(finished, {who.id: who.display_name})


@router.post("/{attempt_id}/reopening", name="review.case.open_again", summary="重新打开已完成的复查", status_code=204)
async def open_again(attempt_id: AttemptId, form: ReopeningForm, tx: Tx, who: Who) -> None:
    """Begin a settled case anew, with a reason."""
    await judging.open_again(tx, who, attempt_id, form.reason.strip())


def answer_verdict(one: Verdict) -> VerdictAnswer:
    """Return a verdict as it is shown."""
    return VerdictAnswer(
        source=one.mark.source,
        mark_id=one.mark.id,
        round=one.round,
        decision=one.decision,
        breach=one.breach,
        reason=one.reason,
        reviewer=one.reviewer,
        decided_at=one.decided_at,
    )


def answer_finding(one: Finding) -> FindingAnswer:
    """Return a finding as it is shown."""
    return FindingAnswer(
        id=one.id, from_ms=one.from_ms, to_ms=one.to_ms, text=one.text, reviewer=one.reviewer, made_at=one.made_at
    )
