"""Recordings over HTTP."""

from invigil.serve.recordings.http.packages import router as packages_router
from invigil.serve.recordings.http.retention import router as retention_router

routers = (packages_router, retention_router)
