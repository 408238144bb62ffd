"""Routes of grading."""

from invigil.judge.grading.http.own import router as own_router
from invigil.judge.grading.http.results import router as results_router
from invigil.judge.grading.http.runs import router as runs_router

routers = (runs_router, results_router, own_router)

__all__ = ["routers"]
