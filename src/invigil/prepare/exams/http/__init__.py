"""Routes of examinations."""

from invigil.prepare.exams.http.agreements import file_router
from invigil.prepare.exams.http.agreements import router as agreements_router
from invigil.prepare.exams.http.exams import router as exams_router
from invigil.prepare.exams.http.mock import router as mock_router
from invigil.prepare.exams.http.recording import router as recording_router
from invigil.prepare.exams.http.sittings import router as sittings_router

routers = (recording_router, exams_router, agreements_router, file_router, sittings_router, mock_router)

__all__ = ["routers"]
