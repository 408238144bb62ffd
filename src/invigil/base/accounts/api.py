"""The accounts feature's facade."""

from invigil.base.accounts.cookies import clear_login_cookie, set_login_cookies
from invigil.base.accounts.gate import CANDIDATE_COOKIE, DEVICE_COOKIE
from invigil.base.accounts.model import (
    AccountNotFound,
    ForgedRequest,
    Login,
    LoginRevoked,
    LoginStarted,
    NotAllowed,
    NotLoggedIn,
    StaffAccount,
)
from invigil.base.accounts.policy import POLICY, Access
from invigil.base.accounts.rules import normalise_login_name
from invigil.base.accounts.service.codes import issue_code
from invigil.base.accounts.service.credentials import (
    InitialCredential,
    add_initial_credentials,
    read_initial_passwords,
    set_initial_credentials,
    set_login_names,
    unlock_candidate,
)
from invigil.base.accounts.service.logins import (
    StartedLogin,
    compute_csrf_token,
    end,
    end_logins,
    is_open_login,
    log_in_candidate,
    recognise,
)
from invigil.base.accounts.service.staff import access_staff, create_staff
from invigil.base.accounts.store import list_logged_in_candidates, list_staff, read_staff_names

__all__ = [
    "CANDIDATE_COOKIE",
    "DEVICE_COOKIE",
    "POLICY",
    "Access",
    "AccountNotFound",
    "ForgedRequest",
    "InitialCredential",
    "Login",
    "LoginRevoked",
    "LoginStarted",
    "NotAllowed",
    "NotLoggedIn",
    "StaffAccount",
    "StartedLogin",
    "access_staff",
    "add_initial_credentials",
    "clear_login_cookie",
    "compute_csrf_token",
    "create_staff",
    "end",
    "end_logins",
    "is_open_login",
    "issue_code",
    "list_logged_in_candidates",
    "list_staff",
    "log_in_candidate",
    "normalise_login_name",
    "read_initial_passwords",
    "read_staff_names",
    "recognise",
    "set_initial_credentials",
    "set_login_cookies",
    "set_login_names",
    "unlock_candidate",
]
