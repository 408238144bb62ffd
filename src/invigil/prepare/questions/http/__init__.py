"""Routes of the question bank."""

from invigil.prepare.questions.http.bank import router as bank_router
from invigil.prepare.questions.http.imports import router as imports_router
from invigil.prepare.questions.http.media import router as media_router
from invigil.prepare.questions.http.overview import router as overview_router
from invigil.prepare.questions.http.uploads import router as uploads_router

# The fixed paths stand before /{question_id}.
routers = (uploads_router, imports_router, media_router, overview_router, bank_router)

__all__ = ["routers"]
