"""Staff logins and the second factor."""

from fastapi import Request, Response
from pydantic import BaseModel, Field

from invigil.base.accounts.cookies import clear_login_cookie, set_login_cookies
from invigil.base.accounts.gate import DEVICE_COOKIE, STAFF_COOKIE
from invigil.base.accounts.model import StaffAccount
from invigil.base.accounts.service import logins, staff
from invigil.base.audit.api import record
from invigil.kernel.ids import StaffId
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.platform.http import ManagementRouter, SelfCommittingRouter, Tx, Who, ports_of

router = ManagementRouter(prefix="/api/staff", tags=["accounts"])
entrance = SelfCommittingRouter(prefix="/api/staff", tags=["accounts"])


class StaffLoginForm(BaseModel):
    """What a member of staff types."""

    login_name: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=200)
    totp_code: str = Field(default="", max_length=12)


class MeAnswer(BaseModel):
    """Who is logged in, and the token that every change must carry in `X-Invigil-CSRF`.

    needs_totp_enrolment, needs_own_password: what is to be done, in this order, before anything else is allowed.
    """

    id: str
    display_name: str
    roles: list[Role]
    csrf: str
    needs_totp_enrolment: bool
    needs_own_password: bool
    is_demo: bool


class TotpAnswer(BaseModel):
    """The secret for the authenticator, as text and as the URI for a QR code."""

    secret: str
    uri: str


class TotpForm(BaseModel):
    """The six digits."""

    code: str = Field(min_length=6, max_length=12)


class PasswordForm(BaseModel):
    """A new password."""

    password: str = Field(min_length=1, max_length=200)


@entrance.post("/login", name="accounts.staff.log_in", summary="工作人员登录")
async def log_in(form: StaffLoginForm, request: Request, response: Response) -> MeAnswer:
    """Log in; sets the login cookie."""
    ports = ports_of(request)
    started = await logins.log_in_staff(
        ports.db,
        login_name=form.login_name,
        password=form.password,
        totp_code=form.totp_code,
        device_token=request.cookies.get(DEVICE_COOKIE, ""),
        is_demo=ports.settings.demo,
    )
    async with ports.db.transaction() as tx:
        account = await staff.access_staff(tx, StaffId(started.login.principal_id))
        who = Principal(PrincipalKind.STAFF, account.id, account.display_name, account.roles, started.login.id)
        await record(tx, who, act="accounts.staff.log_in", on=account.id)
    set_login_cookies(response, STAFF_COOKIE, started)
    csrf = logins.compute_csrf_token(ports.keys, started.login.id)
    return _me(who, account, csrf, is_complete=started.login.is_complete, is_demo=ports.settings.demo)


@router.get("/me", name="accounts.staff.me", summary="当前登录的工作人员")
async def me(request: Request, tx: Tx, who: Who) -> MeAnswer:
    """Return who is logged in."""
    account = await staff.access_staff(tx, StaffId(who.id))
    is_demo = ports_of(request).settings.demo
    csrf = logins.compute_csrf_token(tx.keys, who.login_id)
    return _me(who, account, csrf, is_complete=account.has_totp or is_demo, is_demo=is_demo)


@router.post("/logout", name="accounts.staff.log_out", summary="退出登录", status_code=204)
async def log_out(tx: Tx, who: Who, response: Response) -> None:
    """End this login."""
    await logins.end(tx, [who.login_id])
    clear_login_cookie(response, STAFF_COOKIE)


@router.post("/totp", name="accounts.totp.begin", summary="开始绑定动态验证码")
async def begin_totp(tx: Tx, who: Who) -> TotpAnswer:
    """Draw a secret for the authenticator."""
    secret, uri = await staff.begin_totp(tx, who)
    return TotpAnswer(secret=secret, uri=uri)


@router.post("/totp/confirm", name="accounts.totp.confirm", summary="确认绑定动态验证码", status_code=204)
async def confirm_totp(form: TotpForm, tx: Tx, who: Who) -> None:
    """Make the secret the second factor."""
    await staff.confirm_totp(tx, who, form.code)


@router.post("/password", name="accounts.password.change", summary="修改自己的密码", status_code=204)
async def change_password(form: PasswordForm, tx: Tx, who: Who) -> None:
    """Set one's own password; other logins of the account end."""
    await staff.set_password(tx, who, StaffId(who.id), form.password, but_login=who.login_id)


def _me(who: Principal, account: StaffAccount, csrf: str, *, is_complete: bool, is_demo: bool) -> MeAnswer:
    return MeAnswer(
        id=who.id,
        display_name=who.display_name,
        roles=sorted(who.roles),
        csrf=csrf,
        needs_totp_enrolment=not is_complete,
        needs_own_password=not account.has_own_password,
        is_demo=is_demo,
    )
