"""Routes of papers."""

from invigil.prepare.papers.http.blueprints import checking_router
from invigil.prepare.papers.http.blueprints import router as blueprints_router
from invigil.prepare.papers.http.samples import printing_router
from invigil.prepare.papers.http.samples import router as samples_router
from invigil.prepare.papers.http.sets import router as sets_router

routers = (checking_router, blueprints_router, sets_router, samples_router, printing_router)

__all__ = ["routers"]
