"""The patrol's view over HTTP, once; followed it comes over the socket."""

from typing import Any

import msgspec
from fastapi import Request

from invigil.kernel.ids import SittingId
from invigil.platform.http import ManagementRouter, Tx
from invigil.prepare.exams.api import access_sitting
from invigil.watch.board.live import LiveBoards

router = ManagementRouter(prefix="/api/patrol", tags=["board"])


@router.get("/sittings/{sitting_id}", name="board.patrol.show", summary="巡考总览")
async def show_patrol(sitting_id: SittingId, request: Request, tx: Tx) -> dict[str, Any]:
    """Show every room with its figures, signals, calls, silence and proctors; the type is PatrolState of the socket protocol."""
    await access_sitting(tx, sitting_id)
    boards: LiveBoards = request.app.state.live_boards
    state: dict[str, Any] = msgspec.to_builtins((await boards.open_patrol(sitting_id)).state, builtin_types=())
    return state
