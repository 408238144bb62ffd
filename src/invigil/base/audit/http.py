"""Reading and verifying the audit record."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel

from invigil.base.audit import service, store
from invigil.base.audit.model import AuditRecord
from invigil.platform.http import ManagementRouter, Page, Paging, Tx, Who, paging_of

router = ManagementRouter(prefix="/api/audit", tags=["audit"])


class AuditRecordAnswer(BaseModel):
    """One act, as the auditor reads it."""

    position: int
    at: datetime
    actor_kind: str
    actor_id: str
    act: str
    on: str
    details: dict[str, object]
    code: str


class AuditFinding(BaseModel):
    """One fault of the chain."""

    kind: str
    position: int


class AuditVerification(BaseModel):
    """The outcome of a verification."""

    records: int
    is_intact: bool
    findings: list[AuditFinding]


@router.get("/records", name="audit.records.list", summary="审计记录")
async def list_records(
    tx: Tx,
    paging: Annotated[Paging, Depends(paging_of)],
    act: Annotated[str, Query(max_length=96)] = "",
    actor_id: Annotated[str, Query(max_length=64)] = "",
    on: Annotated[str, Query(max_length=96)] = "",
) -> Page[AuditRecordAnswer]:
    """List acts, newest first; `act` matches by its beginning."""
    found, total = await store.search(
        tx, act=act, actor_id=actor_id, on=on, offset=paging.offset, limit=paging.page_size
    )
    return Page(items=[_answer(one) for one in found], total=total, page=paging.page, page_size=paging.page_size)


@router.get("/acts", name="audit.acts.list", summary="出现过的操作")
async def list_acts(tx: Tx) -> list[str]:
    """List the names of the acts that stand in the record, for a filter to choose from."""
    return await store.list_acts(tx)


@router.post("/verifications", name="audit.chain.verify", summary="校验审计链")
async def verify_chain(tx: Tx, who: Who) -> AuditVerification:
    """Verify the whole chain; the verification is itself an act."""
    count, findings = await service.verify(tx)
    await service.record(tx, who, act="audit.chain.verify", details={"records": count, "findings": len(findings)})
    shown = [AuditFinding(kind=finding.kind, position=finding.position) for finding in findings[:100]]
    return AuditVerification(records=count, is_intact=not findings, findings=shown)


def _answer(one: AuditRecord) -> AuditRecordAnswer:
    return AuditRecordAnswer(
        position=one.position,
        at=one.at,
        actor_kind=one.actor_kind,
        actor_id=one.actor_id,
        act=one.act,
        on=one.on,
        details=dict(one.details),
        code=one.code.hex(),
    )
