"""Boards that are looked at: kept in memory, changed by news, told as a snapshot and events (ADR-0016)."""

from invigil.watch.board.live.boards import LiveBoards
from invigil.watch.board.live.moving import keep_moving, take_news
from invigil.watch.board.live.stills import StillsDesk

__all__ = ["LiveBoards", "StillsDesk", "keep_moving", "take_news"]
