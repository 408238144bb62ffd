"""Administration of staff accounts."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, Field

from invigil.base.accounts import store
from invigil.base.accounts.model import StaffAccount
from invigil.base.accounts.service import logins, staff
from invigil.base.audit.api import record
from invigil.kernel.ids import StaffId
from invigil.kernel.principals import Role
from invigil.platform.http import ManagementRouter, Page, Paging, Tx, Who, paging_of

router = ManagementRouter(prefix="/api/staff/accounts", tags=["accounts"])


class StaffAnswer(BaseModel):
    """A staff account."""

    id: str
    login_name: str
    display_name: str
    roles: list[Role]
    has_totp: bool
    is_active: bool
    created_at: datetime


class StaffName(BaseModel):
    """What a member of staff is called."""

    id: str
    display_name: str


class NewStaffForm(BaseModel):
    """A new staff account."""

    login_name: str = Field(min_length=3, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")
    display_name: str = Field(min_length=1, max_length=64)
    roles: list[Role] = Field(min_length=1)
    password: str = Field(min_length=1, max_length=200)


class StaffForm(BaseModel):
    """What can be changed on an account."""

    display_name: str = Field(min_length=1, max_length=64)
    roles: list[Role] = Field(min_length=1)
    is_active: bool


class StaffPasswordForm(BaseModel):
    """A new password for somebody else."""

    password: str = Field(min_length=1, max_length=200)


class ReasonForm(BaseModel):
    """Why this is done; it goes into the audit record, so no personal data."""

    reason: str = Field(min_length=2, max_length=200)


class EndedLogins(BaseModel):
    """How many logins were ended."""

    ended: int


@router.get("/names", name="accounts.staff.names", summary="工作人员姓名")
async def list_names(tx: Tx) -> list[StaffName]:
    """Name the staff to each other, as acts of two persons show who the other is."""
    return [StaffName(id=one.id, display_name=one.display_name) for one in await store.list_staff(tx)]


@router.get("", name="accounts.staff.list", summary="工作人员账号")
async def list_accounts(tx: Tx, paging: Annotated[Paging, Depends(paging_of)]) -> Page[StaffAnswer]:
    """List staff accounts by login name."""
    found, total = await store.search_staff(tx, q=paging.q, offset=paging.offset, limit=paging.page_size)
    return Page(items=[_answer(one) for one in found], total=total, page=paging.page, page_size=paging.page_size)


@router.post("", name="accounts.staff.create", summary="新建工作人员账号", status_code=201)
async def create_account(form: NewStaffForm, tx: Tx, who: Who) -> StaffAnswer:
    """Make an account."""
    return _answer(
        await staff.create_staff(
            tx,
            who,
            login_name=form.login_name,
            display_name=form.display_name,
            roles=form.roles,
            password=form.password,
        )
    )


@router.put("/{staff_id}", name="accounts.staff.edit", summary="修改工作人员账号")
async def edit_account(staff_id: StaffId, form: StaffForm, tx: Tx, who: Who) -> StaffAnswer:
    """Change name, roles or use; the account's logins end when its rights change."""
    edited = await staff.edit_staff(
        tx, who, staff_id, display_name=form.display_name, roles=form.roles, is_active=form.is_active
    )
    return _answer(edited)


@router.post("/{staff_id}/password", name="accounts.staff.reset_password", summary="重置密码", status_code=204)
async def reset_password(staff_id: StaffId, form: StaffPasswordForm, tx: Tx, who: Who) -> None:
    """Set another person's password."""
    await staff.set_password(tx, who, staff_id, form.password)


@router.post("/{staff_id}/totp-reset", name="accounts.staff.reset_totp", summary="解除动态验证码绑定", status_code=204)
async def reset_totp(staff_id: StaffId, form: ReasonForm, tx: Tx, who: Who) -> None:
    """Forget a lost second factor."""
    await staff.reset_totp(tx, who, staff_id, form.reason)


@router.post("/{staff_id}/unlock", name="accounts.staff.unlock", summary="解锁工作人员账号", status_code=204)
async def unlock(staff_id: StaffId, form: ReasonForm, tx: Tx, who: Who) -> None:
    """Open the door of a locked account."""
    await staff.unlock_staff(tx, who, staff_id, form.reason)


@router.post("/{staff_id}/revocations", name="accounts.staff.revoke_logins", summary="强制下线")
async def revoke_logins(staff_id: StaffId, form: ReasonForm, tx: Tx, who: Who) -> EndedLogins:
    """End every login of the account."""
    await staff.access_staff(tx, staff_id)
    ended = await logins.end_logins(tx, staff_id)
    await record(tx, who, act="accounts.staff.revoke_logins", on=staff_id, details={"reason": form.reason})
    return EndedLogins(ended=ended)


def _answer(one: StaffAccount) -> StaffAnswer:
    return StaffAnswer(
        id=one.id,
        login_name=one.login_name,
        display_name=one.display_name,
        roles=sorted(one.roles),
        has_totp=one.has_totp,
        is_active=one.is_active,
        created_at=one.created_at,
    )
