"""Proctoring over HTTP."""

from invigil.watch.proctoring.http.commands import router as commands_router
from invigil.watch.proctoring.http.duty import router as duty_router
from invigil.watch.proctoring.http.notes import own_router as taking_router
from invigil.watch.proctoring.http.notes import router as notes_router
from invigil.watch.proctoring.http.talking import router as talking_router

routers = (commands_router, notes_router, taking_router, talking_router, duty_router)
