"""The built front ends: `/` for candidates, `/phone/` for their phones, `/console/` for staff, `/manuals/` for everybody.

Unknown paths belong to the page's own router.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from invigil.platform.settings import Settings

_NOT_BUILT = "页面尚未构建，请先运行 scripts/setup demo（the pages are not built yet: run scripts/setup demo）"
# Asset names carry a hash of their content, so a browser may keep them for ever.
# The page itself and its service worker change with every release under the same name.
_ASK_AGAIN = {"Cache-Control": "no-cache"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class _HashedAssets(StaticFiles):
    async def get_response(self, path: str, scope: object) -> Response:
        response = await super().get_response(path, scope)  # type: ignore[arg-type]
        response.headers.update(_FOR_EVER)
        return response


def page_routes(settings: Settings) -> list[BaseRoute]:
    """Return the routes of the front ends, the candidates' last: it takes every other path."""
    console, candidate, phone = settings.http.console_pages, settings.http.candidate_pages, settings.http.phone_pages
    return [
        Mount("/console/assets", _HashedAssets(directory=console / "assets", check_dir=False), name="app.pages"),
        Route("/console", _index_of(console), name="app.pages"),
        Route("/console/{path:path}", _index_of(console), name="app.pages"),
        Mount("/phone/assets", _HashedAssets(directory=phone / "assets", check_dir=False), name="app.pages"),
        Route("/phone", _index_of(phone), name="app.pages"),
        Route("/phone/{path:path}", _index_of(phone), name="app.pages"),
        # Its pages refer to each other, so the folder's own address ends in a slash.
        Route("/manuals", _to_manuals, name="app.pages"),
        Route("/manuals/{path:path}", _index_of(settings.http.manual_pages), name="app.pages"),
        Mount("/assets", _HashedAssets(directory=candidate / "assets", check_dir=False), name="app.pages"),
        Route("/{path:path}", _index_of(candidate), name="app.pages"),
    ]


async def _to_manuals(_request: Request) -> Response:
    return RedirectResponse("/manuals/")


def _index_of(folder: Path) -> Callable[[Request], Awaitable[Response]]:
    root = folder.resolve()

    async def answer(request: Request) -> Response:
        path = request.path_params.get("path", "")
        if path.startswith("api/"):
            raise HTTPException(404)
        asked = (root / path).resolve()
        if path and asked.is_relative_to(root) and asked.is_file():
            return FileResponse(asked, headers=_ASK_AGAIN)
        if not (root / "index.html").is_file():
            return PlainTextResponse(_NOT_BUILT, 503)
        return FileResponse(root / "index.html", headers=_ASK_AGAIN)

    return answer
