"""Everything the features bring to a process: routers, plain routes, background jobs. One place, in the order of a sitting."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter
from starlette.routing import BaseRoute

from invigil.base.accounts.http import routers as accounts_routers
from invigil.base.audit.http import router as audit_router
from invigil.base.background.http import router as background_router
from invigil.platform.jobs import JobKind

ROUTERS: Sequence[APIRouter] = (
    *accounts_routers,
    audit_router,
    background_router,
)

# Starlette routes with msgspec, for what 50,000 pages do at once (ADR-0001).
PLAIN_ROUTES: Sequence[BaseRoute] = ()

JOB_KINDS: Sequence[JobKind] = ()

# Sweeps: carried out once per interval by one worker of all.
RECURRING_JOBS: Sequence[tuple[timedelta, JobKind]] = ()
