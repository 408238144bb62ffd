"""Routes of accounts."""

from invigil.base.accounts.http.logins import entrance
from invigil.base.accounts.http.logins import router as logins_router
from invigil.base.accounts.http.staff import router as staff_router
from invigil.base.accounts.http.unlocking import router as unlocking_router

routers = (entrance, logins_router, staff_router, unlocking_router)

__all__ = ["routers"]
