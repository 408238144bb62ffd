"""The login and device cookies: `__Host-` names, so only this host over HTTPS can set them (P7)."""

from starlette.responses import Response

from invigil.base.accounts.gate import DEVICE_COOKIE
from invigil.base.accounts.service.logins import LOGIN_LASTS, StartedLogin

DEVICE_LASTS_S = 400 * 24 * 3600


def set_login_cookies(response: Response, cookie: str, started: StartedLogin) -> None:
    """Give the browser its login and the device's own token."""
    lasts = int(LOGIN_LASTS.total_seconds())
    response.set_cookie(cookie, started.token, max_age=lasts, path="/", secure=True, httponly=True, samesite="strict")
    response.set_cookie(
        DEVICE_COOKIE,
        started.device_token,
        max_age=DEVICE_LASTS_S,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )


def clear_login_cookie(response: Response, cookie: str) -> None:
    """Take the login away."""
    response.delete_cookie(cookie, path="/", secure=True, httponly=True, samesite="strict")
