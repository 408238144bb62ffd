"""The accounts feature's facade."""

from invigil.base.accounts.model import AccountNotFound, Login, LoginRevoked, NotAllowed, NotLoggedIn, StaffAccount
from invigil.base.accounts.policy import POLICY, Access
from invigil.base.accounts.rules import normalise_login_name
from invigil.base.accounts.service.codes import issue_code
from invigil.base.accounts.service.credentials import InitialCredential, set_initial_credentials, unlock_candidate
from invigil.base.accounts.service.logins import StartedLogin, end, end_logins, log_in_candidate, recognise
from invigil.base.accounts.service.staff import access_staff, create_staff
from invigil.base.accounts.store import list_staff

__all__ = [
    "POLICY",
    "Access",
    "AccountNotFound",
    "InitialCredential",
    "Login",
    "LoginRevoked",
    "NotAllowed",
    "NotLoggedIn",
    "StaffAccount",
    "StartedLogin",
    "access_staff",
    "create_staff",
    "end",
    "end_logins",
    "issue_code",
    "list_staff",
    "log_in_candidate",
    "normalise_login_name",
    "recognise",
    "set_initial_credentials",
    "unlock_candidate",
]
