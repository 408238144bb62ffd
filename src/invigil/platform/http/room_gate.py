"""While the disk is nearly full, only what a running sitting needs may write (F5)."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from invigil.platform.http.refusing import refusal_answer
from invigil.platform.room import NoRoom, Room

_READING = {"GET", "HEAD", "OPTIONS"}


class RoomGate:
    """Refuses other writes while what room is left belongs to answers.

    goes_on: beginnings of the paths that are never refused here.
    """

    def __init__(self, app: ASGIApp, room: Room, goes_on: Sequence[str]) -> None:
        self._app = app
        self._room = room
        self._goes_on = tuple(goes_on)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with NoRoom."""
        may_write = scope["type"] == "http" and scope["method"] not in _READING
        if may_write and not scope["path"].startswith(self._goes_on) and self._room.is_short():
            await refusal_answer(NoRoom())(scope, receive, send)
            return
        await self._app(scope, receive, send)
