"""What staff declare about themselves (C5.2): by themselves, or entered by an administrator."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, Field

from invigil.base.audit.api import record
from invigil.kernel.ids import StaffId
from invigil.platform.http import RECORDED, ManagementRouter, Page, Paging, Tx, Who, paging_of
from invigil.prepare.rooms.model import Relative
from invigil.prepare.rooms.model.entities import Relation
from invigil.prepare.rooms.service import recusing as service
from invigil.prepare.rooms.service.proctoring import list_proctor_accounts
from invigil.prepare.rooms.store import recusals as store

router = ManagementRouter(tags=["rooms"])


class EmployerForm(BaseModel):
    """A person's own employer; empty for none. Sending it declares that relatives are complete."""

    employer: str = Field(default="", max_length=200)


class RelativeForm(BaseModel):
    """A close relative. Without an identity number everybody of this name counts."""

    relation: Relation
    name: str = Field(min_length=1, max_length=50)
    identity_number: str = Field(default="", max_length=30)


class RelativeAnswer(BaseModel):
    """A declared relative; the identity number shows its last four characters only."""

    id: str
    relation: Relation
    name: str
    identity_tail: str
    declared_at: datetime

    @classmethod
    def of(cls, one: Relative) -> "RelativeAnswer":
        """Return the relative as pages show one."""
        return cls(
            id=one.id,
            relation=one.relation,
            name=one.name,
            identity_tail=one.identity_number[-4:],
            declared_at=one.declared_at,
        )


class OwnDeclaration(BaseModel):
    """What a person has declared; `declared_at` is empty when nothing yet."""

    employer: str
    declared_at: datetime | None
    relatives: list[RelativeAnswer]


class ProctorAnswer(BaseModel):
    """A proctor as the administrator sees one: that there are declarations, not which."""

    staff_id: str
    login_name: str
    display_name: str
    employer: str
    declared_at: datetime | None
    relative_count: int


@router.get("/api/my/declaration", name="rooms.recusals.own", summary="我的回避申报")
async def show_own(tx: Tx, who: Who) -> OwnDeclaration:
    """Show what this person has declared."""
    return await _declaration(tx, StaffId(who.id))


@router.put("/api/my/declaration", name="rooms.recusals.declare_own", summary="申报本人单位")
async def declare_own(form: EmployerForm, tx: Tx, who: Who) -> OwnDeclaration:
    """Declare one's employer."""
    await service.declare_employer(tx, who, StaffId(who.id), form.employer)
    return await _declaration(tx, StaffId(who.id))


@router.post("/api/my/relatives", name="rooms.recusals.add_own", summary="申报亲属", status_code=201)
async def add_own(form: RelativeForm, tx: Tx, who: Who) -> RelativeAnswer:
    """Declare a relative among possible candidates."""
    return RelativeAnswer.of(await _add(tx, who, StaffId(who.id), form))


@router.delete(
    "/api/my/relatives/{relative_id}", name="rooms.recusals.remove_own", summary="撤销亲属申报", status_code=204
)
async def remove_own(relative_id: str, tx: Tx, who: Who) -> None:
    """Take a declaration back."""
    await service.remove_relative(tx, who, StaffId(who.id), relative_id)


@router.get("/api/proctors", name="rooms.proctors.list", summary="监考人员与申报情况")
async def list_proctors(tx: Tx, paging: Annotated[Paging, Depends(paging_of)]) -> Page[ProctorAnswer]:
    """List proctors with whether they have declared; `q` is a part of the name."""
    declared = await store.read_declarations(tx)
    counts: dict[StaffId, int] = {}
    for relative in await store.list_relatives(tx):
        counts[relative.staff_id] = counts.get(relative.staff_id, 0) + 1
    found = [
        ProctorAnswer(
            staff_id=one.id,
            login_name=one.login_name,
            display_name=one.display_name,
            employer=declared[one.id].employer if one.id in declared else "",
            declared_at=declared[one.id].declared_at if one.id in declared else None,
            relative_count=counts.get(one.id, 0),
        )
        for one in await list_proctor_accounts(tx)
        if paging.q in one.display_name or paging.q in one.login_name
    ]
    shown = paging.cut(found)
    return Page(items=shown, total=len(found), page=paging.page, page_size=paging.page_size)


@router.get(
    "/api/proctors/{staff_id}/declaration", name="rooms.recusals.show", summary="查看回避申报", openapi_extra=RECORDED
)
async def show_declaration(staff_id: StaffId, tx: Tx, who: Who) -> OwnDeclaration:
    """Show what a proctor has declared; the look is recorded."""
    await record(tx, who, act="rooms.recusal.view", on=staff_id)
    return await _declaration(tx, staff_id)


@router.put("/api/proctors/{staff_id}/declaration", name="rooms.recusals.declare", summary="登记监考人员单位")
async def declare(staff_id: StaffId, form: EmployerForm, tx: Tx, who: Who) -> OwnDeclaration:
    """Enter a proctor's employer."""
    await service.declare_employer(tx, who, staff_id, form.employer)
    return await _declaration(tx, staff_id)


@router.post("/api/proctors/{staff_id}/relatives", name="rooms.recusals.add", summary="登记亲属", status_code=201)
async def add(staff_id: StaffId, form: RelativeForm, tx: Tx, who: Who) -> RelativeAnswer:
    """Enter a proctor's relative."""
    return RelativeAnswer.of(await _add(tx, who, staff_id, form))


@router.delete(
    "/api/proctors/{staff_id}/relatives/{relative_id}",
    name="rooms.recusals.remove",
    summary="删除亲属登记",
    status_code=204,
)
async def remove(staff_id: StaffId, relative_id: str, tx: Tx, who: Who) -> None:
    """Take an entered relative back."""
    await service.remove_relative(tx, who, staff_id, relative_id)


async def _add(tx: Tx, who: Who, staff_id: StaffId, form: RelativeForm) -> Relative:
    return await service.add_relative(
        tx, who, staff_id, relation=form.relation, name=form.name, identity_number=form.identity_number
    )


async def _declaration(tx: Tx, staff_id: StaffId) -> OwnDeclaration:
    declared = (await store.read_declarations(tx)).get(staff_id)
    return OwnDeclaration(
        employer="" if declared is None else declared.employer,
        declared_at=None if declared is None else declared.declared_at,
        relatives=[RelativeAnswer.of(one) for one in await store.list_relatives(tx, staff_id)],
    )
