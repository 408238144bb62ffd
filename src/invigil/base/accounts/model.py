"""Accounts and their refusals."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import StaffId
from invigil.kernel.principals import PrincipalKind, Role
from invigil.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A member of staff.

    login_name: lower case, unique. has_totp: a second factor is enrolled. is_active: false keeps the record, ends the access.
    has_own_password: false while the password is one that somebody else chose; such an account may only set its own.
    """

    id: StaffId
    login_name: str
    display_name: str
    roles: frozenset[Role]
    has_totp: bool
    is_active: bool
    has_own_password: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Login:
    """A login session: opaque to the browser, hashed at rest (P7).

    is_complete: false while a staff member still has to enrol the second factor; such a login may do nothing else.
    """

    id: str
    kind: PrincipalKind
    principal_id: str
    exam_id: str
    is_complete: bool
    created_at: datetime
    expires_at: datetime


class SecretKind(StrEnum):
    """How a candidate's password is kept."""

    SEALED = "sealed"  # as imported, sealed; becomes argon2id at the first login (50,000 hashes at import would take 26 minutes)
    ARGON2ID = "argon2id"


@dataclass(frozen=True, slots=True)
class Guard:
    """The failed logins of one door: an account, or an account on a device it has used before.

    failures: since the last success, unlock or end of a lock; total: since the last success or unlock.
    """

    failures: int = 0
    total: int = 0
    last_failure_at: datetime | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoginRevoked:
    """A login has ended by staff or by its owner; open sockets of it must close (P7)."""

    login_id: str
    principal_id: str = ""


@dataclass(frozen=True, slots=True)
class LoginStarted:
    """Somebody has logged in."""

    login_id: str
    principal_id: str


class LoginFailed(Refusal):
    """The name or the password is wrong; which one is not said."""

    code, status = "accounts.login_failed", 401
    zh = "账号或密码不正确，还可以再试 {attempts_left} 次。"
    en = "The name or the password is wrong; {attempts_left} attempts left."


class LoginTooSoon(Refusal):
    """Failed attempts slow down the next one."""

    code, status = "accounts.login_too_soon", 429
    zh = "尝试过于频繁，请在 {retry_after_s} 秒后再试。"
    en = "Too many attempts; try again in {retry_after_s} seconds."


class AccountLocked(Refusal):
    """Five failures lock the account for a quarter of an hour (S2.3)."""

    code, status = "accounts.locked", 423
    zh = "连续输错密码，账号已锁定，请在 {retry_after_s} 秒后再试，或联系监考、客服人员解锁。"
    en = "The account is locked for {retry_after_s} seconds; staff can unlock it."


class AccountStopped(Refusal):
    """A hundred failures stop the account until staff unlock it."""

    code, status = "accounts.stopped", 423
    zh = "该账号输错次数过多，已停用登录，请联系监考或客服人员解锁。"
    en = "The account is stopped after too many failures; staff can unlock it."


class SeveralRegistrations(Refusal):
    """An identity number that is registered more than once does not say which registration is meant."""

    code, status = "accounts.several_registrations", 409
    zh = "该身份证号有多条报名记录，请改用准考证号登录。"
    en = "This identity number is registered more than once; log in with the admission ticket number."


class NotLoggedIn(Refusal):
    """There is no valid login."""

    code, status = "accounts.not_logged_in", 401
    zh = "您尚未登录或登录已过期，请重新登录。"
    en = "You are not logged in, or the login has expired."


class NotAllowed(Refusal):
    """The route is not for this role."""

    code, status = "accounts.not_allowed", 403
    zh = "您没有此项操作的权限。"
    en = "Your role does not allow this."


class ForgedRequest(Refusal):
    """The request lacks the proof that it comes from our own page."""

    code, status = "accounts.forged_request", 403
    zh = "请求校验未通过，请刷新页面后重试。"
    en = "The request could not be verified; reload the page."


class SecondFactorNeeded(Refusal):
    """The password is right; the six digits are missing."""

    code, status = "accounts.second_factor_needed", 401
    zh = "请输入动态验证码（6 位数字）。"
    en = "Enter the six digits of your authenticator."


class SecondFactorNotEnrolled(Refusal):
    """Staff must enrol a second factor before anything else."""

    code, status = "accounts.second_factor_not_enrolled", 403
    zh = "请先绑定动态验证码，再进行其他操作。"
    en = "Enrol your second factor first."


class PasswordNotOwn(Refusal):
    """Staff must replace the password that somebody else has chosen before anything else."""

    code, status = "accounts.password_not_own", 403
    zh = "您的密码是他人设置的，请先设置自己的密码，再进行其他操作。"
    en = "Your password was chosen by somebody else; set your own first."


class PasswordUnchanged(Refusal):
    """One's own password may not be the one that somebody else has chosen."""

    code, status = "accounts.password_unchanged", 422
    zh = "新密码不能与他人为您设置的密码相同。"
    en = "Your own password must differ from the one that was chosen for you."


class SecondFactorWrong(Refusal):
    """The six digits given at enrolment do not belong to the secret."""

    code, status = "accounts.second_factor_wrong", 422
    zh = "动态验证码不正确，请核对手机时间后重试。"
    en = "The code is wrong; check the time of your phone."


class LoginNameTaken(Refusal):
    """Another account has this name."""

    code, status = "accounts.login_name_taken", 409
    zh = "登录名“{login_name}”已被使用，请换一个。"
    en = "The login name {login_name} is taken."


class WeakPassword(Refusal):
    """The password is too easy."""

    code, status = "accounts.weak_password", 422
    zh = "密码至少 12 位，且不能与登录名相同。"
    en = "A password needs 12 characters and must differ from the login name."


class AccountNotFound(Refusal):
    """There is no such account."""

    code, status = "accounts.not_found", 404
    zh = "找不到该账号。"
    en = "There is no such account."


class LastAdministrator(Refusal):
    """Somebody must be able to administer."""

    code, status = "accounts.last_administrator", 409
    zh = "这是最后一位考务管理员，不能停用或取消其角色。"
    en = "This is the last administrator."
