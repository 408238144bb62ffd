"""Everything the features bring to a process: routers, plain routes, background jobs. One place, in the order of a sitting."""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter
from starlette.routing import BaseRoute

from invigil.base.accounts.http import routers as accounts_routers
from invigil.base.audit.http import router as audit_router
from invigil.base.background.http import router as background_router
from invigil.base.background.jobs import SWEEP, SWEEP_INTERVAL
from invigil.base.rekeying.jobs import KINDS as REKEYING_JOBS
from invigil.judge.grading.http import routers as grading_routers
from invigil.judge.grading.jobs import KINDS as GRADING_JOBS
from invigil.judge.review.http import routers as review_routers
from invigil.platform.jobs import JobKind
from invigil.prepare.candidates.http import routers as candidates_routers
from invigil.prepare.candidates.jobs import DELETE_SOURCES as DELETE_CANDIDATE_SOURCES
from invigil.prepare.candidates.jobs import DELETE_SOURCES_INTERVAL
from invigil.prepare.candidates.jobs import KINDS as CANDIDATES_JOBS
from invigil.prepare.exams.http import routers as exams_routers
from invigil.prepare.exams.jobs import INTERVAL as MOVE_ON_INTERVAL
from invigil.prepare.exams.jobs import KINDS as EXAMS_JOBS
from invigil.prepare.exams.jobs import MOVE_ON
from invigil.prepare.papers.http import routers as papers_routers
from invigil.prepare.papers.jobs import KINDS as PAPERS_JOBS
from invigil.prepare.questions.http import routers as questions_routers
from invigil.prepare.questions.jobs import DELETE_SOURCES as DELETE_QUESTION_SOURCES
from invigil.prepare.questions.jobs import DELETE_SOURCES_INTERVAL as DELETE_QUESTION_SOURCES_INTERVAL
from invigil.prepare.questions.jobs import KINDS as QUESTIONS_JOBS
from invigil.prepare.rooms.http import routers as rooms_routers
from invigil.prepare.rooms.jobs import KINDS as ROOMS_JOBS
from invigil.serve.exports.http import router as exports_router
from invigil.serve.exports.jobs import DESTROY_EXPIRED, DESTROY_INTERVAL
from invigil.serve.exports.jobs import KINDS as EXPORTS_JOBS
from invigil.serve.recordings.http import routers as recordings_routers
from invigil.serve.recordings.jobs import DELETE_EXPIRED, DELETE_INTERVAL
from invigil.serve.recordings.jobs import DESTROY_EXPIRED as DESTROY_PACKAGES
from invigil.serve.recordings.jobs import DESTROY_INTERVAL as DESTROY_PACKAGES_INTERVAL
from invigil.serve.recordings.jobs import KINDS as RECORDINGS_JOBS
from invigil.sit.activity.http import router as activity_router
from invigil.sit.activity.http import routes as activity_routes
from invigil.sit.answering.http.entering import routers as candidate_routers
from invigil.sit.answering.http.hot import routes as hot_routes
from invigil.sit.answering.http.paper import routes as paper_routes
from invigil.sit.answering.http.plays import router as plays_router
from invigil.sit.answering.http.staff import router as answering_router
from invigil.sit.answering.socket import routes as socket_routes
from invigil.sit.checkin.http import routers as checkin_routers
from invigil.sit.checkin.socket import routes as phone_routes
from invigil.sit.recording.http.hot import routes as recording_hot_routes
from invigil.sit.recording.http.media import routes as media_routes
from invigil.sit.recording.http.staff import router as recording_router
from invigil.sit.recording.jobs import SWEEP_MEDIA, SWEEP_MEDIA_INTERVAL
from invigil.watch.board.http import router as board_router
from invigil.watch.board.patrol import router as patrol_router
from invigil.watch.board.socket import routes as staff_socket_routes
from invigil.watch.proctoring.http import routers as proctoring_routers
from invigil.watch.signals.http import router as signals_router

ROUTERS: Sequence[APIRouter] = (
    *accounts_routers,
    audit_router,
    background_router,
    *candidates_routers,
    *questions_routers,
    *papers_routers,
    *exams_routers,
    *rooms_routers,
    *candidate_routers,
    plays_router,
    answering_router,
    recording_router,
    *checkin_routers,
    activity_router,
    *grading_routers,
    signals_router,
    *proctoring_routers,
    *review_routers,
    board_router,
    patrol_router,
    exports_router,
    *recordings_routers,
)

# Starlette routes with msgspec, for what 50,000 pages do at once (ADR-0001).
PLAIN_ROUTES: Sequence[BaseRoute] = (
    *hot_routes,
    *paper_routes,
    *socket_routes,
    *phone_routes,
    *recording_hot_routes,
    *media_routes,
    *staff_socket_routes,
    *activity_routes,
)

JOB_KINDS: Sequence[JobKind] = (
    *REKEYING_JOBS,
    *CANDIDATES_JOBS,
    *QUESTIONS_JOBS,
    *PAPERS_JOBS,
    *EXAMS_JOBS,
    *ROOMS_JOBS,
    *GRADING_JOBS,
    *EXPORTS_JOBS,
    *RECORDINGS_JOBS,
)

# Sweeps: carried out once per interval by one worker of all.
RECURRING_JOBS: Sequence[tuple[timedelta, JobKind]] = (
    (SWEEP_INTERVAL, SWEEP),
    (DELETE_SOURCES_INTERVAL, DELETE_CANDIDATE_SOURCES),
    (DELETE_QUESTION_SOURCES_INTERVAL, DELETE_QUESTION_SOURCES),
    (MOVE_ON_INTERVAL, MOVE_ON),
    (DESTROY_INTERVAL, DESTROY_EXPIRED),
    (DESTROY_PACKAGES_INTERVAL, DESTROY_PACKAGES),
    (DELETE_INTERVAL, DELETE_EXPIRED),
    (SWEEP_MEDIA_INTERVAL, SWEEP_MEDIA),
)
