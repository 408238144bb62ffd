"""The web process: one application for every page and interface."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from invigil.app.features import PLAIN_ROUTES, ROUTERS
from invigil.app.pages import page_routes
from invigil.app.relations import RoomRelations
from invigil.base.accounts.gate import AccountsGate
from invigil.platform.http import install_refusals
from invigil.platform.http.body_limit import BodyLimit
from invigil.platform.http.headers import SecurityHeaders
from invigil.platform.http.hot import HotApplication
from invigil.platform.http.room_gate import RoomGate
from invigil.platform.ports import Ports
from invigil.sit.activity.api import ActivityWriter
from invigil.sit.answering.api import AnswerWriter, AttemptReader, KnownTickets, PageEars, subscribe_phone_light
from invigil.sit.answering.api import listen as hear_pages
from invigil.sit.answering.api import subscribe as tell_pages
from invigil.sit.checkin.api import Phones
from invigil.sit.checkin.api import subscribe as tell_of_phones
from invigil.sit.recording.api import Recorder, listen_to_commits
from invigil.sit.recording.api import listen as listen_to_tracks
from invigil.watch.board.api import LiveBoards, StaffDesk, StillsDesk, take_news
from invigil.watch.proctoring.api import listen as hear_proctoring
from invigil.watch.signals.api import hear_conflicts, hear_other_phone, hear_steps, hear_tracks
from invigil.watch.signals.api import listen as hear_signals

# Uploaded lists of candidates and photos must never touch the disk in clear: parts stay in memory, bounded by BodyLimit.
MultiPartParser.spool_max_size = 1 << 40

# While the disk is nearly full: what candidates do, and what staff do for them in a sitting. What is large is refused by the blob store.
GOES_ON = (
    "/api/sit/",
    "/api/candidate/",
    "/api/staff/login",
    "/api/staff/logout",
    "/api/attempts/",
    "/api/activity",
    "/api/proctoring/",
)


def _gather(routers: Iterable[APIRouter]) -> APIRouter:
    gathered = APIRouter()
    for router in routers:
        gathered.include_router(router)
    return gathered


# Once for all applications of a process: FastAPI reads a handler's signature when its path is first asked for, 3 ms each, and
# every test has an application of its own.
_MANAGEMENT = _gather(ROUTERS)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(ports: Ports, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the application over these ports.

    lifespan: what runs beside it (jobs, sweeps); none in most tests.
    """
    app = HotApplication(
        title="Invigil 明鉴",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan or _nothing,
        # Nothing about an examination leaves the machine by itself.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.ports = ports
    app.state.gate = AccountsGate(RoomRelations())
    app.state.answer_writer = AnswerWriter(ports.db)
    app.state.attempt_reader = AttemptReader(ports.db)
    app.state.known_tickets = KnownTickets(ports.keys)
    app.state.activity_writer = ActivityWriter(ports.db, [hear_steps])
    app.state.page_ears = PageEars(ports)
    app.state.recorder = Recorder(ports.db, ports.media, [hear_conflicts])
    app.state.phones = Phones()
    app.state.other_phone_hearers = (hear_other_phone,)
    for listen in (hear_pages, hear_signals, hear_proctoring):
        listen(ports, app.state.page_ears)
    listen_to_tracks(ports, app.state.page_ears, [hear_tracks])
    listen_to_commits(ports, app.state.page_ears, app.state.recorder)
    app.state.live_boards = boards = LiveBoards(ports)
    app.state.stills_desk = stills = StillsDesk(ports, boards)
    app.state.staff_desk = StaffDesk(ports, boards, stills)
    take_news(ports, boards, stills)
    tell_pages(ports)
    subscribe_phone_light(ports)
    tell_of_phones(ports, app.state.phones)
    # First: the routes that 50,000 pages use are found first.
    app.router.routes.extend(PLAIN_ROUTES)
    app.router.routes.extend(_MANAGEMENT.routes)
    app.router.routes.append(Route("/api/health", _answer_health, name="app.health"))
    app.router.routes.extend(page_routes(ports.settings))
    install_refusals(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(RoomGate, room=ports.room, goes_on=GOES_ON)
    app.add_middleware(SecurityHeaders, connect=[one.origin for one in ports.media.access_points])
    return app


async def _answer_health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield
