"""Review over HTTP."""

from invigil.judge.review.http.judging import router as judging_router
from invigil.judge.review.http.judging import words_router
from invigil.judge.review.http.queue import router as queue_router
from invigil.judge.review.http.timeline import router as timeline_router

routers = (queue_router, timeline_router, judging_router, words_router)
