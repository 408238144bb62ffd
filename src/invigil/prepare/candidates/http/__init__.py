"""Routes of candidates."""

from invigil.prepare.candidates.http.imports import router as imports_router
from invigil.prepare.candidates.http.people import router as people_router
from invigil.prepare.candidates.http.printing import router as printing_router
from invigil.prepare.candidates.http.uploads import router as uploads_router

# The fixed paths stand before /{candidate_id}.
routers = (uploads_router, imports_router, printing_router, people_router)

__all__ = ["routers"]
